import type { DeepPartial, EntityTarget, FindCriteria } from '../query/index.js';
import { EntityReads } from './entity-reads.js';
import type { BulkInsertOptions, RecordSource } from './write/bulk-insert.js';
import { isList } from './requests/lists.js';
import type { Repository } from './repository.js';
import type { CounterProperty, SetMember, SetProperty } from './requests/property-types.js';
import type {
  BulkInsertResult,
  ClearResult,
  DeleteResult,
  InsertResult,
  UpdateResult,
} from './requests/results.js';
import type { UpsertOptions } from './requests/upsert-options.js';
import type { DeleteOptions, InsertOptions, UpdateOptions, WriteRequest } from './requests/write-options.js';

/** The methods of {@link Repository} with the class first. */
export abstract class EntityOperations extends EntityReads {
  /** The repository of an entity class, the same one each time. */
  abstract override getRepository<T extends object>(entity: EntityTarget<T>): Repository<T>;

  /** See {@link Repository.create}. */
  create<T extends object>(entity: EntityTarget<T>, likes: readonly DeepPartial<T>[]): T[];
  create<T extends object>(entity: EntityTarget<T>, like?: DeepPartial<T>): T;
  create<T extends object>(
    entity: EntityTarget<T>,
    likes?: DeepPartial<T> | readonly DeepPartial<T>[],
  ): T | T[] {
    const repository = this.getRepository(entity);
    if (likes === undefined) return repository.create();
    return isList(likes) ? repository.create(likes) : repository.create(likes);
  }

  /** See {@link Repository.merge}. */
  merge<T extends object>(entity: EntityTarget<T>, target: T, ...likes: readonly DeepPartial<T>[]): T {
    return this.getRepository(entity).merge(target, ...likes);
  }

  /** See {@link Repository.preload}. */
  preload<T extends object>(entity: EntityTarget<T>, like: DeepPartial<T>): Promise<T | undefined> {
    return this.getRepository(entity).preload(like);
  }

  /** See {@link Repository.insert}. */
  insert<T extends object>(
    entity: EntityTarget<T>,
    entities: DeepPartial<T> | readonly DeepPartial<T>[],
    options?: InsertOptions,
  ): Promise<InsertResult> {
    return this.getRepository(entity).insert(entities, options);
  }

  /** See {@link Repository.upsert}. */
  upsert<T extends object>(
    entity: EntityTarget<T>,
    entities: DeepPartial<T> | readonly DeepPartial<T>[],
    conflict?: UpsertOptions<T>,
  ): Promise<InsertResult> {
    return this.getRepository(entity).upsert(entities, conflict);
  }

  /** See {@link Repository.insertMany}. */
  insertMany<T extends object>(
    entity: EntityTarget<T>,
    records: RecordSource<T>,
    options?: BulkInsertOptions,
  ): Promise<BulkInsertResult> {
    return this.getRepository(entity).insertMany(records, options);
  }

  /** See {@link Repository.update}. */
  update<T extends object>(
    entity: EntityTarget<T>,
    criteria: FindCriteria<T>,
    partial: DeepPartial<T>,
    options?: UpdateOptions,
  ): Promise<UpdateResult> {
    return this.getRepository(entity).update(criteria, partial, options);
  }

  /** See {@link Repository.delete}. */
  delete<T extends object>(
    entity: EntityTarget<T>,
    criteria: FindCriteria<T>,
    options?: DeleteOptions,
  ): Promise<DeleteResult> {
    return this.getRepository(entity).delete(criteria, options);
  }

  /** See {@link Repository.softDelete}. */
  softDelete<T extends object>(
    entity: EntityTarget<T>,
    criteria: FindCriteria<T>,
    options?: UpdateOptions,
  ): Promise<UpdateResult> {
    return this.getRepository(entity).softDelete(criteria, options);
  }

  /** See {@link Repository.restore}. */
  restore<T extends object>(
    entity: EntityTarget<T>,
    criteria: FindCriteria<T>,
    options?: UpdateOptions,
  ): Promise<UpdateResult> {
    return this.getRepository(entity).restore(criteria, options);
  }

  /** See {@link Repository.clear}. */
  clear<T extends object>(entity: EntityTarget<T>, options?: WriteRequest): Promise<ClearResult> {
    return this.getRepository(entity).clear(options);
  }

  /** See {@link Repository.increment}. */
  increment<T extends object>(
    entity: EntityTarget<T>,
    criteria: FindCriteria<T>,
    property: CounterProperty<T>,
    value: number,
    options?: WriteRequest,
  ): Promise<UpdateResult> {
    return this.getRepository(entity).increment(criteria, property, value, options);
  }

  /** See {@link Repository.decrement}. */
  decrement<T extends object>(
    entity: EntityTarget<T>,
    criteria: FindCriteria<T>,
    property: CounterProperty<T>,
    value: number,
    options?: WriteRequest,
  ): Promise<UpdateResult> {
    return this.getRepository(entity).decrement(criteria, property, value, options);
  }

  /** See {@link Repository.addTo}. */
  addTo<T extends object, K extends SetProperty<T>>(
    entity: EntityTarget<T>,
    criteria: FindCriteria<T>,
    property: K,
    member: SetMember<T, K>,
    options?: WriteRequest,
  ): Promise<UpdateResult> {
    return this.getRepository(entity).addTo(criteria, property, member, options);
  }

  /** See {@link Repository.removeFrom}. */
  removeFrom<T extends object, K extends SetProperty<T>>(
    entity: EntityTarget<T>,
    criteria: FindCriteria<T>,
    property: K,
    member: SetMember<T, K>,
    options?: WriteRequest,
  ): Promise<UpdateResult> {
    return this.getRepository(entity).removeFrom(criteria, property, member, options);
  }
}
