import type { EntityManager, TransportCapabilities } from '../../../../src/index.js';
import type { Watched } from '../support.js';
import { Document, Link, link, Profile, useDataSources } from '../support.js';

const connect = useDataSources();

const OPTIONS_AT: Readonly<Record<string, number>> = {
  get: 1,
  getMany: 1,
  exists: 1,
  subtree: 1,
  list: 0,
  listKeys: 0,
};

/** The reads that are asked for from now on, each with whether it waits as a write does. */
function readsOf(control: Watched): [method: string, forWrite: unknown][] {
  const reads: [string, unknown][] = [];
  control.before = (method, args) => {
    const at = OPTIONS_AT[method];
    if (at !== undefined) reads.push([method, (args[at] as { forWrite?: unknown } | undefined)?.forWrite]);
  };
  return reads;
}

const PLAIN = { atomicBatch: false };
type Work = (manager: EntityManager, loaded: { a: Link; d: Document }) => Promise<unknown>;

/** What is read for a write waits for a connection as the write itself would, and does not fail at once. */
describe('what a write reads is read as a part of it', () => {
  it.each<[string, Work, Partial<TransportCapabilities>?]>([
    ['insert where nothing is', (m) => m.insert(Link, link('new'), { ifAbsent: true })],
    ['save of what was loaded', (m, { a }) => m.save(Object.assign(a, { note: 'x' }))],
    ['save of a version', (m, { d }) => m.save(Object.assign(d, { text: 'x' }))],
    ['removal of a version', (m, { d }) => m.remove(d)],
    ['update of a slug', (m) => m.update(Link, 'a', { note: 'x' })],
    ['update of slugs', (m) => m.update(Link, ['a', 'b'], { note: 'x' })],
    ['update of a where', (m) => m.update(Link, { title: 'Title of a' }, { note: 'x' })],
    ['update of a revision', (m) => m.update(Link, 'a', { note: 'x' }, { ifMatch: 1 })],
    ['update of a map', (m) => m.update(Profile, 'p', { city: 'x' })],
    ['update of a map without batches', (m) => m.update(Profile, 'p', { city: 'x' }), PLAIN],
    ['update of maps', (m) => m.update(Profile, ['p', 'q'], { city: 'x' })],
    ['delete of slugs', (m) => m.delete(Link, ['a', 'b'])],
    ['delete of a where', (m) => m.delete(Link, { title: 'Title of a' })],
    ['delete of a revision', (m) => m.delete(Link, 'a', { ifMatch: 1 })],
    ['increment', (m) => m.increment(Link, 'a', 'views', 1)],
    ['increment of a where', (m) => m.increment(Link, { title: 'Title of a' }, 'views', 1)],
    ['putFile', (m) => m.getRepository(Link).putFile('a', 'icon', 'text', { filename: 'f' })],
    ['an update in a batch', (m) => m.batch((b) => b.update(Link, 'a', { note: 'x' }))],
    ['an update of a map in a batch', (m) => m.batch((b) => b.update(Profile, 'p', { city: 'x' }))],
    ['a counter in a batch', (m) => m.batch((b) => b.increment(Link, 'a', 'views', 1))],
    ['an insert in a batch', (m) => m.batch((b) => b.insert(Link, link('new'), { ifAbsent: true }))],
    ['a single flight', (m) => m.singleFlight('flights/one', () => 1)],
  ])('%s', async (_, work, capabilities = {}) => {
    const { manager, control } = await connect([Link, Profile, Document], capabilities);
    await manager.insert(Link, link('a'));
    await manager.insert(Link, link('b'));
    await manager.insert(Profile, [
      { slug: 'p', name: 'Ada' },
      { slug: 'q', name: 'Bob' },
    ]);
    await manager.insert(Document, { slug: 'd', text: 't' });
    const a = await manager.findOneByOrFail(Link, { slug: 'a' });
    const d = await manager.findOneByOrFail(Document, { slug: 'd' });
    const reads = readsOf(control);
    await work(manager, { a, d });
    expect(reads.length).toBeGreaterThan(0);
    expect(reads.filter(([, forWrite]) => forWrite !== true)).toEqual([]);
  });

  it('asks of a flat record whether it is there, and reads one in map mode once', async () => {
    const { manager, control } = await connect([Link, Profile]);
    await manager.insert(Link, [link('a'), link('b')]);
    await manager.insert(Profile, { slug: 'p', name: 'Ada' });
    const reads = readsOf(control);
    const readsFor = async (work: Promise<unknown>): Promise<string[]> => {
      await work;
      return reads.splice(0).map(([method]) => method);
    };
    expect(await readsFor(manager.update(Link, 'a', { note: 'x' }))).toEqual(['exists']);
    expect(await readsFor(manager.update(Profile, 'p', { city: 'x' }))).toHaveLength(1);
    expect(await readsFor(manager.update(Link, 'a', { note: 'y' }, { ifMatch: 4 }))).toEqual(['subtree']);
  });

  it.each<[string, Work, string]>([
    ['a compare-and-swap', (m) => m.update(Link, 'a', { note: 'x' }, { ifMatch: 1 }), 'a'],
    ['insert where nothing is', (m) => m.insert(Link, link('b'), { ifAbsent: true }), 'b'],
  ])('%s that was outrun, too', async (_, work, slug) => {
    const { manager, control, inner } = await connect([Link]);
    await manager.insert(Link, link('a'));
    const reads = readsOf(control);
    const noting = control.before;
    control.before = async (method, args) => {
      noting(method, args);
      if (method === 'batchWrite') await inner.set(`reading/links/${slug}/title`, 'first');
    };
    await expect(work(manager, { a: new Link(), d: new Document() })).rejects.toMatchObject({
      currentRevision: 2,
    });
    expect(reads.map(([, forWrite]) => forWrite)).toEqual([true, true]);
  });
});
