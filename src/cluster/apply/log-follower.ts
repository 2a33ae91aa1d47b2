import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import type { Clock } from '../../clock.js';
import { monotonicOf } from '../../clock.js';
import type { DustError } from '../../errors.js';
import { isDustError } from '../../errors.js';
import { followingFailed, logShorter } from '../errors.js';
import { backoff } from '../log/backoff.js';
import { Pause } from '../log/pause.js';
import type { LogEntry, ReplicatedLog } from '../log/replicated-log.js';
import type { Restorer } from '../snapshots/restorer.js';
import { entryOf } from './cluster-mark.js';
import { Lag } from './lag.js';
import type { AppliedFrame, FrameApplier } from './frame-applier.js';

/** What a {@link LogFollower} works with. */
export interface LogFollowerParts {
  readonly log: ReplicatedLog;
  readonly applier: FrameApplier;
  readonly clock: Clock;
  readonly random: () => number;
  /** Hears of every frame, once it is applied or passed over. Must not throw. */
  readonly onApplied: (applied: AppliedFrame) => void;
  /** Hears why the node cannot go on. Nothing is applied any more. Must not throw. */
  readonly onHalt: (error: DustError) => void;
  /** Hears why the log could not be read, before it is asked again. Must not throw. */
  readonly onFailure: (error: unknown) => void;
  readonly restorer: Pick<Restorer, 'isWanted' | 'restore'>;
  /** Hears that the copy takes a snapshot from now on. Must not throw. */
  readonly onRestoring: () => void;
  /** Hears that it has taken it. Must not throw. */
  readonly onRestored: () => void;
}

/** The log is asked for something new after so many milliseconds, whatever it tells of its own accord. */
export const POLL_INTERVAL = 1_000;

/**
 * A log that has had nothing new for so many milliseconds is asked to show that it could take something in: else a node that sees an old
 * server, which was replaced, would take it for a log to which nobody writes. Well below what makes a node late.
 */
export const CONFIRM_INTERVAL = 2_000;

/** How much of the log is read at once, in bytes. */
const READ_BYTES = 4_194_304;

/** Reads a log from where this node stands, or a snapshot leads, for ever, and has every entry applied in its turn. */
export class LogFollower {
  readonly #parts: LogFollowerParts;
  readonly #pause: Pause;
  readonly #end = new AbortController();
  readonly #stopWatching: () => void;
  readonly #running: Promise<void>;
  readonly #lag = new Lag();
  #failures = 0;
  /** Whether the log leads nowhere from where the copy stands; undefined when that is not known yet. */
  #mustRestore: boolean | undefined;
  /** Whether the copy holds nothing but what the log, or a snapshot of it, has made of it since this began. */
  #mayReplay: boolean;
  /** When the log was last asked where it ends, by a clock that is never set back. */
  #endAskedAt: number | undefined;
  /** When the log was last seen to take something in, or to be able to, by the same clock. */
  #confirmedAt = -Infinity;

  /** Begins at once. */
  constructor(parts: LogFollowerParts) {
    this.#parts = parts;
    this.#mayReplay = parts.applier.mark.position === 0;
    this.#pause = new Pause(parts.clock);
    this.#stopWatching = parts.log.watch(() => {
      this.#pause.wake();
    });
    this.#running = this.#run();
  }

  /** Milliseconds since this node had applied all that the log had; undefined when it never had. */
  get lag(): number | undefined {
    return this.#lag.since(monotonicOf(this.#parts.clock));
  }

  /** Resolves when nothing is applied any more. Never rejects. */
  async close(): Promise<void> {
    this.#end.abort();
    this.#stopWatching();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#end;
    while (!signal.aborted) {
      if ((await this.#attempt(() => this.#restoreIfWanted())) === undefined) continue;
      const entries = await this.#attempt(() => this.#read());
      if (entries === undefined) continue;
      this.#failures = 0;
      await this.#applyAll(entries);
      this.#lag.noteApplied(this.#parts.applier.mark.position);
      if (entries.length > 0) continue;
      await this.#pause.wait(POLL_INTERVAL, signal);
    }
    this.#stopWatching();
  }

  /** What the work comes to. Undefined when it is to be tried again, or never. */
  async #attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
    const { onFailure, random } = this.#parts;
    const { signal } = this.#end;
    try {
      return await work();
    } catch (error) {
      if (signal.aborted) return undefined;
      if (isDustError(error, 'resync_required')) {
        this.#mustRestore = true;
      } else if (isDustError(error) && error.retryable) {
        onFailure(error);
        await this.#pause.wait(backoff(++this.#failures, random), signal);
      } else {
        this.#halt(error);
      }
      return undefined;
    }
  }

  /** Resolves to true when the copy can go on by the log. */
  async #restoreIfWanted(): Promise<true> {
    const { restorer, applier, onRestoring, onRestored } = this.#parts;
    this.#mustRestore ??= await restorer.isWanted();
    if (!this.#mustRestore) return true;
    onRestoring();
    const tell = await restorer.restore(this.#end.signal);
    applier.beginAgain();
    this.#mustRestore = false;
    this.#mayReplay = true;
    onRestored();
    // Who hears of it may read.
    tell();
    return true;
  }

  /** What comes next, nothing when there is no more. */
  async #read(): Promise<readonly LogEntry[]> {
    const { log, applier, clock } = this.#parts;
    const { position } = applier.mark;
    const asked = monotonicOf(clock);
    if (this.#lag.wantsEnd(asked, POLL_INTERVAL)) await this.#findEnd(position, asked);
    const entries = await log.read(position + 1, {
      maxBytes: READ_BYTES,
      follows: applier.mark.fingerprint,
      signal: this.#end.signal,
    });
    if (entries.length > 0) {
      this.#confirmedAt = asked;
      return entries;
    }
    // A log that has nothing more ends here, but for one that has lost entries.
    const mustConfirm = asked - this.#confirmedAt >= CONFIRM_INTERVAL;
    if (mustConfirm || asked - (this.#endAskedAt ?? -Infinity) >= POLL_INTERVAL) {
      await this.#findEnd(position, asked, mustConfirm);
    } else {
      this.#lag.noteEnd(position, asked);
    }
    return entries;
  }

  /** Whatever fails here fails for good: this copy is not what the log makes of it, or its medium is broken. */
  async #applyAll(entries: readonly LogEntry[]): Promise<void> {
    const { applier, onApplied } = this.#parts;
    const { signal } = this.#end;
    try {
      for (const [i, entry] of entries.entries()) {
        // Nothing else may make way for other work: a copy in memory is written to at once.
        if (i > 0) await turnOfTheLoop();
        if (signal.aborted) return;
        onApplied(await applier.apply(entry));
      }
    } catch (error) {
      if (!signal.aborted) this.#halt(error);
    }
  }

  /** @throws DustError `storage` with detail `log_shorter` */
  async #findEnd(applied: number, asked: number, mustConfirm = false): Promise<void> {
    const { signal } = this.#end;
    const { log, applier } = this.#parts;
    const { last } = await log.bounds({ known: entryOf(applier.mark), mustConfirm, signal });
    if (mustConfirm) this.#confirmedAt = asked;
    this.#endAskedAt = asked;
    if (last < applied) throw logShorter(applied, last);
    this.#lag.noteEnd(last, asked);
    if (!this.#mayReplay) return;
    this.#mayReplay = false;
    applier.replay(last);
  }

  #halt(error: unknown): void {
    this.#end.abort();
    this.#parts.onHalt(isDustError(error) ? error : followingFailed(error));
  }
}
