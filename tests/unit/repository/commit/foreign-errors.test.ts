import type { EntityManager } from '../../../../src/index.js';
import { DustError } from '../../../../src/index.js';
import { Link, link, useDataSources } from '../support.js';

const connect = useDataSources();

/** Writes of several records that are sent one by one, of which the one to `b` fails with `error`. */
async function failingAt(error: Error) {
  const connected = await connect([Link], { atomicBatch: false });
  await connected.manager.insert(
    Link,
    ['a', 'b', 'c'].map((slug) => link(slug)),
  );
  connected.control.before = (method, [path]) => {
    if (['set', 'merge', 'increment', 'add'].includes(method) && String(path).startsWith('reading/links/b')) {
      throw error;
    }
  };
  return connected;
}

const SLUGS = ['a', 'b', 'c'];
const WRITES: readonly (readonly [what: string, write: (manager: EntityManager) => Promise<unknown>])[] = [
  [
    'save',
    async (manager) =>
      manager.save(
        Link,
        SLUGS.map((slug) => ({ slug, note: 'n' })),
      ),
  ],
  ['update', (manager) => manager.update(Link, SLUGS, { note: 'n' })],
  ['increment', (manager) => manager.increment(Link, SLUGS, 'views', 1)],
  ['addTo', (manager) => manager.addTo(Link, SLUGS, 'tags', 't')],
];

describe.each(WRITES)('%s of several records, of which one is stopped in the middle', (_, write) => {
  it('names those that landed, and what stopped it', async () => {
    const error = new DustError('forbidden', 'no');
    const { manager } = await failingAt(error);
    await expect(write(manager)).rejects.toMatchObject({
      name: 'PartialWriteError',
      kind: 'forbidden',
      landed: expect.arrayContaining(['a']),
      cause: error,
    });
  });

  it('fails with an error that is none of this package as it is', async () => {
    const error = new RangeError('a bug of a transport');
    const { manager } = await failingAt(error);
    await expect(write(manager)).rejects.toBe(error);
  });
});

it.each(WRITES)(
  '%s of several records, of which the first is stopped, fails with what stopped it',
  async (_, write) => {
    const error = new DustError('forbidden', 'no');
    const { manager, control } = await connect([Link], { atomicBatch: false });
    await manager.insert(
      Link,
      SLUGS.map((slug) => link(slug)),
    );
    control.before = (method) => {
      if (['set', 'merge', 'increment', 'add'].includes(method)) throw error;
    };
    await expect(write(manager)).rejects.toBe(error);
  },
);
