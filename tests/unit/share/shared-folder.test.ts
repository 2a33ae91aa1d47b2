import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type * as os from 'node:os';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filter, firstValueFrom } from 'rxjs';
import type { DataSourceOptions } from '../../../src/index.js';
import { DataSource, DustEntity, Field, Index, Slug, silentLogger } from '../../../src/index.js';
import { openLmdbStorage } from '../../../src/store/lmdb/index.js';
import { Link, link } from '../repository/support.js';
import { useDataFolder } from '../store/lmdb/data-folder.js';

@DustEntity({ prefix: 'users' })
class User {
  @Slug() slug!: string;
  @Field({ required: true }) @Index({ unique: true }) mail!: string;
}

@DustEntity({ prefix: 'audit', store: 'acme/audit' })
class Entry {
  @Slug() slug!: string;
  @Field({ required: true }) text!: string;
}

const open: DataSource[] = [];

afterEach(async () => {
  jest.restoreAllMocks();
  await Promise.all(open.splice(0).map((dataSource) => dataSource.destroy()));
});

const folder = useDataFolder();

const options = (more: Partial<DataSourceOptions> = {}): DataSourceOptions => ({
  ...{ path: folder.path, share: true, entities: [Link, User], logger: silentLogger },
  ...more,
});

async function shared(more?: Partial<DataSourceOptions>): Promise<DataSource> {
  const dataSource = new DataSource(options(more));
  open.push(dataSource);
  return dataSource.initialize();
}

const links = (dataSource: DataSource) => dataSource.getRepository(Link);
const users = (dataSource: DataSource) => dataSource.getRepository(User);
const roleOf = async (dataSource: DataSource) => (await dataSource.transport.status()).shared;
const becomes = (dataSource: DataSource, role: 'owner' | 'member') =>
  firstValueFrom(
    dataSource.status$.pipe(filter(({ state, shared: now }) => state === 'live' && now === role)),
  );
const sees = (dataSource: DataSource, seq: number | null) =>
  firstValueFrom(dataSource.status$.pipe(filter(({ storeSeq }) => storeSeq >= (seq ?? 0))));

describe('data sources that share a folder', () => {
  it('have one owner among them, and see what the others write', async () => {
    const [one, two] = [await shared(), await shared()];
    expect([await roleOf(one), await roleOf(two)]).toEqual(['owner', 'member']);
    await sees(one, (await links(two).insert(link('dust'))).storeSeq);
    await sees(two, (await links(one).increment('dust', 'views', 2)).storeSeq);
    await sees(one, (await links(two).increment('dust', 'views', 3)).storeSeq);
    for (const dataSource of [one, two]) {
      expect(await links(dataSource).findOneBy({ slug: 'dust' })).toMatchObject({ views: 5 });
    }
    await expect(links(one).insert(link('dust'), { ifAbsent: true })).rejects.toMatchObject({
      kind: 'exists',
    });
  });

  it('can do all that a store of one process can, whichever of them is asked', async () => {
    const [one, two] = [await shared(), await shared()];
    for (const [n, dataSource] of [one, two].entries()) {
      const other = n === 0 ? two : one;
      const slug = `by-${n}`;
      const { storeSeq } = await links(dataSource).insert(link(slug));
      await sees(other, storeSeq);
      const content = Buffer.from('an icon');
      await links(dataSource).putFile(slug, 'icon', content, { filename: 'icon.png' });
      const file = await links(dataSource).openFile(slug, 'icon');
      expect(file?.content).toEqual(new Uint8Array(content));
      const lease = await dataSource.manager.lease('locks/one');
      await expect(other.manager.lease('locks/one')).rejects.toMatchObject({ kind: 'held' });
      await lease.release();
      await users(dataSource).insert({ slug, mail: `${n}@example.com` });
      await expect(users(other).insert({ slug: 'other', mail: `${n}@example.com` })).rejects.toMatchObject({
        ...{ kind: 'exists', detail: 'duplicate' },
      });
      const live = firstValueFrom(
        links(other)
          .live({ where: { slug }, order: { slug: 'ASC' } })
          .pipe(filter(([found]) => found?.title === 'changed')),
      );
      await links(dataSource).update(slug, { title: 'changed' });
      expect(await live).toHaveLength(1);
    }
    expect(one.transport.capabilities).toEqual(two.transport.capabilities);
    expect(one.transport.capabilities).toMatchObject({ uniqueIndexes: true, commits: true, leases: true });
  });

  it('go on when the owner is destroyed, and the last one leaves no socket', async () => {
    const [one, two, three] = [await shared(), await shared(), await shared()];
    const heard: string[] = [];
    links(three)
      .events()
      .subscribe(({ slug }) => heard.push(slug));
    await links(one).insert(link('first'));
    const socket = join(folder.path, 'share', 'socket');
    expect(statSync(socket).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder.path, 'share')).mode & 0o777).toBe(0o700);
    const next = Promise.race([becomes(two, 'owner'), becomes(three, 'owner')]);
    await one.destroy();
    await next;
    await links(two).insert(link('second'));
    await two.destroy();
    await becomes(three, 'owner');
    await links(three).insert(link('third'));
    expect(heard).toEqual(['first', 'second', 'third']);
    await three.destroy();
    expect(existsSync(socket)).toBe(false);
    expect(readdirSync(folder.path)).not.toContain('share');
  });

  it('write on while the owner is destroyed: nothing is lost, refused or done twice', async () => {
    const [one, two] = [await shared(), await shared()];
    const { storeSeq } = await links(one).insert(link('dust'));
    await sees(two, storeSeq);
    await links(two).increment('dust', 'views', 1);
    const writes = [1, 2, 3].flatMap((n) => [
      links(two).increment('dust', 'views', 1),
      links(two).insert(link(`during-${n}`), { ifAbsent: true }),
    ]);
    const closing = one.destroy();
    writes.push(
      links(two).increment('dust', 'views', 1),
      links(two).insert(link('after'), { ifAbsent: true }),
    );
    await Promise.all([...writes, closing]);
    await links(two).increment('dust', 'views', 1);
    expect(await links(two).findOneBy({ slug: 'dust' })).toMatchObject({ views: 6 });
    expect(await links(two).count()).toBe(5);
    expect(await roleOf(two)).toBe('owner');
  });

  it('have the stores of their entities in folders of their own, each with an owner', async () => {
    const entities = [Link, Entry];
    const [one, two] = [await shared({ entities }), await shared({ entities })];
    await two.getRepository(Entry).insert({ slug: 'a', text: 'by the second' });
    expect(existsSync(join(folder.path, 'stores', 'acme', 'audit', 'share', 'socket'))).toBe(true);
    await one.destroy();
    await two.getRepository(Entry).insert({ slug: 'b', text: 'by the second' });
    expect(await two.getRepository(Entry).count()).toBe(2);
  });

  it('are one store, whatever each calls it', async () => {
    const [one, two] = [await shared({ store: 'acme/reading' }), await shared({ store: 'another/name' })];
    const { storeSeq } = await links(one).insert(link('dust'));
    await sees(two, storeSeq);
    expect(await links(two).exists({ where: { slug: 'dust' } })).toBe(true);
  });

  it('tell how they stand, and tell no more when they are destroyed', async () => {
    const [one, two] = [await shared(), await shared()];
    const told: unknown[] = [];
    two.status$.subscribe({
      next: ({ state, shared: role }) => told.push(`${state} ${String(role)}`),
      complete: () => told.push('end'),
    });
    await one.destroy();
    await becomes(two, 'owner');
    await two.destroy();
    const changes = told.filter((each, i) => each !== told[i - 1]);
    expect(changes[0]).toBe('live member');
    expect(changes).toContain('live owner');
    expect(changes.slice(-2)).toEqual(['closed owner', 'end']);
  });

  it('open a folder whose owner was killed and left its socket', async () => {
    const place = join(folder.path, 'share');
    mkdirSync(place, { mode: 0o755 });
    const dead = createServer().listen(join(place, 'dead'));
    await once(dead, 'listening');
    // A socket that is closed takes its file along, unless that has another name by then.
    renameSync(join(place, 'dead'), join(place, 'socket'));
    dead.close();
    const two = await shared();
    expect(await roleOf(two)).toBe('owner');
    expect(statSync(join(folder.path, 'share')).mode & 0o777).toBe(0o700);
  });

  it('meet outside of a folder whose path is too long for a socket', async () => {
    const path = join(folder.path, 'd'.repeat(100));
    const [one, two] = [await shared({ path }), await shared({ path })];
    expect([await roleOf(one), await roleOf(two)]).toEqual(['owner', 'member']);
    expect(existsSync(join(path, 'share'))).toBe(false);
    await sees(one, (await links(two).insert(link('dust'))).storeSeq);
    expect(await links(one).count()).toBe(1);
    const places = () =>
      readdirSync(tmpdir()).filter((name) => name.startsWith('dust-orm-') && name.length > 26);
    const before = places().length;
    await Promise.all([one.destroy(), two.destroy()]);
    expect(places().length).toBeLessThan(before);
  });

  it('meet outside of a folder in which no socket can be made, and cannot where there is no place at all', async () => {
    writeFileSync(join(folder.path, 'share'), 'a file');
    const one = await shared();
    const two = await shared();
    expect([await roleOf(one), await roleOf(two)]).toEqual(['owner', 'member']);
    await Promise.all([two.destroy(), one.destroy()]);
    const nowhere = join(folder.path, 'share', 'below');
    const temporary = jest.spyOn(jest.requireActual<typeof os>('node:os'), 'tmpdir').mockReturnValue(nowhere);
    await expect(new DataSource(options()).initialize()).rejects.toMatchObject({
      ...{ kind: 'storage', detail: 'unreadable', message: expect.stringContaining('no socket can be made') },
    });
    temporary.mockRestore();
    const alone = await openLmdbStorage({ path: folder.path });
    await alone.close();
  });

  it('find an owner whose folder for temporary files is another one', async () => {
    const path = join(folder.path, 'd'.repeat(100));
    const elsewhere = await mkdtemp(join(tmpdir(), 'dust-other-tmp-'));
    const temporary = jest
      .spyOn(jest.requireActual<typeof os>('node:os'), 'tmpdir')
      .mockReturnValue(elsewhere);
    try {
      const one = await shared({ path });
      expect(readdirSync(elsewhere)).toHaveLength(1);
      temporary.mockRestore();
      const two = await shared({ path });
      expect([await roleOf(one), await roleOf(two)]).toEqual(['owner', 'member']);
      await Promise.all([two.destroy(), one.destroy()]);
      expect(readdirSync(elsewhere)).toEqual([]);
    } finally {
      temporary.mockRestore();
      await rm(elsewhere, { recursive: true });
    }
  });

  it('go by a value of some megabytes', async () => {
    const [one, two] = [await shared(), await shared()];
    const note = 'x'.repeat(12 * 1024 * 1024);
    await sees(one, (await links(two).insert(link('dust', { note }))).storeSeq);
    expect((await links(one).findOneBy({ slug: 'dust' }))?.note).toBe(note);
  });

  it('open again after they were destroyed', async () => {
    const one = await shared();
    await links(one).insert(link('dust'));
    await one.destroy();
    await one.initialize();
    expect(await links(one).count()).toBe(1);
    expect(await roleOf(one)).toBe('owner');
  });
});

describe('a folder that is not shared', () => {
  it('is refused at once, in words that say why', async () => {
    const alone = await openLmdbStorage({ path: folder.path });
    try {
      await expect(new DataSource(options()).initialize()).rejects.toMatchObject({
        ...{ kind: 'storage', detail: 'locked' },
        message: expect.stringContaining(`is in use by process ${process.pid}, which does not share it`),
      });
    } finally {
      await alone.close();
    }
  });

  it('is refused, too, to those who do not share it while others do', async () => {
    const one = await shared();
    await expect(new DataSource(options({ share: false })).initialize()).rejects.toMatchObject({
      ...{ kind: 'storage', detail: 'locked', message: expect.stringContaining('share: true') },
    });
    await one.destroy();
    const alone = await new DataSource(options({ share: false })).initialize();
    await alone.destroy();
  });
});

describe('the option share', () => {
  it.each<[string, object, string]>([
    ['without a path', { path: undefined }, 'share needs a path'],
    [
      'beside a url',
      { path: undefined, url: 'https://dust.test', token: 't', store: 'a/b' },
      'url and share exclude',
    ],
    ['beside cluster', { cluster: { url: 'postgres://one@two/three' } }, 'share and cluster exclude'],
    ['as a text', { share: 'yes' }, 'share must be true or false'],
  ])('is refused %s', (_, more, message) => {
    expect(() => new DataSource({ ...options(), ...more })).toThrow(
      expect.objectContaining({ kind: 'invalid_options', message: expect.stringContaining(message) }),
    );
  });

  it('is refused on a system without sockets of one user', async () => {
    const { platform } = process;
    Object.defineProperty(process, 'platform', { value: 'win32' });
    try {
      await expect(new DataSource(options()).initialize()).rejects.toMatchObject({
        ...{ kind: 'not_supported', detail: 'share' },
      });
    } finally {
      Object.defineProperty(process, 'platform', { value: platform });
    }
  });
});
