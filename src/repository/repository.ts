import type { DeepPartial, FindCriteria } from '../query/index.js';
import type { BulkInsertOptions, RecordSource } from './bulk-insert.js';
import { insertMany } from './bulk-insert.js';
import { clearRecords, deleteRecords, removeEntities } from './delete.js';
import type { CustomMethods } from './custom-methods.js';
import { bindMethods } from './custom-methods.js';
import { changeCounter, changeSet } from './field-operations.js';
import type { FileSource } from './file-content.js';
import type { FileUploadOptions, OpenedFile } from './file-fields.js';
import { openFile, putFile } from './file-fields.js';
import { insertRecords } from './insert.js';
import { assertObject, createInstance, mergeInto } from './instances.js';
import { isList, listOf } from './lists.js';
import type { CounterProperty, FileProperty, SetMember, SetProperty } from './property-types.js';
import type { BulkInsertResult, ClearResult, DeleteResult, InsertResult, UpdateResult } from './results.js';
import { ReadableRepository } from './readable-repository.js';
import { saveEntities, saveEntity } from './save.js';
import { updateRecords } from './update.js';
import type { UpsertOptions } from './upsert-options.js';
import { checkUpsertOptions } from './upsert-options.js';
import type {
  DeleteOptions,
  InsertOptions,
  RemoveOptions,
  SaveOptions,
  UpdateOptions,
  WriteRequest,
} from './write-options.js';

/**
 * The records of one entity class: TypeORM's repository, on a Dust store. Get one from
 * `dataSource.getRepository(Link)`, before or after the data source is initialised.
 *
 * Every method fails with `not_initialized` before `initialize()`, with `closed` after `destroy()`, and with
 * `invalid_metadata` when the class is not among the data source's entities. Those that take criteria fail with
 * `invalid_criteria` when these are undefined, empty or name unknown properties; a bad argument writes nothing.
 */
export class Repository<T extends object> extends ReadableRepository<T> {
  #methods: object = {};

  /** An empty instance; one with the given properties; or a list of those. Nothing is written. */
  create(likes: readonly DeepPartial<T>[]): T[];
  create(like?: DeepPartial<T>): T;
  create(likes?: DeepPartial<T> | readonly DeepPartial<T>[]): T | T[] {
    const context = this.context;
    return isList(likes)
      ? likes.map((like) => createInstance(context, like))
      : createInstance(context, likes);
  }

  /** Copies the defined properties of `likes` onto `target`, the last one winning, and returns it. Nothing is written. */
  merge(target: T, ...likes: readonly DeepPartial<T>[]): T {
    return mergeInto(this.context, target, likes);
  }

  /**
   * The stored record with the slug of `like`, loaded, with the other properties of `like` on it; `undefined` when
   * there is none. Nothing is written: `save` then writes what differs.
   *
   * @throws DustError `invalid_value` when `like` has no slug
   */
  async preload(like: DeepPartial<T>): Promise<T | undefined> {
    const context = this.context;
    assertObject(context, like);
    const entity = await context.reader.readEntity(context.mapper.slugOf(like));
    return entity === null ? undefined : mergeInto(context, entity, [like]);
  }

  /**
   * Writes what changed since the entity was loaded or last saved; everything, when it was not loaded or its record
   * is gone. An unchanged entity is not written. A plain object is taken for a new entity. Several entities are
   * validated before the first is sent and committed in atomic batches where the transport has them.
   *
   * In flat mode other writers' fields survive; in map mode the whole record is replaced. With `@VersionField()`, a
   * loaded entity is saved as if with `ifMatch`.
   *
   * @returns the entity itself, or the instance made of a plain object
   * @throws EntityValidationError; DustError `invalid_value`, `conflict`
   */
  save(entity: T | DeepPartial<T>, options?: SaveOptions): Promise<T>;
  save(entities: readonly (T | DeepPartial<T>)[], options?: SaveOptions): Promise<T[]>;
  async save(
    entities: T | DeepPartial<T> | readonly (T | DeepPartial<T>)[],
    options: SaveOptions = {},
  ): Promise<T | T[]> {
    const { context } = this;
    if (!isList<T | DeepPartial<T>>(entities)) return saveEntity(context, entities, options);
    return saveEntities(
      entities.map((source) => ({ context, source })),
      options,
    );
  }

  /**
   * Validates and writes all fields, whether the record exists or not: an upsert, as Dust defines it. Fields that are
   * undefined are not written. With `{ ifAbsent: true }` it fails where the record exists.
   *
   * @throws EntityValidationError; DustError `invalid_value`, `exists`
   */
  async insert(
    entities: DeepPartial<T> | readonly DeepPartial<T>[],
    options: InsertOptions = {},
  ): Promise<InsertResult> {
    return insertRecords(this.context, listOf(entities), options);
  }

  /**
   * The same as `insert`, for code written against TypeORM.
   *
   * @throws DustError `invalid_options` when `conflict` names another property than the slug
   */
  async upsert(
    entities: DeepPartial<T> | readonly DeepPartial<T>[],
    conflict?: UpsertOptions<T>,
  ): Promise<InsertResult> {
    const context = this.context;
    checkUpsertOptions(context.metadata, conflict);
    return insertRecords(context, listOf(entities), {});
  }

  /**
   * Inserts any number of records in chunks, each validated before its chunk is sent and each chunk committed as a
   * whole where the transport can. A slug may occur once.
   *
   * @throws BulkInsertError naming the record that stopped it and how many were written
   */
  async insertMany(records: RecordSource<T>, options: BulkInsertOptions = {}): Promise<BulkInsertResult> {
    return insertMany(this.context, records, options);
  }

  /**
   * Writes the defined properties of `partial` to every record that meets the criteria. Records that do not exist
   * are not made: `affected` counts those that were there. One deleted by another writer in the very moment between
   * that check and the write is left with the updated fields alone, which readers skip.
   *
   * In map mode the record is read, changed and written back, again if another writer was faster.
   *
   * @throws EntityValidationError; DustError `nothing_to_write`, `invalid_value`, `conflict`
   */
  async update(
    criteria: FindCriteria<T>,
    partial: DeepPartial<T>,
    options: UpdateOptions = {},
  ): Promise<UpdateResult> {
    return updateRecords(this.context, criteria, partial, options);
  }

  /**
   * Deletes the records of these entities and returns them. With `@VersionField()`, a loaded entity is removed as if
   * with `ifMatch`.
   *
   * @throws DustError `invalid_value` without a slug, `conflict`
   */
  remove(entity: T, options?: RemoveOptions): Promise<T>;
  remove(entities: readonly T[], options?: RemoveOptions): Promise<T[]>;
  async remove(entities: T | readonly T[], options: RemoveOptions = {}): Promise<T | T[]> {
    const { context } = this;
    await removeEntities(
      listOf(entities).map((source) => ({ context, source })),
      options,
    );
    return isList(entities) ? [...entities] : entities;
  }

  /**
   * Deletes every record that meets the criteria, with all its fields.
   *
   * @throws DustError `conflict`
   */
  async delete(criteria: FindCriteria<T>, options: DeleteOptions = {}): Promise<DeleteResult> {
    return deleteRecords(this.context, criteria, options);
  }

  /** Deletes all records of the class in one operation. */
  async clear(options: WriteRequest = {}): Promise<ClearResult> {
    return clearRecords(this.context, options);
  }

  /**
   * Adds `value` to a `@CounterField` of every record that meets the criteria; the store adds, so concurrent
   * increments all count. Other fields, `@UpdatedAtField` among them, are not touched.
   *
   * @throws DustError `invalid_criteria` for a property that is no counter, `not_supported`
   */
  async increment(
    criteria: FindCriteria<T>,
    property: CounterProperty<T>,
    value: number,
    options: WriteRequest = {},
  ): Promise<UpdateResult> {
    return changeCounter(this.context, criteria, { property, value, method: 'increment' }, options);
  }

  /** As {@link increment}, taking `value` away. */
  async decrement(
    criteria: FindCriteria<T>,
    property: CounterProperty<T>,
    value: number,
    options: WriteRequest = {},
  ): Promise<UpdateResult> {
    return changeCounter(this.context, criteria, { property, value, method: 'decrement' }, options);
  }

  /**
   * Adds a member to a `@SetField` of every record that meets the criteria; a member that is there stays once.
   *
   * @throws DustError `invalid_criteria` for a property that is no set, `invalid_value`, `not_supported`
   */
  async addTo<K extends SetProperty<T>>(
    criteria: FindCriteria<T>,
    property: K,
    member: SetMember<T, K>,
    options: WriteRequest = {},
  ): Promise<UpdateResult> {
    return changeSet(this.context, criteria, { property, member, method: 'addTo' }, options);
  }

  /** Takes a member out of a `@SetField` of every record that meets the criteria. Fails as {@link addTo} does. */
  async removeFrom<K extends SetProperty<T>>(
    criteria: FindCriteria<T>,
    property: K,
    member: SetMember<T, K>,
    options: WriteRequest = {},
  ): Promise<UpdateResult> {
    return changeSet(this.context, criteria, { property, member, method: 'removeFrom' }, options);
  }

  /**
   * Stores a file in a `@FileField` of a record.
   *
   * @throws DustError `not_found` when the record does not exist, `invalid_criteria` for a property that is no file,
   * `not_supported`
   */
  async putFile(
    slug: string,
    property: FileProperty<T>,
    content: FileSource,
    options: FileUploadOptions,
  ): Promise<UpdateResult> {
    return putFile(this.context, { slug, property }, content, options);
  }

  /**
   * The file in a `@FileField` of a record; null when there is no record or no file in it.
   *
   * @throws DustError `invalid_criteria` for a property that is no file, `not_supported`
   */
  async openFile(slug: string, property: FileProperty<T>): Promise<OpenedFile | null> {
    return openFile(this.context, { slug, property });
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
}
