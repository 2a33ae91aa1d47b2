import { filter, firstValueFrom } from 'rxjs';
import type { DataSource, Repository } from '../../../src/index.js';
import { CounterField, DustEntity, Field, SetField, Slug, isDustError } from '../../../src/index.js';

@DustEntity('pages')
export class Page {
  @Slug() slug!: string;
  @Field() title?: string;
  @Field({ type: 'integer' }) turn?: number;
  @CounterField() views!: number;
  @SetField() tags!: string[];
}

/** Sets grow with each member and travel whole: there are several, so that they stay small. */
const SETS = 20;

/**
 * What became of a write. `refused`: nothing was written, or what was may be written again; `unknown`: `indeterminate`;
 * `dishonest`: neither.
 */
type Outcome = 'acknowledged' | 'refused' | 'unknown' | 'dishonest';

/** What came of the attempts at one kind of write, by their numbers. */
type Tally = Record<Outcome, number[]>;

/** One kind of write, made over and over, each after the one before has settled. */
interface Duty {
  readonly name: string;
  write(pages: Repository<Page>, n: number): Promise<unknown>;
  /** What is wrong with what the server holds in the end. */
  faults(tally: Tally, stored: ReadonlyMap<string, Page>): string[];
}

const numbersFromZero = (count: number) => Array.from({ length: count }, (_, i) => i);

/** A total that every acknowledged write has added 1 to, unknown ones may have, and refused ones have not. */
function totalFaults(name: string, total: number, { acknowledged, unknown }: Tally): string[] {
  const [least, most] = [acknowledged.length, acknowledged.length + unknown.length];
  return total >= least && total <= most ? [] : [`${name}: ${total} instead of ${least} to ${most}`];
}

const insert = (writer: number): Duty => ({
  name: `insert ${writer}`,
  write: (pages, n) => pages.insert({ slug: `insert-${writer}-${n}`, title: `${writer}/${n}` }),
  faults: ({ acknowledged }, stored) =>
    acknowledged
      .filter((n) => stored.get(`insert-${writer}-${n}`)?.title !== `${writer}/${n}`)
      .map((n) => `insert ${writer}: the page ${n} is lost`),
});

/** All writers of this kind add to the same counter. */
const increment = (writer: number): Duty => ({
  name: `increment ${writer}`,
  write: (pages) => pages.increment(`counted-${writer}`, 'views', 1),
  faults: (tally, stored) =>
    totalFaults(`increment ${writer}`, stored.get(`counted-${writer}`)?.views ?? 0, tally),
});

const add: Duty = {
  name: 'add',
  write: (pages, n) => pages.addTo(`tagged-${n % SETS}`, 'tags', `tag-${n}`),
  faults: ({ acknowledged, unknown }, stored) => {
    const tags = numbersFromZero(SETS).flatMap((set) => stored.get(`tagged-${set}`)?.tags ?? []);
    const missing = acknowledged.filter((n) => !tags.includes(`tag-${n}`));
    const possible = new Set([...acknowledged, ...unknown].map((n) => `tag-${n}`));
    const excess = tags.filter((tag) => !possible.has(tag));
    return [
      ...missing.map((n) => `add: tag-${n} is lost`),
      ...excess.map((tag) => `add: ${tag} was refused`),
    ];
  },
};

const batchSize = (n: number) => 2 + ((n * 7) % 30);

/** Over HTTP, each either whole or not at all. */
const batch = (writer: number, dataSource: DataSource): Duty => ({
  name: `batch ${writer}`,
  write: (_, n) =>
    dataSource.manager.batch((b) => {
      for (const i of numbersFromZero(batchSize(n))) {
        b.insert(Page, { slug: `batch-${writer}-${n}-${i}`, turn: n });
      }
    }),
  faults: (tally, stored) =>
    Object.entries(tally).flatMap(([outcome, attempts]) =>
      attempts.flatMap((n) => {
        const size = batchSize(n);
        const found = numbersFromZero(size).filter((i) => stored.has(`batch-${writer}-${n}-${i}`)).length;
        const isRight = found === size || (found === 0 && outcome !== 'acknowledged');
        return isRight ? [] : [`batch ${writer}: ${found} of the ${size} of batch ${n} (${outcome})`];
      }),
    ),
});

/** Over HTTP, each guarded by the revision that it found: a counter without increments. */
const guarded: Duty = {
  name: 'guarded',
  write: async (pages) => {
    const page = await pages.findOneByOrFail({ slug: 'guarded' });
    const ifMatch = pages.revisionOf(page);
    await pages.update('guarded', { turn: (page.turn ?? 0) + 1 }, { ifMatch });
  },
  faults: (tally, stored) => totalFaults('guarded', stored.get('guarded')?.turn ?? 0, tally),
};

/** Writers of pages that go on until they are stopped, whatever happens to the server. */
export class PageWriters {
  readonly #dataSource: DataSource;
  readonly #tallies = new Map<Duty, Tally>();
  readonly #watchers = new Set<() => void>();
  #running: Promise<unknown> = Promise.resolve();
  #isStopped = false;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
    const duties = [
      ...[0, 1, 2, 3].map(insert),
      ...[0, 1, 2].map(increment),
      add,
      ...[0, 1].map((writer) => batch(writer, dataSource)),
      guarded,
    ];
    for (const duty of duties) {
      this.#tallies.set(duty, { acknowledged: [], refused: [], unknown: [], dishonest: [] });
    }
  }

  /** Writes what the duties need, then begins. */
  async start(): Promise<void> {
    const pages = this.#dataSource.getRepository(Page);
    const slugs = ['guarded', 'counted-0', 'counted-1', 'counted-2'];
    for (const set of numbersFromZero(SETS)) slugs.push(`tagged-${set}`);
    await pages.insertMany(slugs.map((slug) => ({ slug, title: 'from the start' })));
    this.#running = Promise.all([...this.#tallies].map(([duty, tally]) => this.#run(duty, tally, pages)));
  }

  /** The number of writes with this outcome so far. */
  count(outcome: Outcome): number {
    return [...this.#tallies.values()].reduce((sum, tally) => sum + tally[outcome].length, 0);
  }

  /** Resolves when so many more writes have been acknowledged. */
  more(acknowledged: number): Promise<void> {
    const enough = this.count('acknowledged') + acknowledged;
    return new Promise((resolve) => {
      const look = (): void => {
        if (this.count('acknowledged') < enough) return;
        this.#watchers.delete(look);
        resolve();
      };
      this.#watchers.add(look);
    });
  }

  /** Begins nothing more; resolves when what is under way has settled. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#running;
  }

  /** What is wrong with what the server holds, once the writers have stopped. */
  faults(stored: readonly Page[]): string[] {
    const bySlug = new Map(stored.map((page) => [page.slug, page]));
    return [...this.#tallies].flatMap(([duty, tally]) => [
      ...duty.faults(tally, bySlug),
      ...(tally.acknowledged.length === 0 ? [`${duty.name}: nothing was acknowledged`] : []),
      ...tally.dishonest.map(
        (n) => `${duty.name}: attempt ${n} was rejected with an error that helps nobody`,
      ),
    ]);
  }

  async #run(duty: Duty, tally: Tally, pages: Repository<Page>): Promise<void> {
    for (let n = 0; !this.#isStopped; n++) {
      const outcome = await outcomeOf(duty.write(pages, n));
      tally[outcome].push(n);
      for (const look of [...this.#watchers]) look();
      if (outcome !== 'acknowledged') await this.#live();
    }
  }

  async #live(): Promise<void> {
    await firstValueFrom(this.#dataSource.status$.pipe(filter(({ state }) => state === 'live')));
  }
}

async function outcomeOf(write: Promise<unknown>): Promise<Outcome> {
  try {
    await write;
    return 'acknowledged';
  } catch (error) {
    if (isDustError(error, 'indeterminate')) return 'unknown';
    // What was guarded may have been overtaken by an own write whose answer was lost.
    return isDustError(error) && (error.retryable || error.kind === 'conflict') ? 'refused' : 'dishonest';
  }
}
