import type { DataSource } from '../../../src/index.js';
import { IsNull, MoreThan } from '../../../src/index.js';
import { decorated, defined, Level } from '../../unit/define/definitions.js';
import { describeContract } from '../describe-contract.js';

type Front = typeof decorated | typeof defined;

/** What a store counts for all of its records together. */
const COUNTED = new Set(['storeSeq', 'revision', 'version']);

/** The same calls, and all that came of them. */
async function life(
  { Link, Address }: ReturnType<Front>,
  open: (link: ReturnType<Front>['Link']) => Promise<DataSource>,
): Promise<readonly unknown[]> {
  const links = (await open(Link)).getRepository(Link);
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
  const told = async (call: Promise<unknown>): Promise<void> => {
    found.push(
      await call.then(
        (value) => value,
        (error: unknown) => `${(error as Error).name}: ${(error as Error).message}`,
      ),
    );
  };
  await told(links.insert(inserted));
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
  // Instances of both show what they hold, and not whether a property that nobody set is there.
  const text = JSON.stringify(found, (key, value: unknown) => {
    if (COUNTED.has(key)) return typeof value;
    if (key === 'revisions') return undefined;
    return typeof value === 'bigint' ? `${value}n` : value;
  });
  return JSON.parse(text) as unknown[];
}

describeContract('a class by defineEntity', (context) => {
  it('does what the same with decorators does', async () => {
    const lifeOf = (front: Front) =>
      life(front(context.uniquePrefix()), async (Link) => context.connect([Link]));
    const byDecorators = await lifeOf(decorated);
    expect(await lifeOf(defined)).toEqual(byDecorators);
    expect(byDecorators.filter((value) => String(value).startsWith('EntityValidationError'))).toHaveLength(4);
  });
});
