import { setImmediate as turn } from 'node:timers/promises';
import type { IndexDefinition } from '../../../src/protocol/values/record-access.js';
import { IndexBuilds } from '../../../src/server/stores/index-builds.js';
import type { Store } from '../../../src/store/index.js';
import { TestClock } from '../../../src/testing/index.js';

const definition = (n: number): IndexDefinition => ({
  prefix: 'users',
  parts: [{ path: `p${n}`, type: 'string' }],
  unique: true,
});

/** Builds of a store that ends each of them when it is told to, and counts what it was asked for. */
function scene() {
  const clock = new TestClock();
  const begun: string[] = [];
  const endings = new Map<string, () => void>();
  const store = {
    indexes: () => [],
    keepIndexes: (_: string, [{ parts }]: readonly [IndexDefinition]) =>
      new Promise<void>((resolve) => {
        const path = parts[0]!.path;
        begun.push(path);
        endings.set(path, resolve);
      }),
  } as unknown as Store;
  const builds = new IndexBuilds(clock);
  const keep = (n: number) => builds.keep(store, 'users', [definition(n)]);
  return {
    begun,
    keep,
    /** Asks for one, and does not come back. */
    ask: async (n: number) => {
      const asked = keep(n);
      await clock.advance(5_000);
      return asked;
    },
    end: async (n: number) => {
      endings.get(`p${n}`)!();
      await turn();
    },
  };
}

it('a store has 16 builds under way, and no more', async () => {
  const { ask, keep, begun } = scene();
  for (let n = 0; n < 16; n++) expect(await ask(n)).toBe('building');
  await expect(keep(16)).rejects.toMatchObject({ kind: 'http', detail: 'busy' });
  expect(await ask(3)).toBe('building');
  expect(begun).toHaveLength(16);
});

it('of those that are over and nobody came back for, the oldest makes room for another', async () => {
  const { ask, keep, begun, end } = scene();
  for (let n = 0; n < 16; n++) await ask(n);
  await end(7);
  await end(2);
  expect(await ask(16)).toBe('building');
  // What came of the other one is still known.
  expect(await keep(7)).toBe('complete');
  expect(begun).toHaveLength(17);
  // That of this one is not: it is begun again.
  expect(await ask(2)).toBe('building');
  expect(begun.slice(16)).toEqual(['p16', 'p2']);
});
