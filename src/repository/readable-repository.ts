import type { Observable } from 'rxjs';
import { defer } from 'rxjs';
import type { EntityMetadata } from '../metadata/types.js';
import type { CommittedOperation } from '../protocol/requests/operation.js';
import type {
  AnySelect,
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
import { compilePageQuery, compileQuery, compileQueryForOne, impliedWithoutOrder } from '../query/index.js';
import type { EntityEvent, FillIn, LiveOneOptions, LiveOptions } from '../realtime/index.js';
import { entityEvents, live, liveOne, rawEvents } from '../realtime/index.js';
import { RepositoryAbsences } from './absent/repository-absences.js';
import { aggregateOf } from './aggregate.js';
import type { EntityContext, EntityContexts } from './entity-context.js';
import type { EntityManager } from './entity-manager.js';
import { livePopulated } from './populate/live-populated.js';
import type { GetManyOptions } from './populate/many.js';
import { manyOf } from './populate/many.js';
import { populated, populatedStream } from './populate/populated.js';
import { assertObject } from './prepare/instances.js';
import { lengthOf, observed, observedRead, oneOrNone, subjectOf, whereOf } from './observed.js';
import { EntityNotFoundError } from './prepare/write-errors.js';
import type { NumericProperty, OrderedProperty, SumOf } from './requests/property-types.js';

/** The reading half of a {@link Repository}: what a service needs that must not write. */
export class ReadableRepository<T extends object> extends RepositoryAbsences {
  /** The entity class. */
  readonly target: EntityTarget<T>;
  /** The manager this repository belongs to. */
  readonly manager: EntityManager;

  /** To be had from `getRepository()`, which keeps one for each class. */
  constructor(target: EntityTarget<T>, manager: EntityManager) {
    super();
    this.target = target;
    this.manager = manager;
  }

  /**
   * What the mapper knows about the entity class.
   *
   * @throws DustError `not_initialized`, `closed`, `invalid_metadata`
   */
  get metadata(): EntityMetadata<T> {
    return this.context.metadata;
  }

  /**
   * The entities that meet the options; all without options.
   *
   * @example
   * const unread = await links.find({ where: { note: IsNull() }, order: { title: 'ASC' }, take: 20 });
   *
   * @throws DustError `invalid_criteria` for a `where` that is empty, names an unknown property or gives it a value
   * it cannot have; `invalid_options` for any other option that is wrong; `aborted`; with `onInvalidRecord: 'throw'`
   * an InvalidRecordError; what every read may meet
   */
  find<K extends DataProperty<T> = never, const P extends FindOptionsPopulate<T> = never>(
    options: Populating<FindManyOptions<T>, P & OnlyReferences<T, P>, K>,
  ): Promise<Populated<T, P, K>[]>;
  /** The entities that meet the options, with these properties alone. */
  find<K extends DataProperty<T>>(options: Selecting<FindManyOptions<T>, K>): Promise<Pick<T, K>[]>;
  /** The entities that meet the options, with all their properties; all entities without options. */
  find(options?: FindManyOptions<T>): Promise<T[]>;
  async find(options?: AnySelect<FindManyOptions<T>>): Promise<T[]> {
    const { context } = this;
    return observedRead(
      context,
      'find',
      whereOf(options),
      (onRead) => {
        const query = compileQuery(context.metadata, options, onRead);
        return populated(this.manager.contexts, context, query, () => context.reader.find(query), asTheyAre);
      },
      lengthOf,
    );
  }

  /**
   * The entities that meet `where`.
   *
   * @throws DustError as {@link find} does
   */
  async findBy(where: FindWhere<T>): Promise<T[]> {
    return this.find({ where });
  }

  /**
   * The first entity that meets the options, or null.
   *
   * @throws DustError as {@link find} does, and `invalid_criteria` without a `where`
   */
  findOne<K extends DataProperty<T> = never, const P extends FindOptionsPopulate<T> = never>(
    options: Populating<FindOneOptions<T>, P & OnlyReferences<T, P>, K>,
  ): Promise<Populated<T, P, K> | null>;
  /** The first entity that meets the options, with these properties alone, or null. */
  findOne<K extends DataProperty<T>>(options: Selecting<FindOneOptions<T>, K>): Promise<Pick<T, K> | null>;
  /** The first entity that meets the options, with all its properties, or null. */
  findOne(options: FindOneOptions<T>): Promise<T | null>;
  async findOne(options: AnySelect<FindOneOptions<T>>): Promise<T | null> {
    return firstOf(this.manager.contexts, this.context, options);
  }

  /**
   * The first entity that meets `where`, or null.
   *
   * @throws DustError as {@link findOne} does
   */
  async findOneBy(where: FindWhere<T>): Promise<T | null> {
    return this.findOne({ where });
  }

  /**
   * The first entity that meets the options.
   *
   * @throws EntityNotFoundError when there is none; DustError as {@link findOne} does
   */
  findOneOrFail<K extends DataProperty<T> = never, const P extends FindOptionsPopulate<T> = never>(
    options: Populating<FindOneOptions<T>, P & OnlyReferences<T, P>, K>,
  ): Promise<Populated<T, P, K>>;
  /** The first entity that meets the options, with these properties alone. */
  findOneOrFail<K extends DataProperty<T>>(options: Selecting<FindOneOptions<T>, K>): Promise<Pick<T, K>>;
  /** The first entity that meets the options, with all its properties. */
  findOneOrFail(options: FindOneOptions<T>): Promise<T>;
  async findOneOrFail(options: AnySelect<FindOneOptions<T>>): Promise<T> {
    return (await firstOf(this.manager.contexts, this.context, options)) ?? notFound(this, options.where);
  }

  /**
   * The first entity that meets `where`.
   *
   * @throws EntityNotFoundError when there is none; DustError as {@link findOne} does
   */
  async findOneByOrFail(where: FindWhere<T>): Promise<T> {
    return (await this.findOneBy(where)) ?? notFound(this, where);
  }

  /**
   * The entities that meet the options, and how many there are regardless of `skip` and `take`.
   *
   * @throws DustError as {@link find} does
   */
  findAndCount<K extends DataProperty<T> = never, const P extends FindOptionsPopulate<T> = never>(
    options: Populating<FindManyOptions<T>, P & OnlyReferences<T, P>, K>,
  ): Promise<[Populated<T, P, K>[], number]>;
  /** The entities that meet the options, with these properties alone, and how many there are. */
  findAndCount<K extends DataProperty<T>>(
    options: Selecting<FindManyOptions<T>, K>,
  ): Promise<[Pick<T, K>[], number]>;
  /** The entities that meet the options, with all their properties, and how many there are. */
  findAndCount(options?: FindManyOptions<T>): Promise<[T[], number]>;
  async findAndCount(options?: AnySelect<FindManyOptions<T>>): Promise<[T[], number]> {
    const { context } = this;
    return observedRead(
      context,
      'findAndCount',
      whereOf(options),
      (onRead) => {
        const query = compileQuery(context.metadata, options, onRead);
        return populated(
          this.manager.contexts,
          context,
          query,
          () => context.reader.findAndCount(query),
          ([found]) => found,
        );
      },
      ([found]) => found.length,
    );
  }

  /**
   * The entities that meet `where`, and their number.
   *
   * @throws DustError as {@link find} does
   */
  async findAndCountBy(where: FindWhere<T>): Promise<[T[], number]> {
    return this.findAndCount({ where });
  }

  /**
   * One page of the entities that meet the options, and the cursor of the next one. Pages stay where they are while records come and
   * go: no record that stays is on two of them, and none is passed over.
   *
   * @example
   * let page = await links.findPage({ order: { title: 'ASC' }, take: 20 });
   * while (page.hasMore) page = await links.findPage({ order: { title: 'ASC' }, take: 20, after: page.cursor });
   *
   * @throws DustError as {@link find} does, and `invalid_options` with detail `invalid_cursor` for an `after` that is no cursor of
   * these options
   */
  findPage<K extends DataProperty<T> = never, const P extends FindOptionsPopulate<T> = never>(
    options: Populating<FindPageOptions<T>, P & OnlyReferences<T, P>, K>,
  ): Promise<Page<Populated<T, P, K>>>;
  /** One page of the entities that meet the options, with these properties alone. */
  findPage<K extends DataProperty<T>>(options: Selecting<FindPageOptions<T>, K>): Promise<Page<Pick<T, K>>>;
  /** One page of the entities that meet the options, with all their properties. */
  findPage(options?: FindPageOptions<T>): Promise<Page<T>>;
  async findPage(options: AnySelect<FindPageOptions<T>> = {}): Promise<Page<T>> {
    const { context } = this;
    return observedRead(
      context,
      'findPage',
      whereOf(options),
      (onRead) => {
        const page = compilePageQuery(context.metadata, options, onRead);
        return populated(
          this.manager.contexts,
          context,
          page.query,
          () => context.reader.findPage(page),
          ({ items }) => items,
        );
      },
      ({ items }) => items.length,
    );
  }

  /**
   * How {@link find} would look for what meets the options, and what that costs: it is carried out.
   *
   * @throws DustError as {@link find} does
   */
  async explain(options?: FindManyOptions<T>): Promise<QueryExplanation> {
    const { reader, metadata } = this.context;
    return reader.explain(compileQuery(metadata, options));
  }

  /**
   * Whether any entity meets the options.
   *
   * @throws DustError as {@link find} does
   */
  async exists(options?: FindManyOptions<T>): Promise<boolean> {
    const { context } = this;
    return observedRead(
      context,
      'exists',
      whereOf(options),
      (onRead) => context.reader.exists(compileQuery(context.metadata, options, onRead)),
      Number,
    );
  }

  /**
   * Whether any entity meets `where`.
   *
   * @throws DustError as {@link find} does
   */
  async existsBy(where: FindWhere<T>): Promise<boolean> {
    return this.exists({ where });
  }

  /**
   * How many entities meet the options, regardless of `skip` and `take`.
   *
   * @throws DustError as {@link find} does
   */
  async count(options?: FindManyOptions<T>): Promise<number> {
    const { context } = this;
    return observedRead(
      context,
      'count',
      whereOf(options),
      (onRead) => context.reader.count(compileQuery(context.metadata, options, onRead)),
      Number,
    );
  }

  /**
   * How many entities meet `where`.
   *
   * @throws DustError as {@link find} does
   */
  async countBy(where: FindWhere<T>): Promise<number> {
    return this.count({ where });
  }

  /**
   * The sum of a property over all entities, or over those that meet `where`; null where none has a value. Of bigints and decimals it is
   * exact: a bigint, and text with as many decimals as the value that has most. Of a property behind a transformer, the sum of
   * what the property holds.
   *
   * @throws DustError as {@link find} does, and `invalid_criteria` for a property that holds no numbers
   */
  async sum<K extends NumericProperty<T>>(
    property: K,
    where?: FindWhere<T>,
    options?: ScopeOptions,
  ): Promise<SumOf<NonNullable<T[K]>> | null> {
    return aggregateOf(this.context, 'sum', property, where, options);
  }

  /**
   * The mean of a property, always a number; null where no entity has a value. In everything else as {@link sum}.
   *
   * @throws DustError as {@link sum} does
   */
  async average(
    property: NumericProperty<T>,
    where?: FindWhere<T>,
    options?: ScopeOptions,
  ): Promise<number | null> {
    return aggregateOf(this.context, 'average', property, where, options);
  }

  /**
   * The least value of a property over all entities, or over those that meet `where`, as `order` would put it first; null where none has
   * a value.
   *
   * @throws DustError as {@link find} does, and `invalid_criteria` for a property whose values have no order
   */
  async minimum<K extends OrderedProperty<T>>(
    property: K,
    where?: FindWhere<T>,
    options?: ScopeOptions,
  ): Promise<NonNullable<T[K]> | null> {
    return aggregateOf(this.context, 'minimum', property, where, options);
  }

  /**
   * The greatest value of a property. In everything else as {@link minimum}.
   *
   * @throws DustError as {@link minimum} does
   */
  async maximum<K extends OrderedProperty<T>>(
    property: K,
    where?: FindWhere<T>,
    options?: ScopeOptions,
  ): Promise<NonNullable<T[K]> | null> {
    return aggregateOf(this.context, 'maximum', property, where, options);
  }

  /**
   * The entities with these slugs, in their order; absent ones are left out, and those that are deleted or not within the default scope.
   *
   * @throws DustError `invalid_criteria` for what is no list of slugs, `invalid_options`; with `onInvalidRecord: 'throw'` an
   * InvalidRecordError; what every read may meet
   */
  getMany<const P extends FindOptionsPopulate<T>>(
    slugs: readonly string[],
    options: ScopeOptions & PopulateOption<P & OnlyReferences<T, P>>,
  ): Promise<Populated<T, P>[]>;
  /** The entities with these slugs, in their order. */
  getMany(slugs: readonly string[], options?: GetManyOptions<T>): Promise<T[]>;
  async getMany(slugs: readonly string[], options?: AnySelect<GetManyOptions<T>>): Promise<T[]> {
    const { context } = this;
    return observed(
      context,
      'getMany',
      slugs,
      () => manyOf(this.manager.contexts, context, slugs, options),
      lengthOf,
    );
  }

  /**
   * The entities that meet the options, one after another, read page by page in store order.
   *
   * @throws DustError as {@link find} does, when the first entity is asked for or in the middle; `invalid_options`
   * for an `order`
   */
  stream<K extends DataProperty<T> = never, const P extends FindOptionsPopulate<T> = never>(
    options: Populating<FindStreamOptions<T>, P & OnlyReferences<T, P>, K>,
  ): AsyncGenerator<Populated<T, P, K>, void, undefined>;
  /** The entities that meet the options, with these properties alone, one after another. */
  stream<K extends DataProperty<T>>(
    options: Selecting<FindStreamOptions<T>, K>,
  ): AsyncGenerator<Pick<T, K>, void, undefined>;
  /** The entities that meet the options, with all their properties, one after another. */
  stream(options?: FindStreamOptions<T>): AsyncGenerator<T, void, undefined>;
  async *stream(options?: AnySelect<FindStreamOptions<T>>): AsyncGenerator<T, void, undefined> {
    const { context } = this;
    const { metadata, observer } = context;
    const records = (): AsyncGenerator<T, void, undefined> => {
      const query = compileQuery(metadata, options, undefined, impliedWithoutOrder);
      return populatedStream(this.manager.contexts, context, query);
    };
    yield* observer.isTracing
      ? observer.iterate(subjectOf('stream', metadata, whereOf(options)), records)
      : records();
  }

  /**
   * The revision the entity was loaded or last saved at; undefined when it was not. What `ifMatch` takes.
   *
   * @throws DustError `invalid_value` for what is no object
   */
  revisionOf(entity: T): number | undefined {
    assertObject(this.context, entity);
    return this.context.mapper.revisionOf(entity);
  }

  /**
   * What happens to the records of the class from the moment of subscribing, one's own writes included. Cold. A record that is deleted
   * softly, or leaves the default scope, is `deleted` to those who do not ask for such ones, and `upserted` when it comes back.
   *
   * @example
   * const subscription = links.events().subscribe((event) => {
   *   if (event.type === 'upserted') console.log(event.slug, event.entity.title);
   *   else console.log(event.slug, 'is gone');
   * });
   *
   * @throws DustError as an error of the Observable: `not_supported` where the transport has no realtime,
   * `not_initialized`, `closed`, `invalid_metadata`; with `onInvalidRecord: 'throw'` an InvalidRecordError
   */
  events(options?: ScopeOptions): Observable<EntityEvent<T>> {
    return defer(() => entityEvents(this.context, options));
  }

  /**
   * The committed operations below the entity's prefix, or those that match a pattern. Cold.
   *
   * @throws DustError as an error of the Observable: as {@link events} does, and `invalid_params` for a malformed
   * pattern
   */
  rawEvents(pattern?: string): Observable<CommittedOperation> {
    return defer(() => rawEvents(this.context, pattern));
  }

  /**
   * The list `find(options)` gives now, then a new one after every change that affects it. Cold.
   *
   * @example
   * const subscription = links.live({ where: { note: IsNull() } }).subscribe((unread) => {
   *   console.log(unread.map(({ title }) => title));
   * });
   *
   * @throws DustError as an error of the Observable: as {@link find} and {@link events} do
   */
  live<K extends DataProperty<T> = never, const P extends FindOptionsPopulate<T> = never>(
    options: Populating<LiveOptions<T>, P & OnlyReferences<T, P>, K>,
  ): Observable<Populated<T, P, K>[]>;
  /** The list `find(options)` gives now, with these properties alone, then a new one after every change that affects it. Cold. */
  live<K extends DataProperty<T>>(options: Selecting<LiveOptions<T>, K>): Observable<Pick<T, K>[]>;
  /** The list `find(options)` gives now, with all properties, then a new one after every change that affects it. Cold. */
  live(options?: LiveOptions<T>): Observable<T[]>;
  live(options?: AnySelect<LiveOptions<T>>): Observable<T[]> {
    return defer(() => live(this.context, options, fillingIn(this.manager.contexts, this.context)));
  }

  /**
   * The entity with a slug, or the first that meets a where, now and after every change of it; null while there is none. Cold.
   *
   * @throws DustError as an error of the Observable: as {@link findOne} and {@link events} do
   */
  liveOne<const P extends FindOptionsPopulate<T>>(
    criteria: string | FindWhere<T>,
    options: PopulateOption<P & OnlyReferences<T, P>>,
  ): Observable<Populated<T, P> | null>;
  /** The entity with a slug, or the first that meets a where, now and after every change of it; null while there is none. Cold. */
  liveOne(criteria: string | FindWhere<T>, options?: LiveOneOptions<T>): Observable<T | null>;
  liveOne(criteria: string | FindWhere<T>, options?: AnySelect<LiveOneOptions<T>>): Observable<T | null> {
    return defer(() =>
      liveOne(this.context, criteria, options, fillingIn(this.manager.contexts, this.context)),
    );
  }

  /** What this repository works with just now. @internal */
  protected get context(): EntityContext<T> {
    return this.manager.contexts.contextOf(this.target);
  }
}

/** The first entity that meets the options, with its references filled in. */
function firstOf<T extends object>(
  contexts: EntityContexts,
  context: EntityContext<T>,
  options: AnySelect<FindOneOptions<T>>,
): Promise<T | null> {
  return observedRead(
    context,
    'findOne',
    whereOf(options),
    async (onRead) => {
      const query = compileQueryForOne(context.metadata, options, onRead);
      return populated(
        contexts,
        context,
        query,
        () => context.reader.findOne(query),
        (found) => (found === null ? [] : [found]),
      );
    },
    oneOrNone,
  );
}

function fillingIn<T extends object>(contexts: EntityContexts, context: EntityContext<T>): FillIn<T> {
  return (query, list$, key) =>
    context.populatedLists.of(key, livePopulated(contexts, context, query, list$));
}

function notFound<T extends object>({ target, metadata }: ReadableRepository<T>, criteria: unknown): never {
  throw new EntityNotFoundError(target, criteria, metadata.name);
}

/** The entities of a list, which are those to fill in. */
function asTheyAre<T>(found: readonly T[]): readonly T[] {
  return found;
}
