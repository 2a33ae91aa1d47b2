import type { DeepPartial, EntityTarget } from '../../query/index.js';
import { MAX_BATCH_OPERATIONS } from '../../transport/transport.js';
import type { BatchPart } from './batch-parts.js';
import {
  changePart,
  deletePart,
  insertPart,
  removePart,
  savePart,
  softDeletePart,
  softRemovePart,
  updatePart,
} from './batch-parts.js';
import { BatchRecords } from './batch-records.js';
import type { BatchableWrite } from '../commit/commit.js';
import { commitBatch, isBatchable } from '../commit/commit.js';
import type { EntityContext, EntityContexts } from '../entity-context.js';
import { batchAcrossStores, batchOver, batchTooLarge, emptyBatch } from './batch-errors.js';
import { thenFollow } from '../lifecycle/after-write.js';
import { heardBy } from '../lifecycle/heard.js';
import type { CounterChange, SetChange } from '../fields/field-changes.js';
import { counterChange, setChange } from '../fields/field-changes.js';
import { notSupported } from '../prepare/field-errors.js';
import { listOf } from '../requests/lists.js';
import { observedWithoutClass } from '../observed.js';
import { atPosition } from '../commit/position.js';
import type { CounterProperty, SetMember, SetProperty } from '../requests/property-types.js';
import type { SoftDeletion } from '../write/soft-delete.js';
import { assertDeletedAt, RECOVER, RESTORE, SOFT_DELETE, SOFT_REMOVE } from '../write/soft-delete.js';
import { assertSlug } from '../prepare/record-path.js';
import type { BatchResult } from '../requests/results.js';
import { writeResult } from '../requests/results.js';
import type {
  DeleteOptions,
  InsertOptions,
  RemoveOptions,
  SaveOptions,
  UpdateOptions,
  WriteRequest,
} from '../requests/write-options.js';
import {
  checkCompareOptions,
  checkEntityOptions,
  checkInsertOptions,
  checkWriteRequest,
  requestOf,
} from '../requests/write-options.js';

/** Adds writes to a batch. Called once; a promise it returns is waited for. */
export type BatchBuild<R = unknown> = (batch: WriteBatch) => R;

/**
 * What `manager.batch` comes to: what its callback returns or its promise resolves to; what was committed, where that is nothing
 * or the batch.
 */
export type BatchOutcome<R> =
  Awaited<R> extends infer Value
    ? // eslint-disable-next-line @typescript-eslint/no-invalid-void-type -- what a callback without a return returns
      Value extends WriteBatch | undefined | void
      ? BatchResult
      : Value
    : never;

interface Addition {
  readonly context: Pick<EntityContext<object>, 'transport' | 'metadata'>;
  readonly part: BatchPart;
}

/**
 * Writes that are committed together, in the order they are added. A write that depends on the stored record (an
 * update in map mode, a save of a loaded entity, anything with `ifMatch` or `ifAbsent`) must be the first of its
 * record.
 *
 * Each method fails with `invalid_params` (detail `batch_over`) when the batch has been sent.
 */
export class WriteBatch {
  readonly #contexts: EntityContexts;
  readonly #additions: Addition[] = [];
  #isOver = false;
  #result: BatchResult | undefined;

  /** @internal */
  constructor(contexts: EntityContexts) {
    this.#contexts = contexts;
  }

  /**
   * Inserts an entity, a plain object, or several. With `{ ifAbsent: true }` the batch fails where the record exists.
   *
   * @throws DustError `invalid_options` for a bad option, `invalid_metadata` for an unknown class. The records are
   * checked when the batch is sent
   */
  insert<T extends object>(
    entity: EntityTarget<T>,
    records: DeepPartial<T> | readonly DeepPartial<T>[],
    options: InsertOptions = {},
  ): this {
    checkInsertOptions('insert', options);
    const context = heardBy(this.#contexts.contextOf(entity), options);
    for (const record of listOf<unknown>(records)) this.#add(context, insertPart(context, record, options));
    return this;
  }

  /**
   * Updates the record with this slug; the batch fails with `not_found` when it does not exist.
   *
   * @throws DustError `invalid_options` for a bad option, `invalid_criteria` for what is no slug, `invalid_metadata`
   * for an unknown class. The partial is checked when the batch is sent
   */
  update<T extends object>(
    entity: EntityTarget<T>,
    slug: string,
    partial: DeepPartial<T>,
    options: UpdateOptions = {},
  ): this {
    checkCompareOptions('update', options);
    const context = this.#contexts.contextOf(entity);
    assertSlug(context.metadata, slug);
    return this.#add(context, updatePart(context, slug, partial, options));
  }

  /**
   * Deletes the record with this slug, whether it exists or not.
   *
   * @throws DustError `invalid_options` for a bad option, `invalid_criteria` for what is no slug, `invalid_metadata`
   * for an unknown class
   */
  delete<T extends object>(entity: EntityTarget<T>, slug: string, options: DeleteOptions = {}): this {
    checkCompareOptions('delete', options);
    const context = this.#contexts.contextOf(entity);
    assertSlug(context.metadata, slug);
    return this.#add(context, deletePart(context, slug, options));
  }

  /**
   * Saves an entity as `save` does: what changed since it was loaded, or all of it.
   *
   * @throws DustError `invalid_options` for a bad option, `invalid_value` for what is no entity, `invalid_metadata`
   * for one of an unknown class. The entity is checked when the batch is sent
   */
  save(entity: object, options: SaveOptions = {}): this {
    checkEntityOptions('save', options);
    const context = this.#contexts.contextOf(this.#contexts.classOf(entity));
    return this.#add(context, savePart(heardBy(context, options), entity, options));
  }

  /**
   * Deletes the record of an entity.
   *
   * @throws DustError `invalid_options` for a bad option, `invalid_value` for what is no entity, `invalid_metadata`
   * for one of an unknown class
   */
  remove(entity: object, options: RemoveOptions = {}): this {
    checkEntityOptions('remove', options);
    const context = this.#contexts.contextOf(this.#contexts.classOf(entity));
    return this.#add(context, removePart(heardBy(context, options), entity, options));
  }

  /**
   * Deletes the record of an entity softly: sets its `@DeletedAtField`, and the entity's when the batch is committed. The batch fails with
   * `not_found` when there is no record.
   *
   * @throws DustError `invalid_options` for a bad option, `invalid_value` for what is no entity, `invalid_metadata` for one of an unknown
   * class, or of one without a `@DeletedAtField`
   */
  softRemove(entity: object, options: RemoveOptions = {}): this {
    return this.#addSoftRemoval(entity, options, SOFT_REMOVE);
  }

  /**
   * Brings the record of an entity back that was deleted softly. In everything else as {@link softRemove}.
   *
   * @throws DustError as {@link softRemove} does
   */
  recover(entity: object, options: RemoveOptions = {}): this {
    return this.#addSoftRemoval(entity, options, RECOVER);
  }

  /**
   * Deletes the record with this slug softly, unless it is already; the batch fails with `not_found` when it does not exist.
   *
   * @throws DustError `invalid_options` for a bad option, `invalid_criteria` for what is no slug, `invalid_metadata` for an unknown class, or
   * one without a `@DeletedAtField`
   */
  softDelete<T extends object>(entity: EntityTarget<T>, slug: string, options: UpdateOptions = {}): this {
    return this.#addSoftDeletion(entity, slug, options, SOFT_DELETE);
  }

  /**
   * Brings the record with this slug back, if it was deleted softly. In everything else as {@link softDelete}.
   *
   * @throws DustError as {@link softDelete} does
   */
  restore<T extends object>(entity: EntityTarget<T>, slug: string, options: UpdateOptions = {}): this {
    return this.#addSoftDeletion(entity, slug, options, RESTORE);
  }

  /**
   * Adds to a `@CounterField` of the record with this slug; the batch fails with `not_found` when it does not exist, and
   * with `not_supported` where batches only set and delete, as on a server of version 0.1.
   *
   * @throws DustError `invalid_criteria` for what is no slug and for a property that is no counter, `invalid_value` for a
   * value that is no finite number, `invalid_metadata` for an unknown class
   */
  increment<T extends object>(
    entity: EntityTarget<T>,
    slug: string,
    property: CounterProperty<T>,
    value: number,
  ): this {
    return this.#addCounterChange(entity, slug, { method: 'increment', property, value });
  }

  /**
   * As {@link increment}, taking `value` away.
   *
   * @throws DustError as {@link increment} does
   */
  decrement<T extends object>(
    entity: EntityTarget<T>,
    slug: string,
    property: CounterProperty<T>,
    value: number,
  ): this {
    return this.#addCounterChange(entity, slug, { method: 'decrement', property, value });
  }

  /**
   * Adds a member to a `@SetField` of the record with this slug; the batch fails as with {@link increment}.
   *
   * @throws DustError `invalid_criteria` for what is no slug and for a property that is no set, `invalid_value` for a
   * member it cannot have, `invalid_metadata` for an unknown class
   */
  addTo<T extends object, K extends SetProperty<T>>(
    entity: EntityTarget<T>,
    slug: string,
    property: K,
    member: SetMember<T, K>,
  ): this {
    return this.#addSetChange(entity, slug, { method: 'addTo', property, member });
  }

  /**
   * Takes a member out of a `@SetField` of the record with this slug; the batch fails as with {@link increment}.
   *
   * @throws DustError as {@link addTo} does
   */
  removeFrom<T extends object, K extends SetProperty<T>>(
    entity: EntityTarget<T>,
    slug: string,
    property: K,
    member: SetMember<T, K>,
  ): this {
    return this.#addSetChange(entity, slug, { method: 'removeFrom', property, member });
  }

  /** What was committed; undefined until then. */
  get result(): BatchResult | undefined {
    return this.#result;
  }

  /** @internal Validates and sends what was added. */
  async commit(options: WriteRequest): Promise<BatchResult> {
    this.#isOver = true;
    const store = this.#additions[0]?.context.metadata.store;
    const about = { store, count: this.#additions.length };
    const send = (): Promise<BatchResult> => this.#send(options);
    this.#result = await observedWithoutClass(
      this.#contexts.observer,
      'batch',
      about,
      send,
      (sent) => sent.operations,
    );
    return this.#result;
  }

  async #send(options: WriteRequest): Promise<BatchResult> {
    checkWriteRequest('batch', options);
    this.#checkStore();
    const writes = await this.#prepare();
    const operations = writes.flatMap((write) => write.operations);
    if (operations.length > MAX_BATCH_OPERATIONS) throw batchTooLarge(operations.length);
    const committed = await thenFollow(writes, async () => {
      const outcome = await commitBatch(writes, requestOf(options));
      if (outcome.failure !== undefined) throw outcome.failure.error;
      return outcome;
    });
    return { storeSeq: writeResult(committed.results).storeSeq, operations: committed.operations };
  }

  #addCounterChange<T extends object>(entity: EntityTarget<T>, slug: string, change: CounterChange): this {
    const context = this.#contexts.contextOf(entity);
    assertSlug(context.metadata, slug);
    return this.#add(context, changePart(context, slug, counterChange(context, change)));
  }

  #addSetChange<T extends object>(entity: EntityTarget<T>, slug: string, change: SetChange): this {
    const context = this.#contexts.contextOf(entity);
    assertSlug(context.metadata, slug);
    return this.#add(context, changePart(context, slug, setChange(context, change)));
  }

  #addSoftRemoval(entity: object, options: RemoveOptions, deletion: SoftDeletion): this {
    checkEntityOptions(deletion.method, options);
    const context = this.#contexts.contextOf(this.#contexts.classOf(entity));
    assertDeletedAt(context, deletion);
    return this.#add(context, softRemovePart(heardBy(context, options), entity, options, deletion));
  }

  #addSoftDeletion<T extends object>(
    entity: EntityTarget<T>,
    slug: string,
    options: UpdateOptions,
    deletion: SoftDeletion,
  ): this {
    checkCompareOptions(deletion.method, options);
    const context = this.#contexts.contextOf(entity);
    assertDeletedAt(context, deletion);
    assertSlug(context.metadata, slug);
    return this.#add(context, softDeletePart(context, slug, options, deletion));
  }

  #add<T extends object>(context: EntityContext<T>, part: BatchPart): this {
    if (this.#isOver) throw batchOver();
    this.#additions.push({ context, part });
    return this;
  }

  #checkStore(): void {
    const [first] = this.#additions;
    if (first === undefined) throw emptyBatch();
    const stray = this.#additions.find(({ context }) => context.transport !== first.context.transport);
    if (stray !== undefined) {
      throw batchAcrossStores([first.context.metadata.name, stray.context.metadata.name]);
    }
    if (!first.context.transport.capabilities.atomicBatch) throw notSupported('batch()', 'atomicBatch');
  }

  async #prepare(): Promise<BatchableWrite[]> {
    const records = new BatchRecords();
    const writes: BatchableWrite[] = [];
    for (const [position, { part }] of this.#additions.entries()) {
      const write = await atPosition(position, () => part(records));
      if (write === undefined) continue;
      if (!isBatchable(write)) throw notSupported('batch()', 'atomicBatch');
      writes.push(write);
    }
    return writes;
  }
}

/** What a committed batch comes to for its caller, whose callback came to `value`. */
export function outcomeOf<R>(value: Awaited<R>, result: BatchResult): BatchOutcome<R> {
  const isNothing = value === undefined || value instanceof WriteBatch;
  return (isNothing ? result : value) as BatchOutcome<R>;
}
