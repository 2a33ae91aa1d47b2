import type { DeepPartial, FindCriteria } from '../query/index.js';
import type { BulkInsertOptions, RecordSource } from './write/bulk-insert.js';
import { insertMany } from './write/bulk-insert.js';
import { clearRecords, deleteRecords, removeEntities } from './write/delete.js';
import type { CustomMethods } from './custom-methods.js';
import { bindMethods } from './custom-methods.js';
import type { CounterChange, SetChange } from './fields/field-changes.js';
import { changeCounter, changeSet } from './fields/field-operations.js';
import type { FileSource } from './fields/file-content.js';
import type { FileUploadOptions, OpenedFile } from './fields/file-fields.js';
import { openFile, putFile } from './fields/file-fields.js';
import { insertRecords } from './write/insert.js';
import { createInstance, mergeInto } from './prepare/instances.js';
import { isList, listOf } from './requests/lists.js';
import { affectedOf, lengthOf, observed, observedSources, oneOrNone } from './observed.js';
import { preloadEntity } from './write/preload.js';
import type { CounterProperty, FileProperty, SetMember, SetProperty } from './requests/property-types.js';
import type {
  BulkInsertResult,
  ClearResult,
  DeleteResult,
  InsertResult,
  UpdateResult,
} from './requests/results.js';
import { ReadableRepository } from './readable-repository.js';
import { saveEntities, saveEntity } from './write/save.js';
import type { SoftDeletion } from './write/soft-delete.js';
import {
  RECOVER,
  RESTORE,
  SOFT_DELETE,
  SOFT_REMOVE,
  softDeleteRecords,
  softRemoveEntities,
} from './write/soft-delete.js';
import { updateRecords } from './write/update.js';
import type { UpsertOptions } from './requests/upsert-options.js';
import { checkUpsertOptions } from './requests/upsert-options.js';
import type {
  DeleteOptions,
  InsertOptions,
  RemoveOptions,
  SaveOptions,
  UpdateOptions,
  WriteRequest,
} from './requests/write-options.js';

/**
 * The records of one entity class: TypeORM's repository, on a Dust store. Get one from
 * `dataSource.getRepository(Link)`, before or after the data source is initialised.
 *
 * Every method fails with `not_initialized` before `initialize()`, with `closed` after `destroy()`, and with
 * `invalid_metadata` when the class is not among the data source's entities. Those that take criteria fail with
 * `invalid_criteria` when these are undefined, empty or name unknown properties, those that take options with
 * `invalid_options` for an unknown or malformed one; a bad argument writes nothing. What every read and every write may meet
 * besides is what the store or the way to it fails with ({@link Transport}), such as `storage`, `network` or `rate_limited`.
 */
export class Repository<T extends object> extends ReadableRepository<T> {
  #methods: object = {};

  /**
   * An instance for each of the given objects, with its properties. Nothing is written.
   *
   * @throws DustError `invalid_value` when one of them is no object, `invalid_metadata` when the class's constructor
   * throws
   */
  create(likes: readonly DeepPartial<T>[]): T[];
  /** An empty instance, or one with the given properties. Nothing is written. */
  create(like?: DeepPartial<T>): T;
  create(likes?: DeepPartial<T> | readonly DeepPartial<T>[]): T | T[] {
    const context = this.context;
    return isList(likes)
      ? likes.map((like) => createInstance(context, like))
      : createInstance(context, likes);
  }

  /**
   * Copies the defined properties of `likes` onto `target`, the last one winning, and returns it. Of nested objects these are their
   * members. Nothing is written.
   *
   * @throws DustError `invalid_value` when one of them is no object
   */
  merge(target: T, ...likes: readonly DeepPartial<T>[]): T {
    return mergeInto(this.context, target, likes);
  }

  /**
   * The stored record with the slug of `like`, loaded, with the other properties of `like` on it; `undefined` when
   * there is none. Nothing is written: `save` then writes what differs.
   *
   * @throws DustError `invalid_value` when `like` is no object or has no slug; what every read may meet
   */
  async preload(like: DeepPartial<T>): Promise<T | undefined> {
    const { context } = this;
    return observed(context, 'preload', like, () => preloadEntity(context, like), oneOrNone);
  }

  /**
   * Writes what changed since the entity was loaded or last saved; everything, when its record is gone. An unchanged entity is
   * not written. Of an entity or plain object that was not loaded, what it gives is changed in the record that is there, or a record
   * inserted with the defaults; a plain object has these on it afterwards. Several entities are validated before the first is sent and
   * committed in atomic batches where the transport has them.
   *
   * In flat mode other writers' fields survive, and the parts of nested objects; in map mode the whole record is replaced. With `@VersionField()`, a
   * loaded entity is saved as if with `ifMatch`.
   *
   * @returns the entity itself, or the instance made of a plain object
   * @throws EntityValidationError; InvalidValueError for a slug that cannot be stored, an assigned counter or set, and, with
   * detail `duplicate_slug`, a record that occurs twice; DustError `conflict` when the
   * record is at another revision, with `currentRevision`; PartialWriteError when some records or fields were written
   * before an error; what every write may meet
   */
  save(entity: T | DeepPartial<T>, options?: SaveOptions): Promise<T>;
  /** Saves several entities. Resolves to them in their order. */
  save(entities: readonly (T | DeepPartial<T>)[], options?: SaveOptions): Promise<T[]>;
  async save(
    entities: T | DeepPartial<T> | readonly (T | DeepPartial<T>)[],
    options: SaveOptions = {},
  ): Promise<T | T[]> {
    const { context } = this;
    if (!isList<T | DeepPartial<T>>(entities)) {
      return observed(context, 'save', entities, () => saveEntity(context, entities, options), oneOrNone);
    }
    const sources = entities.map((source) => ({ context, source }));
    const work = () => saveEntities(sources, context.clock, options);
    return observed(context, 'save', entities, work, lengthOf);
  }

  /**
   * Validates and writes all fields, whether the record exists or not: an upsert, as Dust defines it. Fields that are
   * undefined are not written. With `{ ifAbsent: true }` it fails where the record exists.
   *
   * @example
   * await links.insert({ slug: 'dust', title: 'Dust', url: 'https://dustlayer.io' }, { ifAbsent: true });
   *
   * @throws EntityValidationError; InvalidValueError for a slug that cannot be stored; DustError `invalid_value`, detail `duplicate_slug`, for a
   * slug that occurs twice, `exists` with `currentRevision`, `nothing_to_write` for an entity without any field; PartialWriteError when some records
   * or fields were written before an error; what every write may meet
   */
  async insert(
    entities: DeepPartial<T> | readonly DeepPartial<T>[],
    options: InsertOptions = {},
  ): Promise<InsertResult> {
    const { context } = this;
    const sources = listOf(entities);
    return observed(
      context,
      'insert',
      sources,
      () => insertRecords('insert', context, sources, options),
      affectedOf,
    );
  }

  /**
   * The same as `insert`, for code written against TypeORM.
   *
   * @throws DustError as {@link insert} does, and `invalid_options` when `conflict` names another property than the
   * slug
   */
  async upsert(
    entities: DeepPartial<T> | readonly DeepPartial<T>[],
    conflict?: UpsertOptions<T>,
  ): Promise<InsertResult> {
    const { context } = this;
    const request = checkUpsertOptions(context.metadata, conflict);
    const sources = listOf(entities);
    return observed(
      context,
      'upsert',
      sources,
      () => insertRecords('upsert', context, sources, request),
      affectedOf,
    );
  }

  /**
   * Inserts any number of records in chunks, each validated before its chunk is sent and each chunk committed as a
   * whole where the transport can. A slug may occur once.
   *
   * @example
   * await links.insertMany(linesOf('links.ndjson'), {
   *   onProgress: ({ done }) => console.log(`${done} links`),
   * });
   *
   * @throws BulkInsertError naming the record that stopped it and how many were written, with the kind of what did; `aborted` for what
   * hooks, subscribers, the source of the records or `onProgress` throw, which is its `cause`; DustError `invalid_value` when `records` cannot be
   * iterated
   */
  async insertMany(records: RecordSource<T>, options: BulkInsertOptions = {}): Promise<BulkInsertResult> {
    const { context } = this;
    const given = Array.isArray(records) ? records : undefined;
    return observed(context, 'insertMany', given, () => insertMany(context, records, options), affectedOf);
  }

  /**
   * Writes the defined properties of `partial` to every record that meets the criteria. Records that do not exist
   * are not made: `affected` counts those that were there. One deleted by another writer in the very moment between
   * that check and the write is left with the updated fields alone, which readers skip.
   *
   * In map mode the record is read, changed and written back, again if another writer was faster.
   *
   * @example
   * await links.update('dust', { note: 'reactive' });
   * await links.update({ note: IsNull() }, { note: 'unread' });
   *
   * // Only if nobody has changed the record since it was loaded: otherwise it fails with `conflict`.
   * const link = await links.findOneByOrFail({ slug: 'dust' });
   * await links.update('dust', { note: 'read' }, { ifMatch: links.revisionOf(link)! });
   *
   * @throws EntityValidationError; InvalidValueError for an assigned counter or set; DustError `nothing_to_write`
   * when no property is defined, `conflict` when the record is at another revision than `ifMatch`, or in map mode
   * (then `retryable`) when other writers were faster each time; PartialWriteError when some records were written
   * before an error; what every write may meet
   */
  async update(
    criteria: FindCriteria<T>,
    partial: DeepPartial<T>,
    options: UpdateOptions = {},
  ): Promise<UpdateResult> {
    const { context } = this;
    const update = (): Promise<UpdateResult> => updateRecords(context, criteria, partial, options);
    return observed(context, 'update', criteria, update, affectedOf);
  }

  /**
   * Deletes the records of these entities and returns them. With `@VersionField()`, a loaded entity is removed as if
   * with `ifMatch`.
   *
   * @throws DustError `invalid_value` for what is no entity or has no slug, `conflict` when the record is at another
   * revision; PartialWriteError when some records were deleted before an error; what every write may meet
   */
  remove(entity: T, options?: RemoveOptions): Promise<T>;
  /** Deletes the records of several entities. */
  remove(entities: readonly T[], options?: RemoveOptions): Promise<T[]>;
  async remove(entities: T | readonly T[], options: RemoveOptions = {}): Promise<T | T[]> {
    const { context } = this;
    const sources = listOf(entities).map((source) => ({ context, source }));
    const work = () => removeEntities(sources, context.clock, options);
    await observedSources(context.observer, 'remove', sources, work);
    return isList(entities) ? [...entities] : entities;
  }

  /**
   * Deletes every record that meets the criteria, with all its fields.
   *
   * @throws DustError `conflict` when the record is at another revision than `ifMatch`; PartialWriteError when some
   * records were deleted before an error; what every write may meet
   */
  async delete(criteria: FindCriteria<T>, options: DeleteOptions = {}): Promise<DeleteResult> {
    const { context } = this;
    const remove = (): Promise<DeleteResult> => deleteRecords(context, criteria, options);
    return observed(context, 'delete', criteria, remove, affectedOf);
  }

  /**
   * Deletes the records of these entities softly, and returns them: sets their `@DeletedAtField` to the present time, in the store and in
   * the entities. Nothing else of them is written. Reads then leave them out, unless they say `withDeleted: true`.
   * With `@VersionField()`, a loaded entity is removed as if with `ifMatch`.
   *
   * @throws DustError `invalid_metadata` for a class without `@DeletedAtField()`, `invalid_value` for what is no entity or has no slug,
   * `not_found` when there is no record, `conflict` when it is at another revision; PartialWriteError when some records were written before
   * an error; what every write may meet
   */
  softRemove(entity: T, options?: RemoveOptions): Promise<T>;
  /** Deletes the records of several entities softly. */
  softRemove(entities: readonly T[], options?: RemoveOptions): Promise<T[]>;
  /** As with an entity, of plain objects that have the slug. */
  softRemove<P extends DeepPartial<T>>(like: P, options?: RemoveOptions): Promise<P & T>;
  /** As with entities, of plain objects that have the slug. */
  softRemove<P extends DeepPartial<T>>(likes: readonly P[], options?: RemoveOptions): Promise<(P & T)[]>;
  async softRemove(entities: T | readonly T[], options: RemoveOptions = {}): Promise<T | T[]> {
    return this.#softRemove(entities, options, SOFT_REMOVE);
  }

  /**
   * Brings the records of these entities back that were deleted softly: their `@DeletedAtField` is null then, in the store and in the
   * entities. In everything else as {@link softRemove}.
   *
   * @throws DustError as {@link softRemove} does
   */
  recover(entity: T, options?: RemoveOptions): Promise<T>;
  /** Brings the records of several entities back. */
  recover(entities: readonly T[], options?: RemoveOptions): Promise<T[]>;
  /** As with an entity, of plain objects that have the slug. */
  recover<P extends DeepPartial<T>>(like: P, options?: RemoveOptions): Promise<P & T>;
  /** As with entities, of plain objects that have the slug. */
  recover<P extends DeepPartial<T>>(likes: readonly P[], options?: RemoveOptions): Promise<(P & T)[]>;
  async recover(entities: T | readonly T[], options: RemoveOptions = {}): Promise<T | T[]> {
    return this.#softRemove(entities, options, RECOVER);
  }

  /**
   * Deletes every record softly that meets the criteria, those aside that are deleted already: their time stays, and `affected` does not
   * count them.
   *
   * @example
   * await links.softDelete('dust');
   * await links.find({ withDeleted: true });
   *
   * @throws DustError `invalid_metadata` for a class without `@DeletedAtField()`, `conflict` when the record is at another revision than
   * `ifMatch`; PartialWriteError when some records were written before an error; what every write may meet
   */
  async softDelete(criteria: FindCriteria<T>, options: UpdateOptions = {}): Promise<UpdateResult> {
    return this.#softDelete(criteria, options, SOFT_DELETE);
  }

  /**
   * Brings every record back that meets the criteria and was deleted softly.
   *
   * @throws DustError as {@link softDelete} does
   */
  async restore(criteria: FindCriteria<T>, options: UpdateOptions = {}): Promise<UpdateResult> {
    return this.#softDelete(criteria, options, RESTORE);
  }

  /**
   * Deletes all records of the class in one operation.
   *
   * @throws DustError what every write may meet
   */
  async clear(options: WriteRequest = {}): Promise<ClearResult> {
    const { context } = this;
    return observed(context, 'clear', undefined, () => clearRecords(context, options));
  }

  /**
   * Adds `value` to a `@CounterField` of every record that meets the criteria; the store adds, so concurrent
   * increments all count. An `@UpdatedAtField` moves with it, except on a server of version 0.1; other fields are not touched.
   *
   * @throws DustError `invalid_criteria` for a property that is no counter, `invalid_value` for what is no finite
   * number, `not_supported` where the transport has no counters, as over HTTP; PartialWriteError when some records
   * were changed before an error; what every write may meet
   */
  async increment(
    criteria: FindCriteria<T>,
    property: CounterProperty<T>,
    value: number,
    options: WriteRequest = {},
  ): Promise<UpdateResult> {
    return this.#changeCounter(criteria, { property, value, method: 'increment' }, options);
  }

  /**
   * As {@link increment}, taking `value` away.
   *
   * @throws DustError as {@link increment} does
   */
  async decrement(
    criteria: FindCriteria<T>,
    property: CounterProperty<T>,
    value: number,
    options: WriteRequest = {},
  ): Promise<UpdateResult> {
    return this.#changeCounter(criteria, { property, value, method: 'decrement' }, options);
  }

  /**
   * Adds a member to a `@SetField` of every record that meets the criteria; a member that is there stays once.
   *
   * @throws DustError `invalid_criteria` for a property that is no set, `invalid_value` for a member it cannot have,
   * `not_supported` where the transport has no sets, as over HTTP; PartialWriteError when some records were changed
   * before an error; what every write may meet
   */
  async addTo<K extends SetProperty<T>>(
    criteria: FindCriteria<T>,
    property: K,
    member: SetMember<T, K>,
    options: WriteRequest = {},
  ): Promise<UpdateResult> {
    return this.#changeSet(criteria, { property, member, method: 'addTo' }, options);
  }

  /**
   * Takes a member out of a `@SetField` of every record that meets the criteria.
   *
   * @throws DustError as {@link addTo} does
   */
  async removeFrom<K extends SetProperty<T>>(
    criteria: FindCriteria<T>,
    property: K,
    member: SetMember<T, K>,
    options: WriteRequest = {},
  ): Promise<UpdateResult> {
    return this.#changeSet(criteria, { property, member, method: 'removeFrom' }, options);
  }

  /**
   * Stores a file in a `@FileField` of a record.
   *
   * @throws DustError `not_found` when the record does not exist, `invalid_criteria` for a property that is no file,
   * `invalid_value` for content that is none, `not_supported` where the transport stores no files, as over HTTP; what
   * a stream of the content throws; what every write may meet
   */
  async putFile(
    slug: string,
    property: FileProperty<T>,
    content: FileSource,
    options: FileUploadOptions,
  ): Promise<UpdateResult> {
    const { context } = this;
    const put = (): Promise<UpdateResult> => putFile(context, { slug, property }, content, options);
    return observed(context, 'putFile', slug, put, affectedOf);
  }

  /**
   * The file in a `@FileField` of a record; null when there is no record or no file in it.
   *
   * @throws DustError `invalid_criteria` for a property that is no file; what every read may meet
   */
  async openFile(slug: string, property: FileProperty<T>): Promise<OpenedFile | null> {
    const { context } = this;
    return observed(context, 'openFile', slug, () => openFile(context, { slug, property }), oneOrNone);
  }

  /**
   * A repository that has these methods, too. Inside them `this` is that repository; they stay bound to it.
   *
   * @example
   * const links = dust.getRepository(Link).extend({
   *   findUnread() {
   *     return this.findBy({ note: IsNull() });
   *   },
   * });
   */
  extend<Methods extends CustomMethods>(methods: Methods & ThisType<this & Methods>): this & Methods {
    const extended = Object.assign(new Repository<T>(this.target, this.manager), this, methods);
    extended.#methods = { ...this.#methods, ...methods };
    Object.setPrototypeOf(extended, Reflect.getPrototypeOf(this));
    bindMethods(extended, extended.#methods);
    return extended;
  }

  async #softRemove(
    entities: T | readonly T[],
    options: RemoveOptions,
    deletion: SoftDeletion,
  ): Promise<T | T[]> {
    const { context } = this;
    const sources = listOf(entities).map((source) => ({ context, source }));
    const work = () => softRemoveEntities(sources, context.clock, options, deletion);
    await observedSources(context.observer, deletion.method, sources, work);
    return isList(entities) ? [...entities] : entities;
  }

  #softDelete(
    criteria: FindCriteria<T>,
    options: UpdateOptions,
    deletion: SoftDeletion,
  ): Promise<UpdateResult> {
    const { context } = this;
    const write = () => softDeleteRecords(context, criteria, options, deletion);
    return observed(context, deletion.method, criteria, write, affectedOf);
  }

  #changeCounter(
    criteria: FindCriteria<T>,
    change: CounterChange,
    options: WriteRequest,
  ): Promise<UpdateResult> {
    const { context } = this;
    const write = (): Promise<UpdateResult> => changeCounter(context, criteria, change, options);
    return observed(context, change.method, criteria, write, affectedOf);
  }

  #changeSet(criteria: FindCriteria<T>, change: SetChange, options: WriteRequest): Promise<UpdateResult> {
    const { context } = this;
    const write = (): Promise<UpdateResult> => changeSet(context, criteria, change, options);
    return observed(context, change.method, criteria, write, affectedOf);
  }
}
