import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DataSource } from '../../src/index.js';
import { Page } from './page-writers.js';
import { useDataFolder } from '../unit/store/lmdb/data-folder.js';
import { useCompiledPackage } from './compiled-sources.js';
import type { MemberMessage, WriteKind } from './share-members.js';
import { ShareMember } from './share-members.js';

const KILLS = 6;

/** Each process loads the whole package. */
jest.setTimeout(180_000);

const compiled = useCompiledPackage();
/** Those that live. */
const members: ShareMember[] = [];
const all: ShareMember[] = [];

afterEach(async () => {
  await Promise.all(members.splice(0).map((member) => member.kill()));
  all.length = 0;
});

const data = useDataFolder();

async function start(): Promise<ShareMember> {
  const member = new ShareMember(compiled.folder, data.path, `process-${all.length}`);
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
      const gone = without(owner()).kill();
      pauses.push(...(await each((member) => member.pause())));
      await gone;
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
});

void existsSync;
void join;
void DataSource;
void Page;
