import { existsSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { filter, firstValueFrom } from 'rxjs';
import type { DataSourceOptions } from '../../../src/index.js';
import { DataSource, DustError, restoreBackup, silentLogger } from '../../../src/index.js';
import { systemParts } from '../../../src/share/share-parts.js';
import { Link, link } from '../repository/support.js';
import { useDataFolder } from '../store/lmdb/data-folder.js';

const folder = useDataFolder();
const open: DataSource[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((dataSource) => dataSource.destroy()));
});

async function opened(options: Partial<DataSourceOptions> = { share: true }): Promise<DataSource> {
  const dataSource = new DataSource({
    path: folder.path,
    entities: [Link],
    logger: silentLogger,
    ...options,
  });
  open.push(dataSource);
  return dataSource.initialize();
}

const links = (dataSource: DataSource) => dataSource.getRepository(Link);
const remove = (): void => {
  rmSync(folder.path, { recursive: true });
};

/** What each way of writing over a shared folder fails with. */
async function failuresOf(dataSource: DataSource): Promise<unknown[]> {
  const writes = [
    links(dataSource).insert(link('new')),
    links(dataSource).insert(link('new'), { ifAbsent: true }),
    links(dataSource).increment('dust', 'views', 1),
    links(dataSource).putFile('dust', 'icon', Buffer.from('a'), { filename: 'a' }),
    dataSource.manager.batch((batch) => {
      batch.insert(Link, link('first'));
      batch.insert(Link, link('second'));
    }),
  ];
  return (await Promise.allSettled(writes)).map((outcome) =>
    outcome.status === 'rejected' ? faultOf(outcome.reason as DustError) : 'written',
  );
}

const faultOf = ({ kind, detail }: DustError): string => `${kind}/${detail}`;

const GONE = Array.from({ length: 5 }, () => 'storage/gone');

describe('a shared folder that was removed', () => {
  it('refuses the writes of all as gone, and reads go on', async () => {
    const sources = [await opened(), await opened()];
    await links(sources[1]!).insert(link('dust'));
    await sources[0]!.transport.barrier?.();
    remove();
    for (const dataSource of sources) {
      expect(await failuresOf(dataSource)).toEqual(GONE);
      expect(await links(dataSource).existsBy({ slug: 'dust' })).toBe(true);
    }
  });

  it('is not made anew by those who are left when its owner has ended', async () => {
    const [owner, member] = [await opened(), await opened()];
    await links(member).insert(link('dust'));
    remove();
    await owner.destroy();
    expect(await failuresOf(member)).toEqual(GONE);
    expect(await links(member).existsBy({ slug: 'dust' })).toBe(true);
    expect(existsSync(folder.path)).toBe(false);
    await member.destroy();
    expect(existsSync(folder.path)).toBe(false);
  });

  it('is not taken for the next one at its place, whose sharers keep their socket', async () => {
    const [owner, member] = [await opened(), await opened()];
    await links(member).insert(link('dust'));
    remove();
    const next = await opened();
    expect(await links(next).count()).toBe(0);
    await owner.destroy();
    expect(await failuresOf(member)).toEqual(GONE);
    await member.destroy();
    const another = await opened();
    await links(another).insert(link('new'));
    expect((await links(another).find()).map(({ slug }) => slug)).toEqual(['new']);
    expect((await another.transport.status()).shared).toBe('member');
    expect((await next.transport.status()).shared).toBe('owner');
  });

  it('is opened again by a data source that begins anew', async () => {
    const member = await opened();
    remove();
    await member.destroy();
    await member.initialize();
    await links(member).insert(link('new'));
    expect(await links(member).count()).toBe(1);
  });

  it('is known by the same name to all owners that it has one after the other', async () => {
    const [owner, member] = [await opened(), await opened()];
    const name = readFileSync(join(folder.path, 'share.id'), 'utf8');
    expect(name).toMatch(/^[0-9a-f-]{36}\n$/);
    await owner.destroy();
    await links(member).insert(link('dust'));
    expect(readFileSync(join(folder.path, 'share.id'), 'utf8')).toBe(name);
  });

  it('is the same one when a backup was put in its place meanwhile', async () => {
    const [owner, member] = [await opened(), await opened()];
    const backup = join(folder.path, '..', `${basename(folder.path)}-backup`);
    try {
      await links(member).insert(link('kept'));
      await owner.backup(backup);
      await links(member).insert(link('lost'));
      // Nobody takes the folder over before it is restored.
      const connect = jest.spyOn(systemParts, 'serve').mockRejectedValue(new DustError('network', 'not now'));
      await owner.destroy();
      await restoreBackup({ backup, path: folder.path, replace: true });
      connect.mockRestore();
      await links(member).insert(link('new'));
      expect((await links(member).find()).map(({ slug }) => slug).sort()).toEqual(['kept', 'new']);
    } finally {
      rmSync(backup, { recursive: true, force: true });
    }
  });
});

describe('a shared folder without its sockets', () => {
  it('has them again soon, and nobody is cut off', async () => {
    const [owner, member] = [await opened(), await opened()];
    const states: string[] = [];
    const heard = member.status$.subscribe(({ state }) => states.push(state));
    rmSync(join(folder.path, 'share'), { recursive: true });
    const late = await opened();
    await links(late).insert(link('late'));
    await firstValueFrom(member.status$.pipe(filter(({ storeSeq }) => storeSeq > 0)));
    expect((await late.transport.status()).shared).toBe('member');
    expect((await owner.transport.status()).shared).toBe('owner');
    expect(new Set(states)).toEqual(new Set(['live']));
    heard.unsubscribe();
    for (const dataSource of [late, owner, member]) await dataSource.destroy();
    expect(existsSync(join(folder.path, 'share'))).toBe(false);
  });
});
