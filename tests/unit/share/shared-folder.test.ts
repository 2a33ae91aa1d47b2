import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { firstValueFrom, filter } from 'rxjs';
import { DataSource } from '../../../src/index.js';
import type { DataSourceOptions } from '../../../src/index.js';
import { EmbeddedTransport } from '../../../src/index.js';
import { Link, link } from '../repository/support.js';
import { useDataFolder } from '../store/lmdb/data-folder.js';

const open: DataSource[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((dataSource) => dataSource.destroy()));
});
const folder = useDataFolder();


async function shared(options: Partial<DataSourceOptions> = {}): Promise<DataSource> {
  const dataSource = new DataSource({ path: folder.path, share: true, entities: [Link], ...options });
  open.push(dataSource);
  return dataSource.initialize();
}

const links = (dataSource: DataSource) => dataSource.getRepository(Link);
const roleOf = async (dataSource: DataSource) => (await dataSource.transport.status()).shared;
const becomes = (dataSource: DataSource, role: 'owner' | 'member') =>
  firstValueFrom(
    dataSource.status$.pipe(filter(({ state, shared: now }) => state === 'live' && now === role)),
  );

describe('data sources that share a folder', () => {
  it('have one owner among them, and see what the others write', async () => {
    const [one, two] = [await shared(), await shared()];
    expect([await roleOf(one), await roleOf(two)]).toEqual(['owner', 'member']);
    await links(two).insert(link('dust'));
    console.log(await links(one).increment('dust', 'views', 2), await one.transport.subtree('reading'),await two.transport.subtree('reading'), await one.transport.status());
    const { storeSeq } = await links(two).increment('dust', 'views', 3);
    await firstValueFrom(one.status$.pipe(filter((status) => status.storeSeq >= storeSeq)));
    console.log(await links(two).find(), await links(one).find());
    expect(await links(one).findOne({ where: { slug: 'dust' } })).toMatchObject({ views: 5 });
    await expect(links(one).insert(link('dust'))).rejects.toMatchObject({ kind: 'exists' });
  });

  it('go on when the owner is destroyed, and the last one leaves no socket', async () => {
    const [one, two, three] = [await shared(), await shared(), await shared()];
    const heard: string[] = [];
    links(three).events().subscribe(({ slug }) => heard.push(slug));
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
    expect(readdirSync(folder.path).sort()).toEqual(['FORMAT', 'data.mdb', 'lock.mdb', 'owner.lock']);
    expect(existsSync(socket)).toBe(false);
  });
});

void EmbeddedTransport;
