import type { Observable } from 'rxjs';
import { defer } from 'rxjs';
import type { EntityMetadata } from '../metadata/index.js';
import type {
  Migration,
  MigrationInterface,
  MigrationStatus,
  RunMigrationsOptions,
} from '../migrations/index.js';
import { Migrator } from '../migrations/index.js';
import type { EntityTarget } from '../query/index.js';
import type { ConflictRetryOptions, EntitySubscriberInterface, Repository } from '../repository/index.js';
import { DataSourceAbsences, EntityManager } from '../repository/index.js';
import type { Transport, TransportStatus } from '../transport/transport.js';
import { backUp } from './backup.js';
import { checkOptions } from './check-options.js';
import type { DataSourceOptions } from './data-source-options.js';
import { backupOptions, destroyed, notInitialized } from './errors.js';
import { checkedSubscribers, makeSubscribers } from './make-subscribers.js';
import { resolveOptions } from './resolve-options.js';
import type { ResolvedOptions } from './resolve-options.js';
import { openRuntime } from './runtime.js';
import type { Runtime } from './runtime.js';
import { RuntimeContexts } from './runtime-contexts.js';
import { visibleOptions } from './visible-options.js';

/**
 * The entities of a program and the store they lie in. Make one, `initialize()` it when the program starts, and
 * `destroy()` it at the end; repositories may be taken from it at any time.
 *
 * @example
 * const dust = await new DataSource({ store: 'acme/reading', entities: [Link] }).initialize();
 */
export class DataSource extends DataSourceAbsences {
  /** The options as they were given, in a frozen copy. Its `token` answers to its name alone: nothing prints or copies it. */
  readonly options: DataSourceOptions;
  /** The name from the options, or `default`. */
  readonly name: string;
  /** All entities, and what concerns several of them. */
  readonly manager: EntityManager;
  /**
   * Those who are told of what happens to entities: what the option says, and whoever else is pushed here. What is pushed is checked as the
   * option is: `invalid_options` for anything else.
   */
  readonly subscribers: EntitySubscriberInterface[];
  readonly #subscribers: readonly EntitySubscriberInterface[];
  readonly #resolved: ResolvedOptions;
  readonly #migrator: Migrator;
  #runtime: Runtime | undefined;
  #opening: Promise<void> | undefined;
  #closing: Promise<void> | undefined;
  #wasDestroyed = false;
  /** Calls off what `initialize()` does beyond opening. */
  #stopOpening = new AbortController();

  /** @throws DustError `invalid_options` for an unknown option or a bad value */
  constructor(options: DataSourceOptions) {
    super();
    checkOptions(options);
    const subscribers = makeSubscribers(options.subscribers);
    this.#subscribers = subscribers;
    this.subscribers = checkedSubscribers(subscribers);
    this.#resolved = resolveOptions(options);
    this.options = visibleOptions(options);
    this.name = this.#resolved.name;
    this.manager = new EntityManager(new RuntimeContexts(this.#resolved, () => this.#open));
    const { name, clock, logger, migrations = [] } = this.#resolved;
    this.#migrator = new Migrator({ name, migrations, manager: this.manager, clock, logger });
  }

  /** Whether `initialize()` has succeeded and `destroy()` has not been called since. */
  get isInitialized(): boolean {
    return this.#runtime !== undefined && this.#opening === undefined;
  }

  /**
   * Checks the entity classes, opens the store, and has indexes built that it does not have yet, which is told at level `info` while it
   * goes on; with `migrationsRun`, runs the migrations that are not done. Does nothing while the data source is open; a destroyed one opens
   * again. When it fails, nothing stays open.
   *
   * @throws EntityMetadataError; DustError `invalid_metadata`, `invalid_options`, `storage` for a data folder that
   * is locked, unreadable or from a newer version; `exists` when two records have the same value of what is declared unique,
   * `forbidden` when it is not kept so yet and the token may but read; with a `url` what reaching the server may throw, such as `network`,
   * `timeout`, `unauthorized` and `store_not_found`; with `migrationsRun`
   * what {@link DataSource.runMigrations} throws, and `aborted` when `destroy()` is called meanwhile
   */
  async initialize(): Promise<this> {
    if (!this.isInitialized) await (this.#opening ??= this.#openOnce());
    return this;
  }

  /**
   * Completes all live subscriptions and closes the store. Does nothing when it is not open. Over the channel it waits for
   * the writes under way where there are any, during an outage for the connection to come back: for 5 seconds at the most.
   * What is not settled by then rejects, with `closed` when it was never sent and with `indeterminate` when nobody knows.
   *
   * @throws whatever the medium of a data folder fails with; the data source is closed all the same
   */
  async destroy(): Promise<void> {
    this.#stopOpening.abort(destroyed(this.name));
    // Waits for nothing else: an initialize() called right after this is to open the data source again.
    if (this.#opening !== undefined) await this.#opening.catch(() => undefined);
    const runtime = this.#runtime;
    if (runtime !== undefined) {
      this.#runtime = undefined;
      this.#wasDestroyed = true;
      const stopped = this.#migrator.stop(destroyed(this.name));
      const closing = stopped === undefined ? runtime.close() : stopped.then(() => runtime.close());
      this.#closing = closing.finally(() => {
        this.#closing = undefined;
        this.#tell('is closed');
      });
    }
    await this.#closing;
  }

  /**
   * Completes all live subscriptions, also those that are made from now on; reads and writes go on. The first step of an
   * orderly shutdown: a server that streams events can end its responses before it is closed. Does nothing while the
   * data source is not open, and `initialize()` after `destroy()` begins anew.
   */
  endSubscriptions(): void {
    this.#runtime?.endSubscriptions();
  }

  /** The same as {@link DataSource.destroy}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.destroy();
  }

  /**
   * The repository of an entity class, the same one each time.
   *
   * @throws DustError `invalid_metadata` when it is given no class. An unknown class is refused by the repository's methods
   */
  getRepository<T extends object>(entity: EntityTarget<T>): Repository<T> {
    return this.manager.getRepository(entity);
  }

  /**
   * See {@link EntityManager.retryOnConflict}.
   *
   * @throws DustError as {@link EntityManager.retryOnConflict} does
   */
  retryOnConflict<R>(
    work: (manager: EntityManager, attempt: number) => R | Promise<R>,
    options?: ConflictRetryOptions,
  ): Promise<R> {
    return this.manager.retryOnConflict(work, options);
  }

  /** Whether the class is among the entities of this open data source. */
  hasMetadata(entity: EntityTarget<object>): boolean {
    return this.#runtime?.contexts.has(entity) ?? false;
  }

  /**
   * What the mapper knows about an entity class.
   *
   * @throws DustError `not_initialized`, `closed`, `invalid_metadata` for an unknown class
   */
  getMetadata<T extends object>(entity: EntityTarget<T>): EntityMetadata<T> {
    return this.getRepository(entity).metadata;
  }

  /** What the mapper knows about all entities; empty while the data source is not open. */
  get entityMetadatas(): readonly EntityMetadata[] {
    return [...(this.#runtime?.contexts.values() ?? [])].map(({ metadata }) => metadata);
  }

  /**
   * The migrations of the options, made and in their order.
   *
   * @throws DustError `invalid_options` for one that cannot be made or named, and for names of files, which only the command loads
   */
  get migrations(): readonly MigrationInterface[] {
    return this.#migrator.migrations.map(({ instance }) => instance);
  }

  /**
   * Runs the migrations that are not done, in their order, one after the other. One process at a time does: another one waits, and then finds them
   * done. What a run has done stays when it fails or is called off, or when its process dies: the next one goes on from there.
   *
   * @returns those that this call ran, in their order
   * @throws MigrationError with the kind of the DustError that one failed with; what else it throws; DustError `aborted`; `not_held` when
   * the process gave no sign of life for `ttl`, and another one went on; `invalid_options`; `not_initialized`, `closed`; what every read and write
   * may meet
   */
  runMigrations(options?: RunMigrationsOptions): Promise<Migration[]> {
    return this.#migrator.run(options);
  }

  /**
   * Undoes the last migration that was begun, whether it was done or not, by its `down`. What is undone is pending again.
   *
   * @returns the one that was undone; undefined when there is none
   * @throws DustError as {@link DataSource.runMigrations} does; `not_supported` with detail `no_down` when it has no `down`, `invalid_options` with
   * detail `unknown_migration` when it is not among the migrations of this data source
   */
  undoLastMigration(options?: RunMigrationsOptions): Promise<Migration | undefined> {
    return this.#migrator.undoLast(options);
  }

  /**
   * Logs at level `info` how the migrations stand, and resolves to whether there are any that are not done.
   *
   * @throws DustError as {@link DataSource.migrationStatus} does
   */
  showMigrations(): Promise<boolean> {
    return this.#migrator.show();
  }

  /**
   * How all migrations stand, those that only the store knows among them, in their order.
   *
   * @throws DustError `invalid_options`, `not_initialized`, `closed`; `occupied` when something else lies where they are recorded; what every
   * read may meet
   */
  migrationStatus(): Promise<MigrationStatus[]> {
    return this.#migrator.status();
  }

  /**
   * The way to the data source's own store, below all mapping.
   *
   * @throws DustError `not_initialized`, `closed`
   */
  get transport(): Transport {
    return this.#open.transport;
  }

  /**
   * Copies the stores as they stand now, every acknowledged write in them, into the folder `out`, which it makes. Reads and writes go
   * on meanwhile, and `destroy()` waits for it. A copy is checked before it takes its name: `out` is whole, or is not there. A
   * data source with `path: out` reads it, on any machine; `dust-orm restore` and `restoreBackup` put it in the place of a folder.
   *
   * @param more nothing: it takes no options, and refuses them
   * @throws DustError `not_supported` when a store is in memory or on a server; `invalid_options` when `out` names no folder, is there already
   * or lies in the data source's own folder; `storage` with detail `write_failed` when it cannot be written, `corrupt` when the
   * store is damaged; `not_initialized`, `closed`
   */
  async backup(out: string, ...more: readonly never[]): Promise<void> {
    if (more.some((each: unknown) => each !== undefined)) throw backupOptions();
    const { transport, others } = this.#open;
    await backUp(this.#resolved, transport, others, out);
  }

  /**
   * How the store is reached just now, then each change of it; completes with `destroy()`.
   *
   * @throws DustError as an error of the Observable: `not_initialized`, `closed`
   */
  get status$(): Observable<TransportStatus> {
    return defer(() => this.transport.status$);
  }

  async #openOnce(): Promise<void> {
    try {
      this.#stopOpening = new AbortController();
      await this.#closing;
      this.#runtime = await openRuntime(this.#resolved, {
        subscribers: this.#subscribers,
        manager: this.manager,
      });
      if (this.#resolved.migrationsRun === true) await this.#migrateOrClose(this.#runtime);
      this.#tell(`is open on the store ${this.#resolved.store}`);
    } finally {
      this.#opening = undefined;
    }
  }

  async #migrateOrClose(runtime: Runtime): Promise<void> {
    try {
      await this.#migrator.run({ signal: this.#stopOpening.signal });
    } catch (error) {
      this.#runtime = undefined;
      await runtime.close().catch(() => undefined);
      throw error;
    }
  }

  #tell(what: string): void {
    const { name, store, logger } = this.#resolved;
    logger.info(`the data source "${name}" ${what}`, { dataSource: name, store });
  }

  get #open(): Runtime {
    if (this.#runtime !== undefined) return this.#runtime;
    throw this.#wasDestroyed ? destroyed(this.name) : notInitialized(this.name);
  }
}
