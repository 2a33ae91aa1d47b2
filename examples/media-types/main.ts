// The main job on real input: import, query, explain, pages, update, a lost compare-and-swap and its retry, a live query, a restart.
// Run it with `npm run demo`.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ArrayContains, DataSource, In, isDustError, Like } from 'dust-orm';
import type { FindManyOptions, Page, Repository } from 'dust-orm';
import { MediaType } from './media-type.js';
import { progressLine } from './progress-line.js';
import { mediaTypes } from './source-data.js';

const openStore = (path: string): Promise<DataSource> =>
  new DataSource({ store: 'demo/media', path, entities: [MediaType] }).initialize();

const folder = await mkdtemp(join(tmpdir(), 'dust-orm-demo-'));
try {
  let dataSource = await openStore(folder);
  await importAll(dataSource.getRepository(MediaType));
  await query(dataSource.getRepository(MediaType));
  await explain(dataSource.getRepository(MediaType));
  await turnPages(dataSource.getRepository(MediaType));
  await update(dataSource.getRepository(MediaType));
  await compareAndSwap(dataSource.getRepository(MediaType));
  await watch(dataSource.getRepository(MediaType));

  title('Restart');
  await dataSource.destroy();
  dataSource = await openStore(folder);
  await findAgain(dataSource.getRepository(MediaType));
  await dataSource.destroy();
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function importAll(types: Repository<MediaType>): Promise<void> {
  title('Import mime-db into an LMDB store');
  const started = performance.now();
  const { storeSeq } = await types.insertMany(mediaTypes(), {
    chunkSize: 250,
    onProgress: progressLine('imported'),
  });
  say(`${Math.round(performance.now() - started)} ms; the store is at operation ${storeSeq}`);
}

async function query(types: Repository<MediaType>): Promise<void> {
  title('Query');
  const svg = await types.findOneByOrFail({ name: 'image/svg+xml' });
  say(`${svg.name}: extensions ${svg.extensions?.join(', ')}; compressible ${svg.compressible}`);

  const [fonts, count] = await types.findAndCount({
    where: { family: 'font' },
    order: { name: 'ASC' },
    take: 3,
  });
  say(`${count} font types, the first three: ${fonts.map(({ name }) => name).join(', ')}`);

  const zipped = await types.findBy({ name: Like('application/%+zip'), source: In(['iana', 'apache']) });
  say(`${zipped.length} application types are zip files in disguise`);

  const owners = await types.findBy({ extensions: ArrayContains(['xml']) });
  say(`.xml belongs to ${owners.map(({ name }) => name).join(' and ')}`);
}

async function explain(types: Repository<MediaType>): Promise<void> {
  title('What a query costs');
  const queries: Record<string, FindManyOptions<MediaType>> = {
    'by an index': { where: { family: 'font', source: 'iana' } },
    'by a range of names': { where: { name: Like('model/%') } },
    'by neither': { where: { charset: 'UTF-8' } },
  };
  for (const [label, options] of Object.entries(queries)) {
    const { path, bounds, examined, returned } = await types.explain(options);
    say(`${label}: ${[path, bounds].join(' ').trim()}; looked at ${examined} for ${returned}`);
  }
}

async function turnPages(types: Repository<MediaType>): Promise<void> {
  title('Models in pages of 20, in the order of the index');
  let after: string | null = null;
  do {
    const page: Page<MediaType> = await types.findPage({
      where: { family: 'model' },
      order: { source: 'ASC' },
      take: 20,
      after,
    });
    const last = page.items.at(-1);
    say(`${page.items.length} up to ${last?.name}${page.cursor === null ? '; that was all' : ''}`);
    after = page.cursor;
  } while (after !== null);
}

async function update(types: Repository<MediaType>): Promise<void> {
  title('Update');
  await types.update('text/css', { note: 'what makes pages pretty' });
  await types.increment('text/css', 'lookups', 2);
  await types.increment('text/css', 'lookups', 1);
  const css = await types.findOneByOrFail({ name: 'text/css' });
  say(`${css.name}: "${css.note}", looked up ${css.lookups} times, charset still ${css.charset}`);
}

async function compareAndSwap(types: Repository<MediaType>): Promise<void> {
  title('Two editors, one record');
  const mine = await types.findOneByOrFail({ name: 'text/html' });
  const yours = await types.findOneByOrFail({ name: 'text/html' });

  yours.note = 'your note';
  await types.save(yours, { ifMatch: types.revisionOf(yours) });
  mine.compressible = false;
  try {
    await types.save(mine, { ifMatch: types.revisionOf(mine) });
    throw new Error('the second save should have lost');
  } catch (error) {
    if (!isDustError(error, 'conflict')) throw error;
    say(`lost: ${error.message}`);
  }

  const fresh = await types.findOneByOrFail({ name: 'text/html' });
  fresh.compressible = false;
  await types.save(fresh, { ifMatch: types.revisionOf(fresh) });
  const both = await types.findOneByOrFail({ name: 'text/html' });
  say(`retried: note "${both.note}", compressible ${both.compressible}`);
}

async function watch(types: Repository<MediaType>): Promise<void> {
  title('Watch the three chemical types with the most lookups');
  const subscription = types
    .live({ where: { family: 'chemical' }, order: { lookups: 'DESC', name: 'ASC' }, take: 3 })
    .subscribe((top) => {
      say(top.map(({ name, lookups }) => `${name} ${lookups}`).join('   '));
    });
  await types.increment('chemical/x-xyz', 'lookups', 5);
  await types.increment('chemical/x-pdb', 'lookups', 2);
  await types.increment('text/plain', 'lookups', 9);
  await types.delete('chemical/x-xyz');
  subscription.unsubscribe();
}

async function findAgain(types: Repository<MediaType>): Promise<void> {
  const [count, css, gone] = await Promise.all([
    types.count(),
    types.findOneByOrFail({ name: 'text/css' }),
    types.findOneBy({ name: 'chemical/x-xyz' }),
  ]);
  const expected = mediaTypes().length - 1;
  if (count !== expected || css.lookups !== 3 || gone !== null) {
    throw new Error('the restart lost something');
  }
  say(`all ${count.toLocaleString('en')} types are there, ${css.name} with its ${css.lookups} lookups`);
}

function title(text: string): void {
  console.log(`\n${text}`);
}

function say(text: string): void {
  console.log(`  ${text}`);
}
