import type * as HeldKeysModule from '../../../../../src/store/indexes/held/held-keys.js';
import type * as HeldMomentModule from '../../../../../src/store/indexes/held/held-moment.js';
import type * as HeldTreeModule from '../../../../../src/store/indexes/held/held-tree.js';
import type { LeafChange } from '../../../../../src/protocol/requests/operation.js';
import type { KeyRange } from '../../../../../src/store/storage.js';

/** What holds a moment with one thing that is wrong. */
interface Mutant {
  readonly name: string;
  /** Below `src/store/indexes/held`. */
  readonly module: string;
  readonly change: (right: any) => object;
}

const tree = (
  name: string,
  change: (right: typeof HeldTreeModule.HeldTree) => typeof HeldTreeModule.HeldTree,
): Mutant => ({
  module: 'held-tree',
  name,
  change: ({ HeldTree }: typeof HeldTreeModule) => ({ HeldTree: change(HeldTree) }),
});

const keys = (
  name: string,
  change: (right: typeof HeldKeysModule.HeldKeys) => typeof HeldKeysModule.HeldKeys,
): Mutant => ({
  module: 'held-keys',
  name,
  change: ({ HeldKeys }: typeof HeldKeysModule) => ({ HeldKeys: change(HeldKeys) }),
});

const MUTANTS: readonly Mutant[] = [
  tree(
    'forgets what leaves were',
    (HeldTree) =>
      class extends HeldTree {
        override note() {}
      },
  ),
  tree(
    'takes new leaves for old ones',
    (HeldTree) =>
      class extends HeldTree {
        override note(change: LeafChange) {
          if (change.before !== undefined) super.note(change);
        }
      },
  ),
  tree(
    'takes every record for untouched',
    (HeldTree) =>
      class extends HeldTree {
        readonly #base: ConstructorParameters<typeof HeldTree>[0];
        constructor(base: ConstructorParameters<typeof HeldTree>[0]) {
          super(base);
          this.#base = base;
        }
        override subtree(path: string) {
          return this.#base.subtree?.(path) ?? super.subtree(path);
        }
      },
  ),
  keys(
    'forgets what entries there were',
    (HeldKeys) =>
      class extends HeldKeys {
        override note() {}
      },
  ),
  keys(
    'puts what is gone at the end',
    (HeldKeys) =>
      class extends HeldKeys {
        override *range(range: KeyRange) {
          const all = [...super.range(range)];
          yield* all.slice(1);
          yield* all.slice(0, 1);
        }
      },
  ),
  {
    module: 'held-moment',
    name: 'hears of leaves only',
    change: ({ HeldMoment }: typeof HeldMomentModule) => ({
      HeldMoment: class extends HeldMoment {
        override noteKey() {}
      },
    }),
  },
];

const ROUNDS = 20;
/** Seeds that are tried until one tells. */
const ENOUGH = 40;

/** What the run says that finds the mutant. */
async function failureOf({ module, change }: Mutant): Promise<string | undefined> {
  const path = `../../../../../src/store/indexes/held/${module}.js`;
  let failure: string | undefined;
  await jest.isolateModulesAsync(async () => {
    jest.doMock(path, () => {
      const right = jest.requireActual<object>(path);
      return { ...right, ...change(right) };
    });
    const { runCrossed } = await import('./run-crossed.js');
    const { createMemoryStorage, Store } = await import('../../../../../src/store/index.js');
    const { EmbeddedTransport } = await import('../../../../../src/transport/embedded/index.js');
    for (let seed = 0; seed < ENOUGH && failure === undefined; seed++) {
      const store = new Store({ storage: createMemoryStorage() });
      const transport = new EmbeddedTransport({ store });
      await transport.connect();
      await runCrossed(seed, transport, ['rows'], ROUNDS).catch((error: unknown) => {
        failure = (error as Error).message;
      });
      await transport.close();
      await store.close();
    }
  });
  jest.dontMock(path);
  return failure;
}

it.each(MUTANTS.map((each) => [each.name, each] as const))(
  'random queries tell a held moment that %s',
  async (_, each) => {
    const failure = await failureOf(each);
    expect(failure).toMatch(/^seed \d+: .* found /s);
  },
  600_000,
);
