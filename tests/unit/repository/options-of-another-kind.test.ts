import { firstValueFrom } from 'rxjs';
import type { Repository } from '../../../src/index.js';
import type { TestDataSource } from '../../../src/testing/index.js';
import { createTestDataSource } from '../../../src/testing/index.js';
import { Link } from './support.js';

/** Options as JavaScript hands them over, where nobody has looked at their types. */
type Odd = never;

const link = (slug: string) => ({ slug, title: slug, url: 'https://example.org/' });

const CALLS: Readonly<Record<string, (links: Repository<Link>, odd: Odd) => Promise<unknown>>> = {
  find: (links, odd) => links.find(odd),
  findOne: (links, odd) => links.findOne(odd),
  findOneOrFail: (links, odd) => links.findOneOrFail(odd),
  findAndCount: (links, odd) => links.findAndCount(odd),
  findPage: (links, odd) => links.findPage(odd),
  explain: (links, odd) => links.explain(odd),
  exists: (links, odd) => links.exists(odd),
  count: (links, odd) => links.count(odd),
  stream: async (links, odd) => {
    for await (const each of links.stream(odd)) return each;
    return undefined;
  },
  getMany: (links, odd) => links.getMany(['a'], odd),
  events: async (links, odd) => firstValueFrom(links.events(odd)),
  live: async (links, odd) => firstValueFrom(links.live(odd)),
  liveOne: async (links, odd) => firstValueFrom(links.liveOne('a', odd)),
  save: (links, odd) => links.save(link('a'), odd),
  insert: (links, odd) => links.insert(link('a'), odd),
  upsert: (links, odd) => links.upsert(link('a'), odd),
  insertMany: (links, odd) => links.insertMany([link('b')], odd),
  update: (links, odd) => links.update('a', { title: 'B' }, odd),
  delete: (links, odd) => links.delete('a', odd),
  remove: async (links, odd) => links.remove(await links.findOneByOrFail({ slug: 'a' }), odd),
  clear: (links, odd) => links.clear(odd),
  increment: (links, odd) => links.increment('a', 'views', 1, odd),
  decrement: (links, odd) => links.decrement('a', 'views', 1, odd),
  addTo: (links, odd) => links.addTo('a', 'tags', 'x', odd),
  removeFrom: (links, odd) => links.removeFrom('a', 'tags', 'x', odd),
};

let dust: TestDataSource;

beforeEach(async () => {
  dust = await createTestDataSource({ entities: [Link] });
  await dust.getRepository(Link).insert(link('a'));
});

afterEach(() => dust.destroy());

describe.each([
  ['a Promise that nobody awaited', () => Promise.resolve({ where: { title: 'other' }, ifMatch: 999 })],
  ['a Map', () => new Map<string, unknown>([['where', { title: 'other' }]])],
  ['a Date', () => new Date()],
  [
    'what lies in a prototype',
    () =>
      Object.create({ signal: undefined, where: {}, ifMatch: 1, populate: [], withDeleted: true }) as object,
  ],
])('%s', (_, odd) => {
  it.each(Object.keys(CALLS))('is no options for %s, which does nothing', async (name) => {
    const links = dust.getRepository(Link);
    const before = await dust.transport.status();
    await expect(CALLS[name]!(links, odd() as Odd)).rejects.toMatchObject({ kind: 'invalid_options' });
    expect(await dust.transport.status()).toEqual(before);
  });
});
