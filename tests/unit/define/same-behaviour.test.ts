import type { DataSource } from '../../../src/index.js';
import { DataSource as DataSourceClass, IsNull, MoreThan, silentLogger } from '../../../src/index.js';
import { serve } from '../../../src/server/index.js';
import { TestClock } from '../../../src/testing/index.js';
import { decorated, defined, Level } from './definitions.js';

type Front = typeof decorated | typeof defined;

/** The same calls, and all that came of them. */
async function life(front: Front, open: (link: ReturnType<Front>['Link']) => Promise<DataSource>) {
  const { Link, Address } = front(['links']);
  const dataSource = await open(Link);
  const links = dataSource.getRepository(Link);
  const inserted = links.create({ slug: 'a', title: 'A', url: 'https://dustlayer.io', code: 'c', pages: 3 });
  inserted.addedAt = new Date(0);
  inserted.size = 12n;
  inserted.price = '9.90';
  inserted.icon = Uint8Array.of(1, 2);
  inserted.meta = { place: 'Oslo' };
  inserted.level = Level.High;
  inserted.state = 'open';
  inserted.shouted = 'loud';
  inserted.address = Object.assign(new Address(), { city: 'Bergen' });
  inserted.addresses = [Object.assign(new Address(), { city: 'Bodø', street: null })];
  const found: unknown[] = [];
  found.push(await links.insert(inserted));
  const told = async (call: Promise<unknown>): Promise<void> => {
    found.push(
      await call.then(
        (value) => value,
        (error: unknown) => `${(error as Error).name}: ${(error as Error).message}`,
      ),
    );
  };
  await told(links.insert({ slug: 'b' }));
  await told(links.insert({ slug: 'b', title: '', url: 'no url' }));
  await told(links.insert({ slug: 'b', title: 'B', pages: null as never }));
  await told(links.insert({ slug: 'b', title: 'B', level: 7 as never }));
  await told(links.insert({ slug: 'b', title: 'B', note: 1 } as never));
  await told(links.update('a', { weight: 1.5, read: true, tenant: null }));
  await told(links.find({ where: { pages: MoreThan(2), tenant: IsNull() }, order: { title: 'ASC' } }));
  await told(links.find({ where: { address: { city: 'Bergen' } }, select: ['slug', 'language', 'labels'] }));
  const loaded = await links.findOneByOrFail({ slug: 'a' });
  found.push(loaded.address instanceof Address, loaded.addresses?.[0] instanceof Address, loaded.likes);
  loaded.title = 'Changed';
  await told(links.save(loaded));
  await told(links.findOneBy({ slug: 'a' }));
  await told(links.remove(loaded));
  found.push(await links.count());
  await dataSource.destroy();
  // Instances of both show what they hold, and not whether a property that nobody set is there.
  return JSON.parse(
    JSON.stringify(found, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value)),
  ) as unknown[];
}

const options = (clock: TestClock) => ({ clock, logger: silentLogger, store: 'acme/reading' });

describe('a class by defineEntity does what the same with decorators does', () => {
  it('in memory', async () => {
    const run = (front: Front) => {
      const clock = new TestClock(0);
      return life(front, (Link) => new DataSourceClass({ ...options(clock), entities: [Link] }).initialize());
    };
    const byDecorators = await run(decorated);
    expect(await run(defined)).toEqual(byDecorators);
    expect(byDecorators.filter((value) => String(value).startsWith('EntityValidationError'))).toHaveLength(4);
  });

  it('over HTTP', async () => {
    const run = async (front: Front) => {
      const clock = new TestClock(0);
      const server = await serve({ port: 0, stores: ['acme/reading'], clock });
      const { url, token } = server;
      const remote = { ...options(clock), url, token, realtime: false };
      const found = await life(front, (Link) =>
        new DataSourceClass({ ...remote, entities: [Link] }).initialize(),
      );
      await server.close();
      return found;
    };
    const byDecorators = await run(decorated);
    expect(await run(defined)).toEqual(byDecorators);
  });
});
