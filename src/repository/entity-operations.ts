import type {
  DataProperty,
  DeepPartial,
  EntityTarget,
  FindCriteria,
  FindManyOptions,
  FindOneOptions,
  FindPageOptions,
  FindStreamOptions,
  FindWhere,
  FindOptionsPopulate,
  OnlyReferences,
  Page,
  Populated,
  Populating,
  QueryExplanation,
  ScopeOptions,
  Selecting,
} from '../query/index.js';
import { EntityManagerAbsences } from './absent/entity-manager-absences.js';
import type { BulkInsertOptions, RecordSource } from './write/bulk-insert.js';
import { isList } from './requests/lists.js';
import type {
  CounterProperty,
  NumericProperty,
  OrderedProperty,
  SetMember,
  SetProperty,
  SumOf,
} from './requests/property-types.js';
import type { Repository } from './repository.js';
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
export abstract class EntityOperations extends EntityManagerAbsences {
  /** The repository of an entity class, the same one each time. */
  abstract getRepository<T extends object>(entity: EntityTarget<T>): Repository<T>;

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

  /** See {@link Repository.find}. */
  find<T extends object, K extends DataProperty<T> = never, const P extends FindOptionsPopulate<T> = never>(
    entity: EntityTarget<T>,
    options: Populating<FindManyOptions<T>, P & OnlyReferences<T, P>, K>,
  ): Promise<Populated<T, P, K>[]>;
  /** See {@link Repository.find}. */
  find<T extends object, K extends DataProperty<T>>(
    entity: EntityTarget<T>,
    options: Selecting<FindManyOptions<T>, K>,
  ): Promise<Pick<T, K>[]>;
  /** See {@link Repository.find}. */
  find<T extends object>(entity: EntityTarget<T>, options?: FindManyOptions<T>): Promise<T[]>;
  find<T extends object>(entity: EntityTarget<T>, options?: FindManyOptions<T>): Promise<T[]> {
    return this.getRepository(entity).find(options);
  }

  /** See {@link Repository.findBy}. */
  findBy<T extends object>(entity: EntityTarget<T>, where: FindWhere<T>): Promise<T[]> {
    return this.getRepository(entity).findBy(where);
  }

  /** See {@link Repository.findOne}. */
  findOne<
    T extends object,
    K extends DataProperty<T> = never,
    const P extends FindOptionsPopulate<T> = never,
  >(
    entity: EntityTarget<T>,
    options: Populating<FindOneOptions<T>, P & OnlyReferences<T, P>, K>,
  ): Promise<Populated<T, P, K> | null>;
  /** See {@link Repository.findOne}. */
  findOne<T extends object, K extends DataProperty<T>>(
    entity: EntityTarget<T>,
    options: Selecting<FindOneOptions<T>, K>,
  ): Promise<Pick<T, K> | null>;
  /** See {@link Repository.findOne}. */
  findOne<T extends object>(entity: EntityTarget<T>, options: FindOneOptions<T>): Promise<T | null>;
  findOne<T extends object>(entity: EntityTarget<T>, options: FindOneOptions<T>): Promise<T | null> {
    return this.getRepository(entity).findOne(options);
  }

  /** See {@link Repository.findOneBy}. */
  findOneBy<T extends object>(entity: EntityTarget<T>, where: FindWhere<T>): Promise<T | null> {
    return this.getRepository(entity).findOneBy(where);
  }

  /** See {@link Repository.findOneOrFail}. */
  findOneOrFail<
    T extends object,
    K extends DataProperty<T> = never,
    const P extends FindOptionsPopulate<T> = never,
  >(
    entity: EntityTarget<T>,
    options: Populating<FindOneOptions<T>, P & OnlyReferences<T, P>, K>,
  ): Promise<Populated<T, P, K>>;
  /** See {@link Repository.findOneOrFail}. */
  findOneOrFail<T extends object, K extends DataProperty<T>>(
    entity: EntityTarget<T>,
    options: Selecting<FindOneOptions<T>, K>,
  ): Promise<Pick<T, K>>;
  /** See {@link Repository.findOneOrFail}. */
  findOneOrFail<T extends object>(entity: EntityTarget<T>, options: FindOneOptions<T>): Promise<T>;
  findOneOrFail<T extends object>(entity: EntityTarget<T>, options: FindOneOptions<T>): Promise<T> {
    return this.getRepository(entity).findOneOrFail(options);
  }

  /** See {@link Repository.findOneByOrFail}. */
  findOneByOrFail<T extends object>(entity: EntityTarget<T>, where: FindWhere<T>): Promise<T> {
    return this.getRepository(entity).findOneByOrFail(where);
  }

  /** See {@link Repository.findAndCount}. */
  findAndCount<
    T extends object,
    K extends DataProperty<T> = never,
    const P extends FindOptionsPopulate<T> = never,
  >(
    entity: EntityTarget<T>,
    options: Populating<FindManyOptions<T>, P & OnlyReferences<T, P>, K>,
  ): Promise<[Populated<T, P, K>[], number]>;
  /** See {@link Repository.findAndCount}. */
  findAndCount<T extends object, K extends DataProperty<T>>(
    entity: EntityTarget<T>,
    options: Selecting<FindManyOptions<T>, K>,
  ): Promise<[Pick<T, K>[], number]>;
  /** See {@link Repository.findAndCount}. */
  findAndCount<T extends object>(
    entity: EntityTarget<T>,
    options?: FindManyOptions<T>,
  ): Promise<[T[], number]>;
  findAndCount<T extends object>(
    entity: EntityTarget<T>,
    options?: FindManyOptions<T>,
  ): Promise<[T[], number]> {
    return this.getRepository(entity).findAndCount(options);
  }

  /** See {@link Repository.findPage}. */
  findPage<
    T extends object,
    K extends DataProperty<T> = never,
    const P extends FindOptionsPopulate<T> = never,
  >(
    entity: EntityTarget<T>,
    options: Populating<FindPageOptions<T>, P & OnlyReferences<T, P>, K>,
  ): Promise<Page<Populated<T, P, K>>>;
  /** See {@link Repository.findPage}. */
  findPage<T extends object, K extends DataProperty<T>>(
    entity: EntityTarget<T>,
    options: Selecting<FindPageOptions<T>, K>,
  ): Promise<Page<Pick<T, K>>>;
  /** See {@link Repository.findPage}. */
  findPage<T extends object>(entity: EntityTarget<T>, options?: FindPageOptions<T>): Promise<Page<T>>;
  findPage<T extends object>(entity: EntityTarget<T>, options?: FindPageOptions<T>): Promise<Page<T>> {
    return this.getRepository(entity).findPage(options);
  }

  /** See {@link Repository.explain}. */
  explain<T extends object>(
    entity: EntityTarget<T>,
    options?: FindManyOptions<T>,
  ): Promise<QueryExplanation> {
    return this.getRepository(entity).explain(options);
  }

  /** See {@link Repository.findAndCountBy}. */
  findAndCountBy<T extends object>(entity: EntityTarget<T>, where: FindWhere<T>): Promise<[T[], number]> {
    return this.getRepository(entity).findAndCountBy(where);
  }

  /** See {@link Repository.exists}. */
  exists<T extends object>(entity: EntityTarget<T>, options?: FindManyOptions<T>): Promise<boolean> {
    return this.getRepository(entity).exists(options);
  }

  /** See {@link Repository.existsBy}. */
  existsBy<T extends object>(entity: EntityTarget<T>, where: FindWhere<T>): Promise<boolean> {
    return this.getRepository(entity).existsBy(where);
  }

  /** See {@link Repository.count}. */
  count<T extends object>(entity: EntityTarget<T>, options?: FindManyOptions<T>): Promise<number> {
    return this.getRepository(entity).count(options);
  }

  /** See {@link Repository.countBy}. */
  countBy<T extends object>(entity: EntityTarget<T>, where: FindWhere<T>): Promise<number> {
    return this.getRepository(entity).countBy(where);
  }

  /** See {@link Repository.sum}. */
  sum<T extends object, K extends NumericProperty<T>>(
    entity: EntityTarget<T>,
    property: K,
    where?: FindWhere<T>,
    options?: ScopeOptions,
  ): Promise<SumOf<NonNullable<T[K]>> | null> {
    return this.getRepository(entity).sum(property, where, options);
  }

  /** See {@link Repository.average}. */
  average<T extends object>(
    entity: EntityTarget<T>,
    property: NumericProperty<T>,
    where?: FindWhere<T>,
    options?: ScopeOptions,
  ): Promise<number | null> {
    return this.getRepository(entity).average(property, where, options);
  }

  /** See {@link Repository.minimum}. */
  minimum<T extends object, K extends OrderedProperty<T>>(
    entity: EntityTarget<T>,
    property: K,
    where?: FindWhere<T>,
    options?: ScopeOptions,
  ): Promise<NonNullable<T[K]> | null> {
    return this.getRepository(entity).minimum(property, where, options);
  }

  /** See {@link Repository.maximum}. */
  maximum<T extends object, K extends OrderedProperty<T>>(
    entity: EntityTarget<T>,
    property: K,
    where?: FindWhere<T>,
    options?: ScopeOptions,
  ): Promise<NonNullable<T[K]> | null> {
    return this.getRepository(entity).maximum(property, where, options);
  }

  /** See {@link Repository.getMany}. */
  getMany<T extends object>(
    entity: EntityTarget<T>,
    slugs: readonly string[],
    options?: ScopeOptions,
  ): Promise<T[]> {
    return this.getRepository(entity).getMany(slugs, options);
  }

  /** See {@link Repository.stream}. */
  stream<T extends object, K extends DataProperty<T> = never, const P extends FindOptionsPopulate<T> = never>(
    entity: EntityTarget<T>,
    options: Populating<FindStreamOptions<T>, P & OnlyReferences<T, P>, K>,
  ): AsyncGenerator<Populated<T, P, K>, void, undefined>;
  /** See {@link Repository.stream}. */
  stream<T extends object, K extends DataProperty<T>>(
    entity: EntityTarget<T>,
    options: Selecting<FindStreamOptions<T>, K>,
  ): AsyncGenerator<Pick<T, K>, void, undefined>;
  /** See {@link Repository.stream}. */
  stream<T extends object>(
    entity: EntityTarget<T>,
    options?: FindStreamOptions<T>,
  ): AsyncGenerator<T, void, undefined>;
  stream<T extends object>(
    entity: EntityTarget<T>,
    options?: FindManyOptions<T>,
  ): AsyncGenerator<T, void, undefined> {
    return this.getRepository(entity).stream(options);
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
