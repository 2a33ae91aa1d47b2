import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.js';
import { isDustError } from '../errors.js';
import { walkTooLate } from './errors.js';
import type { HeldLock } from './lock/held-lock.js';
import type { KeptRecord, MigrationRecords } from './records.js';
import type { MigrationRecord, Recorded, WalkPlace } from './state.js';
import { begun, failed, finished, walked } from './state.js';
import type { MigrationDirection } from './types.js';

/** What a run of a migration writes with. */
export interface RunningOptions {
  readonly records: MigrationRecords;
  readonly lock: HeldLock;
  readonly clock: Clock;
  /** Called when another process has written the record, and so goes on in the place of this one. */
  readonly onLost: (error: unknown) => void;
}

const START: WalkPlace = { after: null, processed: 0, written: 0, done: false };

/**
 * One run of a migration, as the store knows it. Every write of its record depends on the one before, and carries the fence of the lease:
 * who lost the right to run it can record nothing any more.
 */
export class RunningMigration {
  readonly #name: string;
  readonly #options: RunningOptions;
  #kept: KeptRecord;
  #record: MigrationRecord;
  #isEnded = false;
  #writing: Promise<unknown> = Promise.resolve();

  private constructor(name: string, kept: KeptRecord, record: MigrationRecord, options: RunningOptions) {
    this.#name = name;
    this.#kept = kept;
    this.#record = record;
    this.#options = options;
  }

  /** Records that the migration runs. @throws DustError `not_held` when another process was faster; what every write may meet */
  static async begin(
    name: string,
    kept: KeptRecord,
    direction: MigrationDirection,
    options: RunningOptions,
  ): Promise<RunningMigration> {
    const record = begun(kept.record, direction, { now: options.clock.now(), run: randomUUID() });
    const running = new RunningMigration(name, kept, record, options);
    await running.#write(record);
    return running;
  }

  /** Where a walk stands. */
  placeOf(key: string): WalkPlace {
    return this.#record.walks[key] ?? START;
  }

  /**
   * Keeps where a walk stands.
   *
   * @throws DustError `not_held` when another process took over, `invalid_options` when the migration has ended; what every write may meet
   */
  async keepPlace(key: string, place: WalkPlace): Promise<void> {
    if (this.#isEnded) throw walkTooLate();
    this.#record = walked(this.#record, key, place);
    await this.#write(this.#record);
  }

  /** Records that it is done, or undone. @throws DustError as {@link keepPlace} does */
  async finish(): Promise<void> {
    this.#isEnded = true;
    await this.#write(finished(this.#record, this.#options.clock.now()));
  }

  /** Records that it failed. @throws DustError as {@link keepPlace} does */
  async fail(message: string): Promise<void> {
    this.#isEnded = true;
    await this.#write(failed(this.#record, message, this.#options.clock.now()));
  }

  /** One after the other: walks may go side by side. */
  #write(next: Recorded): Promise<void> {
    const written = this.#writing.then(() => this.#replace(next));
    this.#writing = written.catch(() => undefined);
    return written;
  }

  async #replace(next: Recorded): Promise<void> {
    const { records, lock, onLost } = this.#options;
    try {
      this.#kept = await records.replace(this.#name, this.#kept, next, lock.fence);
    } catch (error) {
      if (isDustError(error, 'not_held')) onLost(error);
      throw error;
    }
  }
}
