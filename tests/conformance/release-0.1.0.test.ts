import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { DataSource, In, MoreThan } from 'dust-orm';
import { useDataFolder } from '../unit/store/lmdb/data-folder.js';
import { Order, Person } from './release-0.1.0/classes.js';

const KEPT = join(__dirname, 'release-0.1.0');

/** What release 0.1.0 read from the folder when it had written it. */
const expected = JSON.parse(readFileSync(join(KEPT, 'expected.json'), 'utf8')) as {
  readonly people: readonly { readonly id: string; readonly name: string; readonly age: number | null }[];
  readonly orders: readonly { readonly id: string; readonly state: string }[];
};

/** Slugs had another order then. */
function bySlug(records: readonly { readonly id: string }[]): unknown {
  return records.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

/** As expected.json has them: JSON knows neither bigints nor bytes. */
function written(records: readonly object[]): readonly { readonly id: string }[] {
  const text = JSON.stringify(records, (_, value: unknown) =>
    typeof value === 'bigint' ? `${value}n` : value instanceof Uint8Array ? [...value] : value,
  );
  return JSON.parse(text) as readonly { readonly id: string }[];
}

describe('a folder written by release 0.1.0', () => {
  const folder = useDataFolder();
  let dataSource: DataSource;

  const open = async (): Promise<void> => {
    dataSource = await new DataSource({ entities: [Person, Order], path: folder.path }).initialize();
  };

  beforeEach(async () => {
    mkdirSync(folder.path, { recursive: true });
    writeFileSync(join(folder.path, 'data.mdb'), gunzipSync(readFileSync(join(KEPT, 'data.mdb.gz'))));
    await open();
  });
  afterEach(() => dataSource.destroy());

  it('opens, and reads the same in every field, and once more when it was carried over', async () => {
    for (let time = 0; time < 2; time++) {
      const people = dataSource.getRepository(Person);
      const orders = dataSource.getRepository(Order);
      expect(bySlug(written(await people.find()))).toStrictEqual(bySlug(expected.people));
      expect(bySlug(written(await orders.find()))).toStrictEqual(bySlug(expected.orders));
      await dataSource.destroy();
      await open();
    }
  });

  it('answers queries, serves its files and knows its revisions', async () => {
    const people = dataSource.getRepository(Person);
    const old = expected.people.filter(({ age }) => age !== null && age > 120);
    expect(await people.countBy({ age: MoreThan(120) })).toBe(old.length);
    expect(await people.countBy({ id: In(['p11', 'p12', 'p13']) })).toBe(1);
    const photo = await people.openFile('p3', 'photo');
    expect(Buffer.from(photo?.content ?? []).toString()).toBe('a picture, nearly');
    const loaded = await people.findOneByOrFail({ id: 'p5' });
    loaded.name = 'Saved again';
    const before = loaded.version;
    await people.save(loaded);
    expect(loaded.version).toBeGreaterThan(before);
    expect(await people.findOneByOrFail({ id: 'p5' })).toMatchObject({ name: 'Saved again', visits: 5 });
  });
});
