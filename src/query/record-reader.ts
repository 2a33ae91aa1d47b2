import type { Logger } from '../logging.js';
import type { StoredRecord } from '../mapping/types.js';
import type { Commit } from '../protocol/operation.js';
import type { RequestOptions } from '../transport/transport.js';
import { checkSlug, checkSlugs } from './criteria.js';
import { streamOrder } from './errors.js';
import type { OnInvalidRecord } from './invalid-record.js';
import type { Query } from './query.js';
import type { Hydrator } from './record-guard.js';
import { RecordGuard } from './record-guard.js';
import type { LeafReader } from './leaf-pages.js';
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
 * or there is none. No record mixes two versions; different records may stem from different moments.
 *
 * Methods reject with what the transport says (`aborted` among it) and with `invalid_record` when `onInvalidRecord` is
 * `throw`.
 */
export class RecordReader<T extends object> {
  readonly #mapper: Hydrator<T>;
  readonly #source: RecordSource;
  readonly #guard: RecordGuard<T>;

  constructor({ transport, mapper, onInvalidRecord = 'skip', logger }: RecordReaderOptions<T>) {
    this.#mapper = mapper;
    this.#source = new RecordSource(transport, mapper.metadata);
    this.#guard = new RecordGuard(mapper, onInvalidRecord, logger);
  }

  /** What the query asks for, in its order. With store order and `take`, reading stops when the result is complete. */
  async find(query: Query<T>): Promise<T[]> {
    const needed = query.naturalOrder || query.take === 0 ? windowEnd(query) : Infinity;
    if (needed === 0) return [];
    const window = createResultWindow(query);
    let seen = 0;
    for await (const record of this.#candidates(query, needed)) {
      const entity = this.#match(query, record);
      if (entity === undefined) continue;
      window.add(entity);
      if (++seen >= needed) break;
    }
    return window.result();
  }

  /** The first match in the query's order, behind `skip`; null when there is none. */
  async findOne(query: Query<T>): Promise<T | null> {
    const [first] = await this.find({ ...query, take: 1 });
    return first ?? null;
  }

  /** What {@link find} gives, and how many match without `skip` and `take`. */
  async findAndCount(query: Query<T>): Promise<[T[], number]> {
    const window = createResultWindow(query);
    let count = 0;
    for await (const record of this.#candidates(query, Infinity)) {
      const entity = this.#match(query, record);
      if (entity === undefined) continue;
      window.add(entity);
      count++;
    }
    return [window.result(), count];
  }

  /** How many match, whatever `skip` and `take` say. */
  async count(query: Query<T>): Promise<number> {
    let count = 0;
    for await (const record of this.#candidates(query, Infinity)) {
      if (this.#match(query, record) !== undefined) count++;
    }
    return count;
  }

  /** Whether any record matches, whatever `skip` and `take` say. */
  async exists(query: Query<T>): Promise<boolean> {
    for await (const record of this.#candidates(query, 1)) {
      if (this.#match(query, record) !== undefined) return true;
    }
    return false;
  }

  /**
   * What the query asks for, one entity after the other, in store order; each page is read when the one before has
   * been consumed.
   *
   * @throws DustError `invalid_options` for a query with an order
   */
  async *stream(query: Query<T>): AsyncGenerator<T, void, undefined> {
    for await (const { entity } of this.streamRecords(query)) yield entity;
  }

  /** As {@link stream}, each entity with the record it was made from. */
  async *streamRecords(query: Query<T>): AsyncGenerator<MatchedRecord<T>, void, undefined> {
    if (!query.naturalOrder) throw streamOrder(this.#mapper.metadata);
    const needed = windowEnd(query);
    if (needed === 0) return;
    let seen = 0;
    for await (const record of this.#candidates(query, needed)) {
      const entity = this.#match(query, record);
      if (entity === undefined || ++seen <= query.skip) continue;
      yield { record, entity };
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
    const found = new Map<string, T>();
    for await (const record of this.#source.named(checkSlugs(this.#mapper.metadata, slugs), options)) {
      const entity = this.#guard.admit(record);
      if (entity !== undefined) found.set(record.slug, entity);
    }
    return slugs.flatMap((slug) => found.get(slug) ?? []);
  }

  /** The entity with this slug; null when there is none. @throws DustError `invalid_criteria` */
  async readEntity(slug: string, options: RequestOptions = {}): Promise<T | null> {
    const record = await this.readRecord(slug, options);
    return (record && this.admit(record)) ?? null;
  }

  /** The records with these slugs as they lie in the store, by slug; those that do not exist are missing. */
  async readRecords(
    slugs: readonly string[],
    options: RequestOptions = {},
  ): Promise<ReadonlyMap<string, StoredRecord>> {
    const records = new Map<string, StoredRecord>();
    for await (const record of this.#source.named(slugs, options)) records.set(record.slug, record);
    return records;
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

  /** The records that may match, in store order; `needed` says how many matches will be enough. */
  #candidates(query: Query<T>, needed: number): AsyncGenerator<StoredRecord, void, undefined> {
    const { signal, forWrite } = query;
    const options = {
      ...(signal === undefined ? {} : { signal }),
      ...(forWrite === undefined ? {} : { forWrite }),
    };
    if (query.slugs !== undefined) return this.#source.named(query.slugs, options);
    return this.#source.all(needed, options, (leaf) => {
      this.#guard.reportStray(leaf);
    });
  }

  #match(query: Query<T>, record: StoredRecord): T | undefined {
    const entity = this.#guard.admit(record);
    return entity !== undefined && query.matches(entity) ? entity : undefined;
  }
}
