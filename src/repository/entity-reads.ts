import type {
  DataProperty,
  EntityTarget,
  FindManyOptions,
  FindOneOptions,
  FindPageOptions,
  FindStreamOptions,
  FindWhere,
  FindOptionsPopulate,
  OnlyReferences,
  Page,
  Populated,
  PopulateOption,
  Populating,
  QueryExplanation,
  ScopeOptions,
  Selecting,
} from '../query/index.js';
import { EntityManagerAbsences } from './absent/entity-manager-absences.js';
import type { GetManyOptions } from './populate/many.js';
import type { Repository } from './repository.js';
import type { NumericProperty, OrderedProperty, SumOf } from './requests/property-types.js';

/** The reading methods of {@link Repository} with the class first. */
export abstract class EntityReads extends EntityManagerAbsences {
  /** The repository of an entity class, the same one each time. */
  abstract getRepository<T extends object>(entity: EntityTarget<T>): Repository<T>;

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
  getMany<T extends object, const P extends FindOptionsPopulate<T>>(
    entity: EntityTarget<T>,
    slugs: readonly string[],
    options: ScopeOptions & PopulateOption<P & OnlyReferences<T, P>>,
  ): Promise<Populated<T, P>[]>;
  /** See {@link Repository.getMany}. */
  getMany<T extends object>(
    entity: EntityTarget<T>,
    slugs: readonly string[],
    options?: GetManyOptions<T>,
  ): Promise<T[]>;
  getMany<T extends object>(
    entity: EntityTarget<T>,
    slugs: readonly string[],
    options?: GetManyOptions<T>,
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
}
