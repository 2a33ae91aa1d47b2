import type * as ChangeRouterModule from '../../../../src/realtime/live/change-router.js';
import type * as ShownWindowModule from '../../../../src/realtime/live/shown-window.js';
import type * as TakeWindowModule from '../../../../src/realtime/live/take-window.js';
import type * as WindowListModule from '../../../../src/realtime/live/window-list.js';
import type * as OrderedReads from '../../../../src/query/read/ordered-reads.js';

/** The windows of live queries with one thing that is wrong. */
interface Mutant {
  readonly name: string;
  /** Below `src`. */
  readonly module: string;
  readonly change: (right: any) => object;
}

const mutant = <Module extends object>(
  module: string,
  name: string,
  change: (right: Module) => Partial<Module>,
): Mutant => ({ module, name, change });

type Take = typeof TakeWindowModule;
interface Item {
  readonly slug: string;
}

const take = (name: string, change: (right: Take) => Take['TakeWindow']): Mutant =>
  mutant<Take>('realtime/live/take-window', name, (right) => ({ TakeWindow: change(right) }));

const reads = (name: string, change: (right: typeof OrderedReads) => Partial<typeof OrderedReads>): Mutant =>
  mutant('query/read/ordered-reads', name, change);

type Open = typeof WindowListModule.WindowList.open;

/** A window to which something is done when it is opened. */
const opened = (
  name: string,
  spoil: (
    list: WindowListModule.WindowList<object>,
    context: Parameters<Open>[0],
    query: Parameters<Open>[1],
  ) => void,
): Mutant => ({
  module: 'realtime/live/window-list',
  name,
  change: ({ WindowList }: typeof WindowListModule) => ({
    WindowList: {
      open: (...[context, query]: Parameters<Open>) => {
        const list = WindowList.open(context, query);
        if (list !== undefined) spoil(list, context, query);
        return list;
      },
    },
  }),
});

const MUTANTS: readonly Mutant[] = [
  take(
    'takes what it has for all there is',
    ({ TakeWindow }) =>
      class<I extends Item> extends TakeWindow<I> {
        override fill({ items }: TakeWindowModule.NextItems<I>) {
          super.fill({ items, isEnd: true });
        }
      },
  ),
  take(
    'fetches nothing',
    ({ TakeWindow }) =>
      class<I extends Item> extends TakeWindow<I> {
        override get missing() {
          return 0;
        }
      },
  ),
  take(
    'fetches one too few',
    ({ TakeWindow }) =>
      class<I extends Item> extends TakeWindow<I> {
        override get missing() {
          return Math.max(0, super.missing - 1);
        }
      },
  ),
  take(
    'fetches from the beginning',
    ({ TakeWindow }) =>
      class<I extends Item> extends TakeWindow<I> {
        override get bound() {
          return undefined;
        }
      },
  ),
  take(
    'lets nothing in',
    ({ TakeWindow }) =>
      class<I extends Item> extends TakeWindow<I> {
        override push(slug: string, after: I | undefined) {
          super.push(slug, this.get(slug) === undefined ? undefined : after);
        }
      },
  ),
  take(
    'keeps what has left',
    ({ TakeWindow }) =>
      class<I extends Item> extends TakeWindow<I> {
        override push(slug: string, after: I | undefined) {
          if (after !== undefined) super.push(slug, after);
        }
      },
  ),
  take(
    'lets go of what changes its place',
    ({ TakeWindow }) =>
      class<I extends Item> extends TakeWindow<I> {
        override push(slug: string, after: I | undefined) {
          super.push(slug, this.get(slug) === undefined ? after : undefined);
        }
      },
  ),
  take(
    'takes in what lies behind the bound',
    ({ TakeWindow }) =>
      class<I extends Item> extends TakeWindow<I> {
        constructor(size: number, compare: (a: I, b: I) => number) {
          let isPushing = true;
          super(size, (a, b) => (isPushing ? Math.min(compare(a, b), 0) : compare(a, b)));
          isPushing = false;
          this.#ask = (pushing) => {
            isPushing = pushing;
          };
        }
        readonly #ask: (pushing: boolean) => void;
        override push(slug: string, after: I | undefined) {
          // A window that is not full takes whatever comes.
          if (this.missing > 0 && this.get(slug) === undefined) this.#ask(true);
          super.push(slug, after);
          this.#ask(false);
        }
      },
  ),
  take(
    'holds one too many',
    ({ TakeWindow }) =>
      class<I extends Item> extends TakeWindow<I> {
        constructor(size: number, compare: (a: I, b: I) => number) {
          super(size + 1, compare);
        }
      },
  ),
  take(
    'takes ties for the same',
    ({ TakeWindow }) =>
      class<I extends Item> extends TakeWindow<I> {
        constructor(size: number, compare: (a: I, b: I) => number) {
          super(size, (a, b) => -compare(b, a) * Number(compare(a, b) > 0));
        }
      },
  ),
  reads('begins with the bound', ({ PlannedReads }) => ({
    PlannedReads: class<T extends object> extends PlannedReads<T> {
      override next(...[behind, wanted, atMost]: Parameters<OrderedReads.OrderedReads<T>['next']>) {
        const next = super.next(behind, wanted, atMost);
        if (next === undefined || behind === undefined) return next;
        return { ...next, matches: [behind, ...next.matches].slice(0, wanted) };
      }
    },
  })),
  reads('passes over one', ({ PlannedReads }) => ({
    PlannedReads: class<T extends object> extends PlannedReads<T> {
      override next(...[behind, wanted, atMost]: Parameters<OrderedReads.OrderedReads<T>['next']>) {
        const next = super.next(behind, wanted + 1, atMost);
        if (next === undefined || behind === undefined) return super.next(behind, wanted, atMost);
        return { ...next, matches: next.matches.slice(1) };
      }
    },
  })),
  opened('fetches from a store that is ahead', (list, { transport, metadata }) => {
    const apply = list.apply.bind(list);
    list.apply = (changes) => apply(changes, transport.localRecords?.(metadata.prefixPath)?.moment ?? 0);
  }),
  opened('hears again of what it has read', (list) => {
    const apply = list.apply.bind(list);
    list.apply = (changes, told) => {
      const news = changes.map(({ commit, change }) => ({ commit: { ...commit, last: Infinity }, change }));
      return apply(news, told);
    };
  }),
  opened('shows what it skips', (list, _, query) => {
    const window = list.window.bind(list);
    let first: ReturnType<typeof window>;
    list.window = () => {
      first ??= window();
      return query.skip > 0 ? first : window();
    };
  }),
  opened('is never given up', (list) => {
    const apply = list.apply.bind(list);
    list.apply = (changes, told) => apply(changes, told) || true;
  }),
  mutant<typeof ChangeRouterModule>(
    'realtime/live/change-router',
    'does not see what was fetched leave',
    ({ ChangeRouter }) => ({
      ChangeRouter: class<T extends object, List> extends ChangeRouter<T, List> {
        override noteFound() {}
      },
    }),
  ),
  mutant<typeof ShownWindowModule>(
    'realtime/live/shown-window',
    'looks at how many there are',
    ({ ShownWindow }) => ({
      ShownWindow: class<T extends object> extends ShownWindow<T> {
        #length = -1;
        override show(...[items]: Parameters<ShownWindowModule.ShownWindow<T>['show']>) {
          super.show(items);
          const isDifferent = items.length !== this.#length;
          this.#length = items.length;
          return isDifferent;
        }
      },
    }),
  ),
];

const SIZE = { rounds: 3, queries: 5, writes: 12 };
/** Seeds that are tried until one tells. */
const ENOUGH = 40;

/** What the run says that finds the mutant. */
async function failureOf({ module, change }: Mutant): Promise<string | undefined> {
  const path = `../../../../src/${module}.js`;
  let failure: string | undefined;
  await jest.isolateModulesAsync(async () => {
    jest.doMock(path, () => {
      const right = jest.requireActual<object>(path);
      return { ...right, ...change(right) };
    });
    const { runInMemory } = await import('./model/in-memory.js');
    for (let seed = 0; seed < ENOUGH && failure === undefined; seed++) {
      await runInMemory(seed, SIZE).catch((error: unknown) => {
        failure = (error as Error).message;
      });
    }
  });
  jest.dontMock(path);
  return failure;
}

it.each(MUTANTS.map((each) => [each.name, each] as const))(
  'random commits tell a window that %s',
  async (_, each) => {
    const failure = await failureOf(each);
    expect(failure).toMatch(/^seed \d+: .* showed /s);
  },
  600_000,
);
