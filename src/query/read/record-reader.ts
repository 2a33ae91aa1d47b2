import { assertNotAborted } from '../../abort-listener.js';
import type { Logger } from '../../logging.js';
import type { StoredRecord } from '../../mapping/types.js';
import type { Commit } from '../../protocol/operation.js';
import type { RequestOptions } from '../../transport/transport.js';
import { defaultSelection } from '../criteria/select.js';
import { checkSlug, checkSlugs } from '../criteria/criteria.js';
import { streamOrder } from '../values/errors.js';
import type { HandOut } from './hand-out.js';
import { handOut } from './hand-out.js';
import type { OnInvalidRecord } from './invalid-record.js';
import type { Query } from '../criteria/query.js';
import type { Hydrator } from './record-guard.js';
import { RecordGuard } from './record-guard.js';
import type { LeafReader } from './leaf-pages.js';
import type { RecordRequest } from './record-source.js';
import { RecordSource } from './record-source.js';
import { createResultWindow, windowEnd } from './result-window.js';

/** What a reader reads with. One reader serves one entity class; keep it, for it remembers what it has warned of. */
export interface RecordReaderOptions<T extends object> {
  readonly transport: LeafReader;
  readonly mapper: Hydrator<T>;
  /** Default `skip`. */
  readonly onInvalidRecord?: OnInvalidRecord;
  readonly logger: Logger;
}

/** A record that meets a query, as it lies in the store and as an entity. */
export interface MatchedRecord<T> {
  readonly record: StoredRecord;
  readonly entity: T;
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
  readonly #source: RecordSource;
  readonly #guard: RecordGuard<T>;
  /** Hands out what a read without a `select` gives. */
  readonly #whole: HandOut;

  constructor({ transport, mapper, onInvalidRecord = 'skip', logger }: RecordReaderOptions<T>) {
    this.#mapper = mapper;
    this.#source = new RecordSource(transport, mapper.metadata);
    this.#guard = new RecordGuard(mapper, onInvalidRecord, logger);
    this.#whole = handOut(mapper.metadata, defaultSelection(mapper.metadata));
  }

  /** What the query asks for, in its order. With store order and `take`, reading stops when the result is complete. */
  async find(query: Query<T>): Promise<T[]> {
    const needed = query.naturalOrder || query.take === 0 ? windowEnd(query) : Infinity;
    assertNotAborted(query.signal);
    if (needed === 0) return [];
    const handedOut = this.#handOut(query);
    return this.#source.whole(this.#candidates(query, needed), async (records) => {
      const window = createResultWindow(query);
      let seen = 0;
      for await (const record of records) {
        const entity = this.#match(query, record);
        if (entity === undefined) continue;
        window.add(entity);
        if (++seen >= needed) break;
      }
      return window.result().map((entity) => handedOut(entity));
    });
  }

  /** The first match in the query's order, behind `skip`; null when there is none. */
  async findOne(query: Query<T>): Promise<T | null> {
    const [first] = await this.find({ ...query, take: 1 });
    return first ?? null;
  }

  /** What {@link find} gives, and how many match without `skip` and `take`. */
  async findAndCount(query: Query<T>): Promise<[T[], number]> {
    const handedOut = this.#handOut(query);
    return this.#source.whole(this.#candidates(query, Infinity), async (records) => {
      const window = createResultWindow(query);
      let count = 0;
      for await (const record of records) {
        const entity = this.#match(query, record);
        if (entity === undefined) continue;
        window.add(entity);
        count++;
      }
      return [window.result().map((entity) => handedOut(entity)), count];
    });
  }

  /** How many match, whatever `skip` and `take` say. */
  async count(query: Query<T>): Promise<number> {
    return this.#source.whole(this.#candidates(query, Infinity), async (records) => {
      let count = 0;
      for await (const record of records) {
        if (this.#match(query, record) !== undefined) count++;
      }
      return count;
    });
  }

  /** What is made of every match, whatever `skip`, `take` and the order say; `start` makes what the first is added to. */
  async fold<R>(query: Query<T>, start: () => R, add: (result: R, entity: T) => void): Promise<R> {
    return this.#source.whole(this.#candidates(query, Infinity), async (records) => {
      const result = start();
      for await (const record of records) {
        const entity = this.#match(query, record);
        if (entity !== undefined) add(result, entity);
      }
      return result;
    });
  }

  /** Whether any record matches, whatever `skip` and `take` say. */
  async exists(query: Query<T>): Promise<boolean> {
    return this.#source.whole(this.#candidates(query, 1), async (records) => {
      for await (const record of records) {
        if (this.#match(query, record) !== undefined) return true;
      }
      return false;
    });
  }

  /** Every match, whatever `skip`, `take` and the order say, in store order, with the record it was made from. */
  async everyMatch(query: Query<T>): Promise<MatchedRecord<T>[]> {
    return this.#source.whole(this.#candidates(query, Infinity), async (records) => {
      const matches: MatchedRecord<T>[] = [];
      for await (const record of records) {
        const entity = this.#match(query, record);
        if (entity !== undefined) matches.push({ record, entity });
      }
      return matches;
    });
  }

  /**
   * What the query asks for, one entity after the other, in store order; each page is read when the one before has
   * been consumed.
   *
   * @throws DustError `invalid_options` for a query with an order
   */
  async *stream(query: Query<T>): AsyncGenerator<T, void, undefined> {
    if (!query.naturalOrder) throw streamOrder(this.#mapper.metadata);
    const needed = windowEnd(query);
    assertNotAborted(query.signal);
    if (needed === 0) return;
    const handedOut = this.#handOut(query);
    let seen = 0;
    for await (const record of this.#source.stream(this.#candidates(query, needed))) {
      const entity = this.#match(query, record);
      if (entity === undefined || ++seen <= query.skip) continue;
      yield handedOut(entity);
      if (seen >= needed) return;
    }
  }

  /**
   * The entities with these slugs, in the order of `slugs`. Slugs without a record are left out; a slug that is named
   * twice yields the same instance at both places.
   *
   * @throws DustError `invalid_criteria` when one of them cannot be a slug
   */
  async getMany(slugs: readonly string[], options: RequestOptions = {}): Promise<T[]> {
    const request = this.#named(checkSlugs(this.#mapper.metadata, slugs), options);
    return this.#source.whole(request, async (records) => {
      const found = new Map<string, T>();
      for await (const record of records) {
        const entity = this.#guard.admit(record);
        if (entity !== undefined) found.set(record.slug, entity);
      }
      for (const entity of found.values()) this.#whole(entity);
      return slugs.flatMap((slug) => found.get(slug) ?? []);
    });
  }

  /** The entity with this slug; null when there is none. @throws DustError `invalid_criteria` */
  async readEntity(slug: string, options: RequestOptions = {}): Promise<T | null> {
    const record = await this.readRecord(slug, options);
    const entity = record && this.admit(record);
    return entity === undefined ? null : this.#whole(entity);
  }

  /** The records with these slugs as they lie in the store, by slug; those that do not exist are missing. */
  async readRecords(
    slugs: readonly string[],
    options: RequestOptions = {},
  ): Promise<ReadonlyMap<string, StoredRecord>> {
    return this.#source.whole(this.#named(slugs, options), async (records) => {
      const found = new Map<string, StoredRecord>();
      for await (const record of records) found.set(record.slug, record);
      return found;
    });
  }

  /** The record with this slug as it lies in the store. @throws DustError `invalid_criteria` */
  async readRecord(slug: string, options: RequestOptions = {}): Promise<StoredRecord | undefined> {
    return this.#source.read(checkSlug(this.#mapper.metadata, slug), options);
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

  /** An entity that was admitted, as a read hands it out that selects nothing. */
  handOut(entity: T): T {
    return this.#whole(entity);
  }

  /** The records that may match; `needed` says how many matches will be enough. */
  #candidates({ slugs, signal, forWrite }: Query<T>, needed: number): RecordRequest {
    const options = {
      ...(signal === undefined ? {} : { signal }),
      ...(forWrite === undefined ? {} : { forWrite }),
    };
    return { ...this.#named(slugs, options), needed };
  }

  #handOut({ select }: Query<T>): HandOut {
    return handOut(this.#mapper.metadata, select);
  }

  #named(slugs: readonly string[] | undefined, options: RequestOptions): RecordRequest {
    const onStray: RecordRequest['onStray'] = (leaf) => {
      this.#guard.reportStray(leaf);
    };
    return { slugs, needed: slugs?.length ?? Infinity, options, onStray };
  }

  #match(query: Query<T>, record: StoredRecord): T | undefined {
    const entity = this.#guard.admit(record);
    return entity !== undefined && query.matches(entity) ? entity : undefined;
  }
}
