import type { Observable } from 'rxjs';
import { defer } from 'rxjs';
import type { EntityMetadata } from '../metadata/types.js';
import type { CommittedOperation } from '../protocol/operation.js';
import type {
  EntityTarget,
  FindManyOptions,
  FindOneOptions,
  FindStreamOptions,
  FindWhere,
} from '../query/index.js';
import { compileQuery, compileQueryForOne } from '../query/index.js';
import type { EntityEvent, LiveOptions } from '../realtime/index.js';
import { entityEvents, live, liveOne, rawEvents } from '../realtime/index.js';
import type { EntityContext } from './entity-context.js';
import type { EntityManager } from './entity-manager.js';
import { assertObject } from './instances.js';
import { EntityNotFoundError } from './write-errors.js';

/** The reading half of a {@link Repository}: what a service needs that must not write. */
export class ReadableRepository<T extends object> {
  /** The entity class. */
  readonly target: EntityTarget<T>;
  /** The manager this repository belongs to. */
  readonly manager: EntityManager;

  constructor(target: EntityTarget<T>, manager: EntityManager) {
    this.target = target;
    this.manager = manager;
  }

  /** What the mapper knows about the entity class. */
  get metadata(): EntityMetadata<T> {
    return this.context.metadata;
  }

  /** The entities that meet the options; all without options. */
  async find(options?: FindManyOptions<T>): Promise<T[]> {
    const { reader, metadata } = this.context;
    return reader.find(compileQuery(metadata, options));
  }

  /** The entities that meet `where`. */
  async findBy(where: FindWhere<T>): Promise<T[]> {
    return this.find({ where });
  }

  /** The first entity that meets the options, or null. */
  async findOne(options: FindOneOptions<T>): Promise<T | null> {
    const { reader, metadata } = this.context;
    return reader.findOne(compileQueryForOne(metadata, options));
  }

  /** The first entity that meets `where`, or null. */
  async findOneBy(where: FindWhere<T>): Promise<T | null> {
    return this.findOne({ where });
  }

  /**
   * The first entity that meets the options.
   *
   * @throws EntityNotFoundError
   */
  async findOneOrFail(options: FindOneOptions<T>): Promise<T> {
    return (await this.findOne(options)) ?? this.#notFound(options.where);
  }

  /**
   * The first entity that meets `where`.
   *
   * @throws EntityNotFoundError
   */
  async findOneByOrFail(where: FindWhere<T>): Promise<T> {
    return (await this.findOneBy(where)) ?? this.#notFound(where);
  }

  /** The entities that meet the options, and how many there are regardless of `skip` and `take`. */
  async findAndCount(options?: FindManyOptions<T>): Promise<[T[], number]> {
    const { reader, metadata } = this.context;
    return reader.findAndCount(compileQuery(metadata, options));
  }

  /** The entities that meet `where`, and their number. */
  async findAndCountBy(where: FindWhere<T>): Promise<[T[], number]> {
    return this.findAndCount({ where });
  }

  /** Whether any entity meets the options. */
  async exists(options?: FindManyOptions<T>): Promise<boolean> {
    const { reader, metadata } = this.context;
    return reader.exists(compileQuery(metadata, options));
  }

  /** Whether any entity meets `where`. */
  async existsBy(where: FindWhere<T>): Promise<boolean> {
    return this.exists({ where });
  }

  /** How many entities meet the options, regardless of `skip` and `take`. */
  async count(options?: FindManyOptions<T>): Promise<number> {
    const { reader, metadata } = this.context;
    return reader.count(compileQuery(metadata, options));
  }

  /** How many entities meet `where`. */
  async countBy(where: FindWhere<T>): Promise<number> {
    return this.count({ where });
  }

  /** The entities with these slugs, in their order; absent ones are left out. */
  async getMany(slugs: readonly string[]): Promise<T[]> {
    return this.context.reader.getMany(slugs);
  }

  /** The entities that meet the options, one after another, read page by page in store order. */
  async *stream(options?: FindStreamOptions<T>): AsyncGenerator<T, void, undefined> {
    const { reader, metadata } = this.context;
    yield* reader.stream(compileQuery(metadata, options));
  }

  /** The revision the entity was loaded or last saved at; undefined when it was not. What `ifMatch` takes. */
  revisionOf(entity: T): number | undefined {
    assertObject(this.context, entity);
    return this.context.mapper.revisionOf(entity);
  }

  /**
   * What happens to the records of the class from the moment of subscribing, one's own writes included. Cold. Errors
   * with `not_supported` where the transport has no realtime.
   */
  events(): Observable<EntityEvent<T>> {
    return defer(() => entityEvents(this.context));
  }

  /** The committed operations below the entity's prefix, or those that match a pattern. Cold. */
  rawEvents(pattern?: string): Observable<CommittedOperation> {
    return defer(() => rawEvents(this.context, pattern));
  }

  /** The list `find(options)` gives now, then a new one after every change that affects it. Cold. */
  live(options?: LiveOptions<T>): Observable<T[]> {
    return defer(() => live(this.context, options));
  }

  /** The entity with a slug, or the first that meets a where, now and after every change of it; null while there is none. Cold. */
  liveOne(criteria: string | FindWhere<T>): Observable<T | null> {
    return defer(() => liveOne(this.context, criteria));
  }

  /** What this repository works with just now. @internal */
  protected get context(): EntityContext<T> {
    return this.manager.contexts.contextOf(this.target);
  }

  #notFound(criteria: unknown): never {
    throw new EntityNotFoundError(this.metadata.name, criteria);
  }
}
