import { hostname } from 'node:os';
import type { Clock } from '../clock.js';
import { isDustError, messageOf } from '../errors.js';
import type { Logger } from '../logging.js';
import type { EntityManager } from '../repository/index.js';
import { elapsed } from '../repository/index.js';
import { WorkUnderWay } from '../work-under-way.js';
import { checkRunOptions } from './check-options.js';
import { createContext } from './context.js';
import {
  filesInProgram,
  MigrationError,
  migrationUnknown,
  runAborted,
  takenOver,
  walkNotAwaited,
  walkTooLate,
  withoutDown,
} from './errors.js';
import { acquireLock, isLockHeld } from './lock/acquire-lock.js';
import type { HeldLock } from './lock/held-lock.js';
import type { KeptRecord } from './records.js';
import { MigrationRecords } from './records.js';
import { resolveMigrations, timestampIn } from './resolve-migrations.js';
import { RunSignal } from './run-signal.js';
import { RunningMigration } from './running-migration.js';
import { isPending } from './state.js';
import { statusOf } from './status.js';
import { WalksUnderWay } from './walks-under-way.js';
import type {
  Migration,
  MigrationClass,
  MigrationDirection,
  MigrationStatus,
  RunMigrationsOptions,
} from './types.js';

/** What a {@link Migrator} works with. */
export interface MigratorOptions {
  /** The data source's name. */
  readonly name: string;
  /** As they were given; names of files are for the command to load. */
  readonly migrations: readonly (MigrationClass | string)[];
  readonly manager: EntityManager;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What one run has of its own. */
interface Run {
  readonly lock: HeldLock;
  readonly records: MigrationRecords;
  /** Fires when the run is to stop. */
  readonly stop: RunSignal;
  /** Fires when nothing may be written any more: at once when the right was lost, else a while after {@link stop}. */
  readonly saving: RunSignal;
  readonly options: RunMigrationsOptions;
}

const DEFAULT_TTL = 30_000;

/** Milliseconds that whoever stops all runs waits for them. */
const LAST_WORDS = 5000;

/** Milliseconds that a run which is to stop has for saving what its walks have visited. */
const LAST_SAVES = 3000;

/** Runs the migrations of a data source, undoes them and tells how they stand. */
export class Migrator {
  readonly #options: MigratorOptions;
  readonly #underWay = new WorkUnderWay();
  readonly #stops = new Set<RunSignal>();
  #resolved: readonly Migration[] | undefined;

  constructor(options: MigratorOptions) {
    this.#options = options;
  }

  /** In their order. @throws DustError `invalid_options` */
  get migrations(): readonly Migration[] {
    const { name, migrations } = this.#options;
    const file = migrations.find((each) => typeof each === 'string');
    if (file !== undefined) throw filesInProgram(name, file);
    return (this.#resolved ??= resolveMigrations(migrations.filter((each) => typeof each !== 'string')));
  }

  /** Runs all that are not done, one after the other. Resolves to those that this call ran. */
  async run(options: RunMigrationsOptions = {}): Promise<Migration[]> {
    checkRunOptions('runMigrations', options);
    const { migrations } = this;
    const before = await this.#records.all();
    // Most starts find nothing to do, and need no right to do it.
    if (migrations.every(({ name }) => !isPending(before.get(name)?.record))) return [];
    return this.#locked(options, async (run) => {
      const executed: Migration[] = [];
      const kept = await run.records.allCurrent();
      for (const migration of migrations) {
        const record = kept.get(migration.name);
        if (!isPending(record?.record)) continue;
        await this.#perform(migration, record, 'up', run);
        executed.push(migration);
      }
      return executed;
    });
  }

  /** Undoes the last one that was begun, finished or not. Resolves to it; undefined when there is none. */
  async undoLast(options: RunMigrationsOptions = {}): Promise<Migration | undefined> {
    checkRunOptions('undoLastMigration', options);
    const { migrations } = this;
    return this.#locked(options, async (run) => {
      const kept = await run.records.allCurrent();
      const last = [...kept.keys()].sort(byTime).at(-1);
      if (last === undefined) return undefined;
      const migration = migrations.find(({ name }) => name === last);
      if (migration === undefined) throw migrationUnknown(last);
      if (migration.instance.down === undefined && options.fake !== true) throw withoutDown(last);
      await this.#perform(migration, kept.get(last), 'down', run);
      return migration;
    });
  }

  /** Logs how all of them stand, at level `info`. Resolves to whether any is left to do. */
  async show(): Promise<boolean> {
    const all = await this.status();
    for (const { name, state } of all) {
      this.#options.logger.info(`migration ${name}: ${state}`, { migration: name, state });
    }
    return all.some(({ isKnown, state }) => isKnown && state !== 'done');
  }

  /** How all of them stand that are known here or recorded, in their order. */
  async status(): Promise<MigrationStatus[]> {
    const { migrations } = this;
    const kept = await this.#records.all();
    const { clock, manager } = this.#options;
    const isHeld = await isLockHeld(manager.contexts.transport(), clock.now());
    const known = new Set(migrations.map(({ name }) => name));
    const names = [...new Set([...known, ...kept.keys()])].sort(byTime);
    return names.map((name) =>
      statusOf(name, timestampIn(name) ?? 0, kept.get(name)?.record, { isKnown: known.has(name), isHeld }),
    );
  }

  /** Calls off all runs, and waits for a while for them to end. Undefined when there are none. Never rejects. */
  stop(reason: unknown): Promise<void> | undefined {
    for (const each of this.#stops) each.stop(reason);
    const ended = this.#underWay.all();
    return ended && this.#lastWords(ended);
  }

  /** What ignores its signal goes on without a store. */
  async #lastWords(ended: Promise<unknown>): Promise<void> {
    const enough = new AbortController();
    await Promise.race([ended, elapsed(LAST_WORDS, this.#options.clock, enough.signal)]);
    enough.abort();
  }

  get #records(): MigrationRecords {
    return new MigrationRecords(this.#options.manager.contexts.transport());
  }

  async #locked<T>(options: RunMigrationsOptions, work: (run: Run) => Promise<T>): Promise<T> {
    const stop = new RunSignal();
    this.#stops.add(stop);
    try {
      stop.follow(options.signal);
      return await this.#underWay.track(this.#underLock(options, stop, work));
    } finally {
      this.#stops.delete(stop);
      stop.release();
    }
  }

  async #underLock<T>(
    options: RunMigrationsOptions,
    stop: RunSignal,
    work: (run: Run) => Promise<T>,
  ): Promise<T> {
    const { clock, manager, logger } = this.#options;
    const transport = manager.contexts.transport();
    const { ttl = DEFAULT_TTL } = options;
    const lock = await acquireLock(
      { transport, clock, ttl, holder: `process ${process.pid} on ${hostname()}` },
      {
        signal: stop.signal,
        onWait: (holder, timeLeft) => {
          logger.info(`waiting for ${holder ?? 'another process'}, which runs migrations`, {
            holder: holder ?? undefined,
            timeLeft,
          });
          options.onWait?.(holder, timeLeft);
        },
      },
    );
    const saving = new RunSignal();
    saving.follow(lock.lost);
    saving.followAfter(stop.signal, LAST_SAVES, clock);
    try {
      stop.follow(lock.lost);
      return await work({ lock, records: new MigrationRecords(transport), stop, saving, options });
    } finally {
      saving.release();
      await lock.release();
    }
  }

  async #perform(
    migration: Migration,
    kept: KeptRecord = { record: undefined, revision: undefined },
    direction: MigrationDirection,
    run: Run,
  ): Promise<void> {
    const { name } = migration;
    const { logger, clock } = this.#options;
    const { lock, records, stop, saving, options } = run;
    if (stop.isStopped()) throw this.#stopped(name, run);
    const told = { migration: name, direction };
    logger.info(`migration ${name} (${direction}) begins`, told);
    const running = await RunningMigration.begin(name, kept, direction, {
      records,
      lock,
      clock,
      onLost: (error) => {
        saving.stop(error);
        stop.stop(error);
      },
    });
    options.onProgress?.({ name, direction, stage: 'begun' });
    try {
      if (options.fake !== true) await this.#call(migration, direction, running, run);
    } catch (error) {
      if (stop.isStopped()) throw this.#stopped(name, run);
      await this.#recordFailure(name, running, error);
      throw isDustError(error) ? new MigrationError(name, direction, error) : error;
    }
    if (stop.isStopped()) throw this.#stopped(name, run);
    await running.finish();
    logger.info(`migration ${name} (${direction}) is done`, told);
    options.onProgress?.({ name, direction, stage: 'done' });
  }

  async #call(
    { name, instance }: Migration,
    direction: MigrationDirection,
    running: RunningMigration,
    { stop, saving, options }: Run,
  ): Promise<void> {
    const { manager, clock } = this.#options;
    const { onProgress } = options;
    const tell =
      onProgress &&
      ((how: object) => {
        onProgress({ name, direction, stage: 'working', ...how });
      });
    const own = new RunSignal();
    own.follow(stop.signal);
    const walks = new WalksUnderWay();
    const { signal } = own;
    const context = createContext({ manager, clock, signal, saving: saving.signal, walks, running, tell });
    const call = async (): Promise<unknown> =>
      direction === 'up' ? instance.up(context) : instance.down?.(context);
    const [outcome] = await Promise.allSettled([call()]);
    const left = walks.entities;
    const ended = walks.close();
    if (ended !== undefined) {
      own.stop(walkTooLate());
      await this.#lastWords(ended);
    }
    own.release();
    if (outcome.status === 'rejected') throw outcome.reason;
    if (left.length > 0) throw walkNotAwaited(direction, left);
  }

  async #recordFailure(name: string, running: RunningMigration, error: unknown): Promise<void> {
    const { logger } = this.#options;
    logger.error(`migration ${name} failed: ${messageOf(error)}`, { migration: name });
    try {
      await running.fail(messageOf(error));
    } catch (failure) {
      // What the migration failed with says more.
      logger.error(`the failure of migration ${name} could not be recorded: ${messageOf(failure)}`, {
        migration: name,
      });
    }
  }

  /** Why a run stopped that did not fail. */
  #stopped(name: string, { lock, stop }: Run): Error {
    const reason: unknown = stop.signal.reason;
    if (isDustError(reason, 'not_held') && reason.detail === 'migration_taken_over') return reason;
    return lock.lost.aborted ? takenOver(name, lock.lost.reason) : runAborted(reason);
  }
}

function byTime(a: string, b: string): number {
  const [first = 0, second = 0] = [timestampIn(a), timestampIn(b)];
  return first - second || (a < b ? -1 : 1);
}
