import { existsSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ChannelOptions } from '../../../src/index.js';
import { DataSource } from '../../../src/index.js';
import { Page } from './page-writers.js';
import { useDataFolder } from '../../unit/store/lmdb/data-folder.js';
import { useCompiledPackage } from '../compiled-sources.js';
import type { MemberMessage, WriteKind } from './share-members.js';
import { ShareMember } from './share-members.js';

const KILLS = 4;

/** Each process loads the whole package. */
jest.setTimeout(400_000);

const compiled = useCompiledPackage();
/** Those that live. */
const members: ShareMember[] = [];
const all: ShareMember[] = [];

afterEach(async () => {
  members.length = 0;
  await Promise.all(all.splice(0).map((member) => member.kill()));
});

const data = useDataFolder();

async function start(channel?: ChannelOptions, where?: 'process' | 'thread'): Promise<ShareMember> {
  const options = { path: data.path, ...(channel === undefined ? {} : { channel }) };
  const member = new ShareMember(compiled.folder, `member-${all.length}`, options, where);
  members.push(member);
  all.push(member);
  await member.next('open');
  return member;
}

function owner(): ShareMember {
  const [one, ...more] = members.filter(({ role }) => role === 'owner');
  if (one === undefined || more.length > 0) throw new Error('there is not one owner');
  return one;
}

/** Takes it out of those that live. */
function without(member: ShareMember): ShareMember {
  members.splice(members.indexOf(member), 1);
  return member;
}

const each = <T>(ask: (member: ShareMember) => Promise<T>): Promise<T[]> => Promise.all(members.map(ask));
const eachSays = (type: MemberMessage['type']): Promise<unknown> => each((member) => member.next(type));
const total = (what: 'begun' | 'acknowledged', kind: WriteKind): number =>
  all.reduce((sum, member) => sum + member[what][kind], 0);
const inOrder = (numbers: readonly number[]): number[] => [...numbers].sort((a, b) => a - b);

/** Has all of them stop, and returns what each sees when it has come as far as any. */
async function standing(): Promise<{ views: number; inserted: number }> {
  const stopped = eachSays('stopped');
  for (const member of members) member.tell({ type: 'stop' });
  await stopped;
  const last = Math.max(...members.map(({ lastSeq }) => lastSeq));
  const [first, ...others] = await each((member) => member.shown(last));
  for (const other of others) expect(other).toEqual(first);
  return first!;
}

describe('processes that share a folder', () => {
  it(`lose nothing and count nothing twice while the one that has it is killed ${KILLS} times`, async () => {
    for (let n = 0; n < 4; n++) (await start()).tell({ type: 'write' });
    const pauses: number[] = [];
    for (let kill = 1; kill <= KILLS; kill++) {
      await eachSays('acknowledged');
      for (const member of members) member.takeGap();
      await without(owner()).kill();
      const survivors = [...members];
      // By now the killed one has said nothing more, and what is acknowledged was so by the next.
      await Promise.race(survivors.map((member) => member.becomes('owner')));
      await eachSays('acknowledged');
      pauses.push(...survivors.map((member) => member.takeGap()));
      (await start()).tell({ type: 'write' });
    }
    await eachSays('acknowledged');
    const { views, inserted } = await standing();

    const failures = members.flatMap((member) => member.failures);
    console.log(
      `pauses after ${KILLS} kills, ms: ${inOrder(pauses).map(Math.round).join(' ')}; acknowledged: ` +
        `${total('acknowledged', 'increment')} increments, ${total('acknowledged', 'insert')} inserts`,
    );
    expect(failures).toEqual([]);
    // What was under way where a process was killed may have been written or not.
    expect(views).toBeGreaterThanOrEqual(total('acknowledged', 'increment'));
    expect(views).toBeLessThanOrEqual(total('begun', 'increment'));
    expect(inserted).toBeGreaterThanOrEqual(total('acknowledged', 'insert') + 1);
    expect(inserted).toBeLessThanOrEqual(total('begun', 'insert') + 1);

    const everything = inOrder([...new Set(members.flatMap(({ heard }) => heard))]);
    for (const { heard } of members) {
      // Each change since it began to listen, once, and in order.
      expect(heard).toEqual(everything.filter((seq) => seq >= heard[0]!));
    }
  });

  it.each(['process', 'thread'] as const)(
    'that begin at once have one owner, each in a %s of its own',
    async (where) => {
      await Promise.all([1, 2, 3, 4].map(() => start(undefined, where)));
      await each(async (member) => {
        if (member.role === undefined) await member.next('role');
      });
      for (let round = 0; round < 2; round++) {
        const dead = without(owner());
        await dead.kill();
        await Promise.race(members.map((member) => member.becomes('owner')));
        members[0]!.tell({ type: 'increment' });
        const { storeSeq } = await members[0]!.next('acknowledged');
        const shown = await each((member) => member.shown(storeSeq));
        expect(shown.map(({ views }) => views)).toEqual(members.map(() => round + 1));
      }
      // Whoever ended by force has not taken the socket of the next one along.
      const late = await start(undefined, where);
      expect(late.role ?? (await late.next('role')).role).toBe('member');
    },
  );

  it('go on at once when the one that has it closes it, and the last one leaves no socket', async () => {
    for (let n = 0; n < 3; n++) (await start()).tell({ type: 'write' });
    await eachSays('acknowledged');
    const first = owner();
    without(first).tell({ type: 'close' });
    await first.ended();
    await Promise.race(members.map((member) => member.becomes('owner')));
    await eachSays('acknowledged');
    const { views, inserted } = await standing();
    // Not even of the one that closed it anything was left open.
    expect(views).toBe(total('acknowledged', 'increment'));
    expect(inserted).toBe(total('acknowledged', 'insert') + 1);
    expect(all.flatMap(({ failures }) => failures).filter(({ error }) => error !== 'closed')).toEqual([]);

    for (const member of members.splice(0)) {
      member.tell({ type: 'close' });
      await member.ended();
    }
    expect(existsSync(join(data.path, 'share'))).toBe(false);
    const alone = await new DataSource({ path: data.path, verify: true, entities: [Page] }).initialize();
    expect(await alone.getRepository(Page).findOne({ where: { slug: 'counted' } })).toMatchObject({ views });
    await alone.destroy();
  });

  it('read on while the one that has it stands still, and say truthfully that they cannot write', async () => {
    const [one, two] = [await start(), await start({ writeTimeout: 1000 })];
    // Its first write takes the lease of its session, which the one after it waits for.
    two.tell({ type: 'increment' });
    const { storeSeq } = await two.next('acknowledged');
    expect(await two.shown(storeSeq)).toMatchObject({ views: 1, state: 'live' });
    one.signal('SIGSTOP');
    two.tell({ type: 'increment' });
    expect((await two.next('failed')).error).toBe('indeterminate');
    expect(await two.shown(storeSeq)).toMatchObject({ views: 1, readsFrom: 'channel' });
    one.signal('SIGCONT');
    two.tell({ type: 'increment' });
    const { storeSeq: last } = await two.next('acknowledged');
    // What nobody knew of was written after all.
    expect(await two.shown(last)).toMatchObject({ views: 3 });
  });

  it('know that it was removed, and none of them goes on in an empty one', async () => {
    const [one, two, three] = [await start(), await start(), await start()];
    for (const member of members) {
      member.tell({ type: 'increment' });
      await member.next('acknowledged');
    }
    rmSync(data.path, { recursive: true });
    for (const member of members) {
      member.tell({ type: 'increment' });
      expect(await member.next('failed')).toMatchObject({ error: 'storage', detail: 'gone' });
    }
    // Who opens the path now has another folder, and keeps it when the owner of the old one ends.
    const next = await start();
    expect(next.role ?? (await next.next('role')).role).toBe('owner');
    members.splice(members.indexOf(next), 1);
    await without(owner()).kill();
    for (const member of members) {
      member.tell({ type: 'increment' });
      expect(await member.next('failed')).toMatchObject({ error: 'storage', detail: 'gone' });
    }
    expect([one, two, three].map(({ role }) => role).filter((role) => role === 'owner')).toHaveLength(1);
    next.tell({ type: 'increment' });
    const { storeSeq } = await next.next('acknowledged');
    expect(await next.shown(storeSeq)).toMatchObject({ views: 1 });
    const late = await start();
    expect(late.role ?? (await late.next('role')).role).toBe('member');
  });

  it('let others join soon when its sockets were removed', async () => {
    const [one] = [await start(), await start()];
    rmSync(join(data.path, 'share'), { recursive: true });
    const late = await start();
    late.tell({ type: 'increment' });
    const { storeSeq } = await late.next('acknowledged');
    expect(await one.shown(storeSeq)).toMatchObject({ views: 1, state: 'live' });
    expect(owner()).toBe(one);
  });

  it('have it backed up whichever of them is asked, and refuse those who do not share it', async () => {
    const [one, two] = [await start(), await start()];
    two.tell({ type: 'increment' });
    await two.next('acknowledged');
    for (const [member, name] of [
      [one, 'by-the-owner'],
      [two, 'by-another'],
    ] as const) {
      const out = join(data.path, '..', `${basename(data.path)}-${name}`);
      try {
        const done = member.next('backed up');
        member.tell({ type: 'backup', out });
        expect(await done).toEqual({ type: 'backed up' });
        const copy = await new DataSource({ path: out, verify: true, entities: [Page] }).initialize();
        expect(await copy.getRepository(Page).findOne({ where: { slug: 'counted' } })).toMatchObject({
          views: 1,
        });
        await copy.destroy();
        const again = member.next('backed up');
        member.tell({ type: 'backup', out });
        expect(await again).toEqual({ type: 'backed up', error: 'invalid_options' });
      } finally {
        rmSync(out, { recursive: true, force: true });
      }
    }
    await expect(new DataSource({ path: data.path, entities: [Page] }).initialize()).rejects.toMatchObject({
      ...{ kind: 'storage', detail: 'locked', message: expect.stringContaining('share: true') },
    });
  });
});
