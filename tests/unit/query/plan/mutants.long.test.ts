import type * as ChoosePlan from '../../../../src/query/plan/choose-plan.js';
import type * as ConjunctionModule from '../../../../src/query/plan/conjunction.js';
import type * as IndexOrder from '../../../../src/query/plan/index-order.js';
import type * as IndexUseModule from '../../../../src/query/plan/index-use.js';
import type * as Keyset from '../../../../src/query/plan/keyset.js';
import type * as PlanModule from '../../../../src/query/plan/plan.js';
import type * as SlugPath from '../../../../src/query/plan/slug-path.js';
import type * as ValueSet from '../../../../src/query/plan/value-set.js';
import type * as PathCursor from '../../../../src/query/read/path-cursor.js';
import type * as ResultWindow from '../../../../src/query/read/result-window.js';
import type * as SlugListing from '../../../../src/query/read/slug-listing.js';

/** The planner with one thing that is wrong. */
interface Mutant {
  readonly name: string;
  /** Below `src/query`. */
  readonly module: string;
  readonly change: (right: any) => object;
  /** Whether it tells where rows can be deleted softly, in classes with scopes. */
  readonly isSoft?: boolean;
}

const mutant = <Module extends object>(
  module: string,
  name: string,
  change: (right: Module) => Partial<Module>,
): Mutant => ({ module, name, change });

const soft = (of: Mutant): Mutant => ({ ...of, isSoft: true });
const order = (name: string, change: (right: typeof IndexOrder) => Partial<typeof IndexOrder>): Mutant =>
  mutant('plan/index-order', name, change);
const values = (name: string, change: (right: typeof ValueSet) => Partial<typeof ValueSet>): Mutant =>
  mutant('plan/value-set', name, change);
const keyset = (name: string, change: (right: typeof Keyset) => Partial<typeof Keyset>): Mutant =>
  mutant('plan/keyset', name, change);

const MUTANTS: readonly Mutant[] = [
  order('leaves null at the end where the index has it', ({ walkFor }) => ({
    walkFor: (use, terms, slug) =>
      walkFor(
        use,
        terms.map((term) => ({ ...term, nullsFirst: term.descending })),
        slug,
      ),
  })),
  order('walks forwards only', ({ walkFor }) => ({
    walkFor: (...args) => ({ ...walkFor(...args), reverse: false }),
  })),
  order('takes falling slugs for rising ones among equal values', ({ walkFor }) => ({
    walkFor: (use, terms, slug) =>
      walkFor(
        use,
        terms.map((term) => (term.property.name === slug ? { ...term, descending: false } : term)),
        slug,
      ),
  })),
  order('takes every range for one in front of the next', ({ walkFor }) => ({
    walkFor: (use, terms, slug) => walkFor({ ...use, fixed: use.index.parts.length }, terms, slug),
  })),
  values('takes bounds for the opposite of what they are', ({ between }) => ({
    between: (from, to) =>
      between(from && { ...from, inclusive: !from.inclusive }, to && { ...to, inclusive: !to.inclusive }),
  })),
  values('has only the first of several values', ({ points }) => ({
    points: (given, compare) => points(given.slice(0, 1), compare),
  })),
  values('claims to know what something is not', ({ presentValues }) => ({
    presentValues: () => presentValues(true),
  })),
  values('takes all that is present for all', ({ pointsOf }) => ({
    pointsOf: (set) => pointsOf({ ...set, hasNull: false }),
  })),
  mutant<typeof ConjunctionModule>(
    'plan/conjunction',
    'claims that the slug is all that is asked',
    ({ conjunctionOf }) => ({
      conjunctionOf: (conditions) => ({ ...conjunctionOf(conditions), isSlugExact: true, asksMore: false }),
    }),
  ),
  mutant<typeof ConjunctionModule>('plan/conjunction', 'takes null for nothing', () => ({
    isImpossible: ({ slug, byLeaf }) =>
      [slug, ...Array.from(byLeaf.values(), (each) => each.values)].some(
        (set) => set?.intervals.length === 0,
      ),
  })),
  soft(
    mutant<typeof ConjunctionModule>(
      'plan/conjunction',
      'forgets what is asked of a property first',
      ({ conjunctionOf }) => ({
        conjunctionOf: (conditions) =>
          conjunctionOf([...new Map(conditions.map((each) => [each.property.name, each])).values()]),
      }),
    ),
  ),
  mutant<typeof IndexUseModule>('plan/index-use', 'claims that an index answers all', ({ useIndex }) => ({
    useIndex: (...args) => ({ ...useIndex(...args), isExact: true }),
  })),
  mutant<typeof IndexUseModule>('plan/index-use', 'walks the first range only', ({ useIndex }) => ({
    useIndex: (...args) => {
      const use = useIndex(...args);
      return { ...use, ranges: use.ranges.slice(0, 1) };
    },
  })),
  mutant<typeof ChoosePlan>('plan/choose-plan', 'looks for the first alternative only', ({ choosePlan }) => ({
    choosePlan: (query, ...rest) =>
      choosePlan({ ...query, alternatives: query.alternatives?.slice(0, 1) }, ...rest),
  })),
  mutant<typeof SlugPath>('plan/slug-path', 'does not turn ranges of slugs round', ({ slugPath }) => ({
    slugPath: (...args) => {
      const plan = slugPath(...args);
      if (plan?.path.by !== 'slug-ranges') return plan;
      const ranges = plan.path.ranges.map((range) => ({ ...range, reverse: false }));
      return { ...plan, path: { ...plan.path, ranges } };
    },
  })),
  keyset('begins a page with the last of the one before', ({ isBehind }) => ({
    isBehind: (query, place, slug, entity) => slug === place.slug || isBehind(query, place, slug, entity),
  })),
  keyset('leaves out those of equal values', ({ isBehind }) => ({
    isBehind: (query, place, slug, entity) =>
      isBehind(query, { ...place, slug: query.order.length > 0 ? '\u{10ffff}' : place.slug }, slug, entity),
  })),
  keyset('takes groups for an order', ({ planBehind }) => ({
    planBehind: (plan, ...rest) => planBehind({ ...plan, isOrdered: true }, ...rest),
  })),
  mutant<typeof ResultWindow>(
    'read/result-window',
    'takes groups for an order',
    ({ createResultWindow }) => ({
      createResultWindow: (query, { isOrdered, sortedBy }) =>
        createResultWindow(query, { isOrdered: isOrdered || sortedBy > 0, sortedBy }),
    }),
  ),
  mutant<typeof PathCursor>('read/path-cursor', 'begins again behind a pause', ({ PathCursor: Right }) => ({
    PathCursor: class extends Right {
      readonly #path: ConstructorParameters<typeof Right>[0];

      constructor(...args: ConstructorParameters<typeof Right>) {
        super(...args);
        this.#path = args[0];
      }

      override read(...args: Parameters<InstanceType<typeof Right>['read']>) {
        return new Right(this.#path).read(...args);
      }
    },
  })),
  mutant<typeof PlanModule>('plan/plan', 'goes on by an index that is gone', () => ({ indexesOf: () => [] })),
  mutant<typeof SlugListing>('read/slug-listing', 'lists forwards only', ({ slugListing }) => ({
    slugListing: (prefix, range) => slugListing(prefix, { ...range, reverse: false }),
  })),
];

const SIZE = { rounds: 3, queries: 8 };
/** Seeds that are tried until one tells. */
const ENOUGH = 30;

/** What the run says that finds the mutant, and after how many. */
async function failureOf({ module, change, isSoft = false }: Mutant): Promise<string | undefined> {
  const path = `../../../../src/query/${module}.js`;
  let failure: string | undefined;
  await jest.isolateModulesAsync(async () => {
    jest.doMock(path, () => {
      const right = jest.requireActual<object>(path);
      return { ...right, ...change(right) };
    });
    const { runInMemory } = await import('./model/in-memory.js');
    for (let seed = 0; seed < ENOUGH && failure === undefined; seed++) {
      await runInMemory(seed, { ...SIZE, isSoft }).catch((error: unknown) => {
        failure = (error as Error).message;
      });
    }
  });
  jest.dontMock(path);
  return failure;
}

it.each(MUTANTS.map((each) => [each.name, each] as const))(
  'random queries tell a planner that %s',
  async (_, each) => {
    const failure = await failureOf(each);
    expect(failure).toMatch(/^seed \d+: /);
  },
  600_000,
);
