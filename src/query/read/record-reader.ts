import { assertNotAborted } from '../../abort-listener.js';
import type { Clock } from '../../clock.js';
import type { Logger } from '../../logging.js';
import type { StoredRecord } from '../../mapping/types.js';
import type { Commit } from '../../protocol/requests/operation.js';
import type { Leaf } from '../../protocol/values/value.js';
import type { LocalRecords } from '../../protocol/values/record-access.js';
import type { RequestOptions } from '../../transport/transport.js';
import { checkSlug, checkSlugs } from '../criteria/criteria.js';
import { impliedBy } from '../criteria/implied.js';
import type { Query } from '../criteria/query.js';
import type { PageQuery } from '../criteria/page-query.js';
import type { ScopeOptions } from '../operators/find-options.js';
import type { Page } from '../operators/find-page.js';
import type { PlanningRecords } from '../plan/choose-plan.js';
import { choosePlan, NOTHING, nameOfIndex } from '../plan/choose-plan.js';
import type { IndexDoubts } from '../plan/index-doubts.js';
import { doubtsOf } from '../plan/index-doubts.js';
import type { QueryExplanation } from '../plan/explanation.js';
import { explain, nameOfPath } from '../plan/explanation.js';
import { isBehind, keysetOf, planBehind } from '../plan/keyset.js';
import type { Plan } from '../plan/plan.js';
import { walksOf } from '../plan/plan.js';
import { scanPath } from '../plan/slug-path.js';
import { streamOrder } from '../values/errors.js';
import { readProperty } from '../values/property.js';
import type { MatchedRecord } from './folds.js';
import {
  bySlugFold,
  countFold,
  existsFold,
  findAndCountFold,
  findFold,
  matchesFold,
  tallyFold,
} from './folds.js';
import { handOut, HandingOut } from './hand-out.js';
import type { OnInvalidRecord } from './invalid-record.js';
import type { LeafReader } from './leaf-pages.js';
import type { LoadListener } from './load-listener.js';
import type { Fold } from './local-read.js';
import type { OrderedReads } from './ordered-reads.js';
import { PlannedReads } from './ordered-reads.js';
import type { Hydrator } from './record-guard.js';
import { RecordGuard } from './record-guard.js';
import type { RecordsRead } from './record-reads.js';
import { RecordReads } from './record-reads.js';
import { streamRecords } from './record-stream.js';
import { windowEnd } from './result-window.js';
import { untilCurrent } from './until-current.js';
import { ScanWarning } from './scan-warning.js';
import type { TurnBudget } from './turns.js';
import { shortTurns } from './turns.js';

/** What a reader reads with. One reader serves one entity class; keep it, for it remembers what it has warned of. */
export interface RecordReaderOptions<T extends object> {
  readonly transport: LeafReader;
  readonly mapper: Hydrator<T>;
  /** Default `skip`. */
  readonly onInvalidRecord?: OnInvalidRecord;
  readonly logger: Logger;
  /** When what was counted is told. Without it, when the reader is closed. */
  readonly clock?: Clock;
  /** A read that goes through more records than this for want of an index warns, once for each shape of query. Default 10,000; `false`: none does. */
  readonly scanWarning?: number | false | undefined;
  /** Hears of the entities that are handed out. */
  readonly loads?: LoadListener | undefined;
  /** How long a read may hold the event loop. Default: a few milliseconds. */
  readonly turns?: TurnBudget;
}

/**
 * Reads the records of one entity class. Every page is walked and an error on any of them rejects: a result is whole
 * or there is none. No record mixes two versions. Where reads are answered in this process, a result that is given at once is of one
 * moment; else, and in a stream, different records may stem from different moments.
 *
 * Methods reject with what the transport says (`aborted` among it) and with `invalid_record` when `onInvalidRecord` is
 * `throw`.
 */
export class RecordReader<T extends object> {
  readonly #mapper: Hydrator<T>;
  readonly #transport: LeafReader;
  readonly #reads: RecordReads;
  readonly #guard: RecordGuard<T>;
  readonly #scanWarning: ScanWarning;
  /** Undefined for a class of which every record is read as it is stored. */
  readonly #doubts: IndexDoubts | undefined;
  readonly #handing: HandingOut<T>;

  constructor(options: RecordReaderOptions<T>) {
    const {
      transport,
      mapper,
      onInvalidRecord = 'skip',
      logger,
      loads,
      scanWarning,
      turns = shortTurns,
      clock,
    } = options;
    const { metadata } = mapper;
    this.#mapper = mapper;
    this.#transport = transport;
    this.#guard = new RecordGuard(mapper, onInvalidRecord, logger, clock);
    this.#doubts = doubtsOf(metadata);
    this.#handing = new HandingOut(metadata, loads);
    this.#scanWarning = new ScanWarning(metadata, logger, scanWarning);
    this.#reads = new RecordReads({ transport, metadata, turns, onStray: this.#onStray });
  }

  /** What the query asks for, in its order. Reading stops when the result is complete. */
  async find(query: Query<T>): Promise<T[]> {
    const wanted = windowEnd(query);
    assertNotAborted(query.signal);
    if (wanted === 0) return [];
    if (query.consistency !== undefined) await untilCurrent(this.#transport, query);
    const fold = (plan: Plan): Fold<T[]> => findFold(query, this.#matching(query), plan);
    return this.#handing.all(query, await this.#run(query, { wanted, fold }));
  }

  /** The first match in the query's order, behind `skip`; null when there is none. */
  async findOne(query: Query<T>): Promise<T | null> {
    const [first] = await this.find({ ...query, take: 1 });
    return first ?? null;
  }

  /** What {@link find} gives, and how many match without `skip` and `take`: as {@link count} counts them. */
  async findAndCount(query: Query<T>): Promise<[T[], number]> {
    if (query.consistency !== undefined) await untilCurrent(this.#transport, query);
    const match = this.#matching(query);
    const all = withoutWindow(query);
    const wanted = this.#countUnread(all, 1) === undefined ? Infinity : windowEnd(query);
    const fold = (plan: Plan, records?: LocalRecords): Fold<[T[], number]> => {
      // At the beginning, and so of the same moment as the records: what was written meanwhile has them read again.
      const counted = records && this.#countIn(records, all, Infinity);
      if (counted === undefined) return findAndCountFold(query, match, plan);
      const window = findFold(query, match, plan);
      return { ...window, result: () => [window.result(), counted] };
    };
    const [found, count] = await this.#run(query, { wanted, fold });
    return [await this.#handing.all(query, found), count];
  }

  /**
   * One page of what the query asks for. It begins behind its place as the records are now, so that pages are stable: what was
   * inserted or deleted meanwhile moves nothing. Behind its place, the query's `skip` is passed over.
   */
  async findPage({ query, take, after, cursorAt }: PageQuery<T>): Promise<Page<T>> {
    if (query.consistency !== undefined) await untilCurrent(this.#transport, query);
    const wanted: Query<T> = { ...query, take: take + 1 };
    const match = this.#matching(query);
    const matchBehind = (record: StoredRecord): T | undefined => {
      const entity = match(record);
      return entity === undefined || after === undefined || isBehind(query, after, record.slug, entity)
        ? entity
        : undefined;
    };
    const found = await this.#run(wanted, {
      wanted: windowEnd(wanted),
      fold: (plan) => findFold(wanted, matchBehind, plan),
      adjust: (plan) => (after === undefined ? plan : planBehind(plan, query, after)),
    });
    const items = found.slice(0, take);
    const last = items.at(-1);
    const hasMore = found.length > take;
    const cursor = hasMore && last !== undefined ? cursorAt(keysetOf(query, this.#slugOf(last), last)) : null;
    return { items: await this.#handing.all(query, items), cursor, hasMore };
  }

  /**
   * What {@link find} gives, how the records were looked for, and what that cost.
   */
  async explain(query: Query<T>): Promise<QueryExplanation> {
    if (query.consistency !== undefined) await untilCurrent(this.#transport, query);
    let explained = { ...explain(query, NOTHING), examined: 0 };
    let local = false;
    const onPlan = (plan: Plan, examined: number): void => {
      explained = { ...explain(query, plan), examined };
    };
    const found = await this.#run(query, {
      wanted: windowEnd(query),
      fold: (plan, records) => {
        local = records !== undefined;
        return findFold(query, this.#matching(query), plan);
      },
      onPlan,
    });
    return { ...explained, ...this.#passedOver(), local, returned: found.length };
  }

  /**
   * How many match, whatever `skip` and `take` say. What the records need not be read for they are not: then one that cannot be
   * an entity counts, too.
   */
  async count(query: Query<T>): Promise<number> {
    if (query.consistency !== undefined) await untilCurrent(this.#transport, query);
    const unordered = withoutWindow(query);
    const counted = this.#countUnread(unordered, Infinity);
    if (counted !== undefined) return counted;
    const fold = ({ isExact }: Plan): Fold<number> =>
      isExact ? tallyFold() : countFold(this.#matching(query));
    return this.#run(unordered, { wanted: Infinity, fold });
  }

  /**
   * As {@link count}, to `atMost` at the most, where records need not be read for it; undefined where they would have to be.
   *
   * @throws DustError what every read may meet
   */
  countUnread(query: Query<T>, atMost: number): number | undefined {
    const { onRead: _, ...silent } = withoutWindow(query);
    return this.#countUnread(silent, atMost);
  }

  /** The first match in the query's order with all it has, whatever `select` says; undefined when there is none. */
  async first(query: Query<T>): Promise<T | undefined> {
    const one = { ...query, skip: 0, take: 1 };
    const fold = (plan: Plan): Fold<T[]> => findFold(one, this.#matching(one), plan);
    const [entity] = await this.#run(one, { wanted: 1, fold });
    return entity;
  }

  /** What is made of every match, whatever `skip`, `take` and the order say; `start` makes what the first is added to. */
  async fold<R>(query: Query<T>, start: () => R, add: (result: R, entity: T) => void): Promise<R> {
    const fold = (): Fold<R> => {
      const match = this.#matching(query);
      const result = start();
      return {
        add: (record) => {
          const entity = match(record);
          if (entity !== undefined) add(result, entity);
          return true;
        },
        result: () => result,
      };
    };
    return this.#run(withoutWindow(query), { wanted: Infinity, fold });
  }

  /**
   * Reads of the matches in their order, from any place on, as those who watch are told of them; undefined while a read made now would go
   * another way. `select` takes nothing from them.
   */
  inOrder(query: Query<T>): OrderedReads<T> | undefined {
    const options = optionsOf(query);
    if (this.#reads.local(options) === undefined) return undefined;
    return new PlannedReads(query, {
      slugProperty: this.#mapper.metadata.slugProperty,
      doubts: this.#doubts,
      open: () => this.#reads.watched(options),
      match: this.#matching(query),
      onStray: this.#onStray,
    });
  }

  /** Whether any record matches, whatever `skip` and `take` say. As {@link count}. */
  async exists(query: Query<T>): Promise<boolean> {
    if (query.consistency !== undefined) await untilCurrent(this.#transport, query);
    const unordered = withoutWindow(query);
    const counted = this.#countUnread(unordered, 1);
    if (counted !== undefined) return counted > 0;
    return this.#run(unordered, { wanted: 1, fold: () => existsFold(this.#matching(query)) });
  }

  /** Every match, whatever `skip`, `take` and the order say, in store order, with the record it was made from. */
  async everyMatch(query: Query<T>): Promise<MatchedRecord<T>[]> {
    const fold = (plan: Plan): Fold<MatchedRecord<T>[]> => matchesFold(this.#matching(query), plan);
    return this.#run(withoutWindow(query), { wanted: Infinity, fold });
  }

  /**
   * What the query asks for, one entity after the other, in store order; each piece is read when the one before has
   * been consumed.
   *
   * @throws DustError `invalid_options` for a query with an order
   */
  async *stream(query: Query<T>): AsyncGenerator<T, void, undefined> {
    const { slugProperty } = this.#mapper.metadata;
    if (!query.naturalOrder) throw streamOrder(this.#mapper.metadata);
    const needed = windowEnd(query);
    assertNotAborted(query.signal);
    if (needed === 0) return;
    if (query.consistency !== undefined) await untilCurrent(this.#transport, query);
    // Without indexes a plan is in store order, but for alternatives that go several ways.
    const plan = choosePlan(query, slugProperty, needed);
    const { path } = plan.isOrdered ? plan : scanPath(query, slugProperty);
    const match = this.#matching(query);
    const handedOut = handOut(this.#mapper.metadata, query.select);
    let seen = 0;
    const stream = { path, needed, options: optionsOf(query), onStray: this.#onStray };
    for await (const record of streamRecords(this.#reads, stream)) {
      const entity = match(record);
      if (entity === undefined || ++seen <= query.skip) continue;
      const given = handedOut(entity);
      const loading = this.#handing.load([given]);
      if (loading !== undefined) await loading;
      yield given;
      if (seen >= needed) return;
    }
  }

  /**
   * The entities with these slugs, in the order of `slugs`. Slugs without a record are left out, as are records that do not meet what the
   * options imply; a slug that is named twice yields the same instance at both places.
   *
   * @throws DustError `invalid_criteria` when one of them cannot be a slug
   */
  async getMany(
    slugs: readonly string[],
    scope: ScopeOptions = {},
    options: RequestOptions = {},
  ): Promise<T[]> {
    const distinct = checkSlugs(this.#mapper.metadata, slugs);
    const admit = this.#admitting(scope);
    const found = await this.#named(distinct, options, () => bySlugFold(admit));
    const entities = Array.from(found.values(), (entity) => this.#handing.whole(entity));
    const loading = this.#handing.load(entities);
    if (loading !== undefined) await loading;
    return slugs.flatMap((slug) => found.get(slug) ?? []);
  }

  /** The entity with this slug; null when there is none that meets what the options imply. @throws DustError `invalid_criteria` */
  async readEntity(slug: string, scope: ScopeOptions = {}, options: RequestOptions = {}): Promise<T | null> {
    const record = await this.readRecord(slug, options);
    const entity = record && this.#admitting(scope)(record);
    if (entity === undefined) return null;
    const loading = this.#handing.load([this.#handing.whole(entity)]);
    if (loading !== undefined) await loading;
    return entity;
  }

  /** The records with these slugs as they lie in the store, by slug; those that do not exist are missing. */
  async readRecords(
    slugs: readonly string[],
    options: RequestOptions = {},
  ): Promise<ReadonlyMap<string, StoredRecord>> {
    return this.#named(slugs, options, () => bySlugFold((record) => record));
  }

  /** The record with this slug as it lies in the store. @throws DustError `invalid_criteria` */
  async readRecord(slug: string, options: RequestOptions = {}): Promise<StoredRecord | undefined> {
    return this.#reads.source.read(checkSlug(this.#mapper.metadata, slug), options);
  }

  /**
   * A stored record as an entity; `undefined` when it cannot be one and `onInvalidRecord` let it pass.
   *
   * @throws InvalidRecordError when `onInvalidRecord` is `throw`
   */
  admit(record: StoredRecord): T | undefined {
    return this.#guard.admit(record);
  }

  /**
   * As {@link admit}, for a record as a commit left it: one that is only being written, leaf by leaf, is passed over
   * without asking `onInvalidRecord`.
   *
   * @throws InvalidRecordError when `onInvalidRecord` is `throw`
   */
  admitAfter(commit: Pick<Commit, 'operations'>, record: StoredRecord): T | undefined {
    return this.#guard.admitAfter(commit, record);
  }

  /** Ends what waits: to be called when nothing is read any more. */
  close(): void {
    this.#guard.close();
  }

  /** An entity that was admitted, as a read hands it out that selects nothing. What hears of it is told by {@link load}. */
  handOut(entity: T): T {
    return this.#handing.whole(entity);
  }

  /** Whether there is anybody for {@link load} to tell. */
  get tellsOfLoads(): boolean {
    return this.#handing.isListening;
  }

  /** Tells those who listen of entities that are handed out otherwise than by a read of this reader. */
  load(entities: readonly T[]): Promise<void> | undefined {
    return this.#handing.load(entities);
  }

  /** Reads what may match by the plan that costs least. */
  #run<R>(query: Query<T>, { wanted, fold, adjust, onPlan }: Run<R>): Promise<R> {
    const { slugProperty } = this.#mapper.metadata;
    return this.#reads.read({
      plan: (records?: LocalRecords) => {
        const plan = choosePlan(query, slugProperty, wanted, this.#planning(records));
        return adjust === undefined ? plan : adjust(plan);
      },
      fold,
      needed: wanted,
      options: optionsOf(query),
      onDone: (plan, examined) => {
        this.#scanWarning.noteRead(query, plan, examined);
        query.onRead?.({ ...nameOfPath(plan.path), examined });
        onPlan?.(plan, examined);
      },
    });
  }

  #planning(records: LocalRecords | undefined): PlanningRecords | undefined {
    return records === undefined || this.#doubts === undefined ? records : this.#doubts.trusted(records);
  }

  #passedOver(): Pick<QueryExplanation, 'passedOver'> {
    const doubts = this.#doubts;
    if (doubts === undefined) return {};
    const passedOver = this.#mapper.metadata.indexes.flatMap(({ definition }) => {
      const reason = doubts.reasonAgainst(definition);
      return reason === undefined ? [] : `${nameOfIndex(definition)}: ${reason}`;
    });
    return { passedOver };
  }

  #slugOf(entity: T): string {
    return String(readProperty(entity, this.#mapper.metadata.slugProperty));
  }

  #named<R>(slugs: readonly string[], options: RequestOptions, fold: () => Fold<R>): Promise<R> {
    const path = { by: 'slugs', slugs } as const;
    const plan = { path, sortedBy: 0, isOrdered: false, isExact: false };
    return this.#reads.read({ plan: () => plan, fold, needed: slugs.length, options });
  }

  /** How many records match, as far as indexes and the store know without reading them; undefined when they do not. */
  #countUnread(query: Query<T>, atMost: number): number | undefined {
    const records = this.#reads.local(optionsOf(query));
    return records && this.#countIn(records, query, atMost);
  }

  #countIn(records: LocalRecords, query: Query<T>, atMost: number): number | undefined {
    const { slugProperty } = this.#mapper.metadata;
    const plan = choosePlan(query, slugProperty, Infinity, this.#planning(records));
    const walks = plan.isExact ? walksOf(plan.path) : undefined;
    if (walks !== undefined) query.onRead?.({ ...nameOfPath(plan.path), examined: 0 });
    return walks?.reduce((sum, access) => sum + records.count(access, atMost), 0);
  }

  /** Records as entities, those that meet what options imply. */
  #admitting(options: ScopeOptions): (record: StoredRecord) => T | undefined {
    const where = impliedBy(this.#mapper.metadata, options)?.where;
    return (record) => {
      const entity = this.#guard.admit(record);
      return entity !== undefined && where?.matches(entity) !== false ? entity : undefined;
    };
  }

  #matching(query: Query<T>): (record: StoredRecord) => T | undefined {
    return (record) => {
      const entity = this.#guard.admit(record);
      return entity !== undefined && query.matches(entity) ? entity : undefined;
    };
  }

  readonly #onStray = (leaf: Leaf): void => {
    this.#guard.reportStray(leaf);
  };
}

/** A read of records that may match a query. */
interface Run<R> {
  /** How many matches will be enough. */
  readonly wanted: number;
  readonly fold: RecordsRead<R>['fold'];
  /** What becomes of the plan that was chosen. */
  readonly adjust?: (plan: Plan) => Plan;
  /** Hears of the plan in the end, and of how many records were looked at. */
  readonly onPlan?: (plan: Plan, examined: number) => void;
}

function optionsOf<T extends object>({ signal, forWrite }: Query<T>): RequestOptions {
  return { ...(signal === undefined ? {} : { signal }), ...(forWrite === undefined ? {} : { forWrite }) };
}

/** Whatever is asked of order and place, every match counts. */
function withoutWindow<T extends object>(query: Query<T>): Query<T> {
  return { ...query, order: [], naturalOrder: true, skip: 0, take: undefined };
}
