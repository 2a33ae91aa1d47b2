import type { EntityClass } from '../metadata/types.js';
import type { DeepPartial, EntityTarget } from '../query/index.js';
import { removeEntities } from './write/delete.js';
import type { EntityContexts } from './entity-context.js';
import { EntityOperations } from './entity-operations.js';
import type { KeyInput } from './leases/keys.js';
import { keyOutsideEntities } from './leases/keys.js';
import { isList, listOf } from './requests/lists.js';
import type { Lease, LeaseRequest } from './leases/lease.js';
import { acquireLease, checkLeaseRequest } from './leases/lease.js';
import { observedSources, observedWithoutClass } from './observed.js';
import { notAClass } from './requests/option-errors.js';
import { Repository } from './repository.js';
import type { EntitySource } from './write/save.js';
import { saveEntities } from './write/save.js';
import type { SoftDeletion } from './write/soft-delete.js';
import { RECOVER, SOFT_REMOVE, softRemoveEntities } from './write/soft-delete.js';
import type { Computation } from './leases/single-flight.js';
import { SingleFlight } from './leases/single-flight.js';
import type { SingleFlightOptions } from './leases/single-flight-options.js';
import { checkSingleFlightOptions } from './leases/single-flight-options.js';
import type { BatchBuild, BatchOutcome } from './batch/write-batch.js';
import { WriteBatch, outcomeOf } from './batch/write-batch.js';
import type { ConflictRetryOptions } from './commit/retry-on-conflict.js';
import { retryOnConflict } from './commit/retry-on-conflict.js';
import { checkFunction } from './requests/write-options.js';
import type { RemoveOptions, SaveOptions, WriteRequest } from './requests/write-options.js';

/**
 * All entities of a data source, and what concerns several of them or the store itself. Get it from
 * `dataSource.manager`, before or after `initialize()`.
 *
 * Methods fail as those of {@link Repository} do.
 */
export class EntityManager extends EntityOperations {
  /** @internal */
  readonly contexts: EntityContexts;
  readonly #repositories = new Map<EntityClass, object>();

  /** @internal */
  constructor(contexts: EntityContexts) {
    super();
    this.contexts = contexts;
  }

  /**
   * The repository of an entity class, the same one each time.
   *
   * @throws DustError `invalid_metadata` when it is given no class. An unknown class is refused by the repository's methods
   */
  getRepository<T extends object>(entity: EntityTarget<T>): Repository<T> {
    let repository = this.#repositories.get(entity);
    if (repository === undefined) {
      if (typeof entity !== 'function') throw notAClass(entity);
      repository = new Repository<object>(entity, this);
      this.#repositories.set(entity, repository);
    }
    return repository as Repository<T>;
  }

  /**
   * See {@link Repository.save}. Without a class, entities of several classes are saved together.
   *
   * @throws DustError as {@link Repository.save} does, and `invalid_metadata` when nothing tells the class
   */
  save<T extends object>(entities: readonly T[], options?: SaveOptions): Promise<T[]>;
  save<T extends object>(entity: T & { readonly prototype?: never }, options?: SaveOptions): Promise<T>;
  save<T extends object>(
    entity: EntityTarget<T>,
    likes: readonly (NoInfer<T> | DeepPartial<NoInfer<T>>)[],
    options?: SaveOptions,
  ): Promise<T[]>;
  // The last one is what the compiler tells of a call that fits none: of a wrong property, at the property.
  save<T extends object>(
    entity: EntityTarget<T>,
    like: NoInfer<T> | DeepPartial<NoInfer<T>>,
    options?: SaveOptions,
  ): Promise<T>;
  async save(first: object, second?: object, third?: SaveOptions): Promise<unknown> {
    const { target, given, options } = argumentsOf(first, second, third);
    const sources = this.#sourcesOf(target, given);
    const { clock, observer } = this.contexts;
    const work = () => saveEntities(sources, clock, options);
    const saved = await observedSources(observer, 'save', sources, work);
    return isList(given) ? saved : saved[0];
  }

  /**
   * See {@link Repository.remove}. Without a class, entities of several classes are removed together.
   *
   * @throws DustError as {@link Repository.remove} does, and `invalid_metadata` when nothing tells the class
   */
  remove<T extends object>(
    entity: EntityTarget<T>,
    entities: NoInfer<T>,
    options?: RemoveOptions,
  ): Promise<T>;
  remove<T extends object>(
    entity: EntityTarget<T>,
    entities: readonly NoInfer<T>[],
    options?: RemoveOptions,
  ): Promise<T[]>;
  remove<T extends object>(entity: T, options?: RemoveOptions): Promise<T>;
  remove<T extends object>(entities: readonly T[], options?: RemoveOptions): Promise<T[]>;
  async remove(first: object, second?: object, third?: RemoveOptions): Promise<unknown> {
    const { target, given, options } = argumentsOf(first, second, third);
    const sources = this.#sourcesOf(target, given);
    const { clock, observer } = this.contexts;
    await observedSources(observer, 'remove', sources, () => removeEntities(sources, clock, options));
    return given;
  }

  /**
   * See {@link Repository.softRemove}. Without a class, entities of several classes are removed together.
   *
   * @throws DustError as {@link Repository.softRemove} does, and `invalid_metadata` when nothing tells the class
   */
  softRemove<T extends object>(
    entity: EntityTarget<T>,
    entities: NoInfer<T> | DeepPartial<NoInfer<T>>,
    options?: RemoveOptions,
  ): Promise<T>;
  softRemove<T extends object>(
    entity: EntityTarget<T>,
    entities: readonly (NoInfer<T> | DeepPartial<NoInfer<T>>)[],
    options?: RemoveOptions,
  ): Promise<T[]>;
  softRemove<T extends object>(entity: T, options?: RemoveOptions): Promise<T>;
  softRemove<T extends object>(entities: readonly T[], options?: RemoveOptions): Promise<T[]>;
  async softRemove(first: object, second?: object, third?: RemoveOptions): Promise<unknown> {
    return this.#softRemove(argumentsOf(first, second, third), SOFT_REMOVE);
  }

  /**
   * See {@link Repository.recover}. Without a class, entities of several classes come back together.
   *
   * @throws DustError as {@link Repository.recover} does, and `invalid_metadata` when nothing tells the class
   */
  recover<T extends object>(
    entity: EntityTarget<T>,
    entities: NoInfer<T> | DeepPartial<NoInfer<T>>,
    options?: RemoveOptions,
  ): Promise<T>;
  recover<T extends object>(
    entity: EntityTarget<T>,
    entities: readonly (NoInfer<T> | DeepPartial<NoInfer<T>>)[],
    options?: RemoveOptions,
  ): Promise<T[]>;
  recover<T extends object>(entity: T, options?: RemoveOptions): Promise<T>;
  recover<T extends object>(entities: readonly T[], options?: RemoveOptions): Promise<T[]>;
  async recover(first: object, second?: object, third?: RemoveOptions): Promise<unknown> {
    return this.#softRemove(argumentsOf(first, second, third), RECOVER);
  }

  /**
   * Commits the writes that `build` adds in one atomic commit: all or none. Every entity is validated before anything
   * is sent. All entities must lie in one store; at most 1000 operations, of which a record may take several.
   *
   * @returns what `build` returns, when that is something other than undefined and the batch; else what was committed, as
   * `batch.result` has it in any case
   *
   * @example
   * await dataSource.manager.batch((batch) => {
   *   batch.insert(Link, { slug: 'dust', title: 'Dust', url: 'https://dustlayer.io' });
   *   batch.update(Link, 'rxjs', { note: 'read' });
   *   batch.delete(Link, 'old');
   * });
   *
   * @throws EntityValidationError; InvalidValueError for a slug that cannot be stored; DustError `nothing_to_write`
   * when nothing was added, `invalid_params` for more than 1000 operations, `not_supported` where the transport has
   * no atomic batches; `conflict`, `exists` and `not_found` of a single write, with `path` and `opIndex`; what
   * `build` throws; what every write may meet
   */
  async batch<R>(build: BatchBuild<R>, options: WriteRequest = {}): Promise<BatchOutcome<R>> {
    checkFunction('batch', 'its argument', build);
    const batch = new WriteBatch(this.contexts);
    const value = await build(batch);
    const result = await batch.commit(options);
    return outcomeOf(value, result);
  }

  /**
   * Calls `work`, which reads, changes and writes, again from its beginning while another writer is faster: while it fails with
   * `conflict`, up to `attempts` times (10), with a short wait of a random length in between. Make the writes depend on what was
   * read, by `ifMatch` or `@VersionField`, or nothing conflicts; what `work` does besides is done again with it. A
   * PartialWriteError is not tried again, as a part of it is written.
   *
   * @param work is given this manager and the number of the attempt, from 1
   * @returns what the `work` that succeeded returned
   *
   * @example
   * await dataSource.manager.retryOnConflict(async (manager) => {
   *   const link = await manager.findOneByOrFail(Link, { slug: 'dust' });
   *   link.title = `${link.title}!`;
   *   await manager.save(link, { ifMatch: manager.getRepository(Link).revisionOf(link)! });
   * });
   *
   * @throws DustError `conflict` after the last attempt, which says how many there were, with the last error as its `cause`;
   * `aborted` by the signal; `invalid_options`; at once whatever else `work` throws
   */
  async retryOnConflict<R>(
    work: (manager: this, attempt: number) => R | Promise<R>,
    options: ConflictRetryOptions = {},
  ): Promise<R> {
    checkFunction('retryOnConflict', 'its argument', work);
    return retryOnConflict((attempt) => work(this, attempt), options, this.contexts.clock);
  }

  /**
   * Takes the lease `key`: an exclusive right until it runs out or is released (PROTOCOL §6).
   *
   * @example
   * await using lease = await dataSource.manager.lease('jobs/cleanup', { ttl: 30_000 });
   *
   * @throws DustError `held` while somebody else has it, `occupied` when the key holds something else,
   * `invalid_params` for a key that is no path or lies inside an entity's prefix, `invalid_options`, `not_supported`
   * where the transport has no leases, as over HTTP; what every write may meet
   */
  async lease(key: KeyInput, request: LeaseRequest = {}): Promise<Lease> {
    checkLeaseRequest(request);
    const path = keyOutsideEntities(this.contexts, 'lease', key);
    const { observer } = this.contexts;
    const transport = this.contexts.transport();
    return observedWithoutClass(observer, 'lease', {}, () => acquireLease(transport, path, request));
  }

  /**
   * The result published at `key`; computed by one of all callers, in whatever process, when there is none or it is
   * stale. The others wait for it. At least once, not exactly once: when the computing process dies, another takes
   * over. An error of `compute` reaches its own caller only; others then try in turn. The result lies at the key as a JSON
   * string, where clients of other languages find it, and may have been published by one of them.
   *
   * @example
   * const report = await dataSource.manager.singleFlight('reports/today', makeReport, { staleAfter: 60_000 });
   *
   * @throws DustError `occupied` when the key holds something else, `invalid_value` when the result is not JSON,
   * `invalid_params` for a key inside an entity's prefix, `aborted`, `not_supported`; what every write may meet, unless
   * `onUnavailable` is `run`
   */
  async singleFlight<T>(
    key: KeyInput,
    compute: Computation<T>,
    options: SingleFlightOptions<NoInfer<T>> = {},
  ): Promise<T> {
    checkFunction('singleFlight', 'compute', compute);
    checkSingleFlightOptions(options);
    const path = keyOutsideEntities(this.contexts, 'single-flight', key);
    const { fresh, ...others } = options;
    const untyped = fresh && { fresh: (value: unknown): boolean | Promise<boolean> => fresh(value as T) };
    const flight = new SingleFlight(this.contexts.transport(), this.contexts.clock, path, compute, {
      ...others,
      ...untyped,
    });
    const { observer } = this.contexts;
    return (await observedWithoutClass(observer, 'singleFlight', {}, () => flight.run())) as T;
  }

  async #softRemove(
    { target, given, options }: EntityArguments,
    deletion: SoftDeletion,
  ): Promise<object | undefined> {
    const sources = this.#sourcesOf(target, given);
    const { clock, observer } = this.contexts;
    const work = () => softRemoveEntities(sources, clock, options, deletion);
    await observedSources(observer, deletion.method, sources, work);
    return given;
  }

  #sourcesOf(target: EntityClass | undefined, given: unknown): EntitySource<object>[] {
    return listOf<unknown>(given).map((source) => ({
      context: this.contexts.contextOf(target ?? this.contexts.classOf(source)),
      source,
    }));
  }
}

/** The arguments of `save` and `remove`, with the class first or without. */
interface EntityArguments {
  readonly target: EntityClass | undefined;
  readonly given: object | undefined;
  readonly options: SaveOptions;
}

function argumentsOf(first: object, second?: object, third: SaveOptions = {}): EntityArguments {
  return isClass(first)
    ? { target: first, given: second, options: third }
    : { target: undefined, given: first, options: second ?? {} };
}

function isClass(value: object): value is EntityClass {
  return typeof value === 'function';
}
