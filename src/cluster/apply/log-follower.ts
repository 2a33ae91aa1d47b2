import type { Clock } from '../../clock.js';
import { monotonicOf } from '../../clock.js';
import type { DustError } from '../../errors.js';
import { isDustError } from '../../errors.js';
import { followingFailed, logShorter } from '../errors.js';
import { backoff } from '../log/backoff.js';
import { Pause } from '../log/pause.js';
import type { LogEntry, ReplicatedLog } from '../log/replicated-log.js';
import type { AppliedFrame, FrameApplier } from './frame-applier.js';

/** What a {@link LogFollower} works with. */
export interface LogFollowerParts {
  readonly log: ReplicatedLog;
  readonly applier: FrameApplier;
  readonly clock: Clock;
  readonly random: () => number;
  /** Hears of every frame, once it is applied or passed over. */
  readonly onApplied: (applied: AppliedFrame) => void;
  /** Hears why the node cannot go on. Nothing is applied any more. */
  readonly onHalt: (error: DustError) => void;
  /** Hears why the log could not be read, before it is asked again. */
  readonly onFailure: (error: unknown) => void;
}

/** The log is asked for something new after so many milliseconds, whatever it tells of its own accord. */
export const POLL_INTERVAL = 1_000;

/** How much of the log is read at once, in bytes. */
const READ_BYTES = 4_194_304;

/** Reads a log from where this node stands, for ever, and has every entry applied in its turn. */
export class LogFollower {
  readonly #parts: LogFollowerParts;
  readonly #pause: Pause;
  readonly #end = new AbortController();
  readonly #stopWatching: () => void;
  readonly #running: Promise<void>;
  #caughtUpAt: number | undefined;
  #failures = 0;

  /** Begins at once. */
  constructor(parts: LogFollowerParts) {
    this.#parts = parts;
    this.#pause = new Pause(parts.clock);
    this.#stopWatching = parts.log.watch(() => {
      this.#pause.wake();
    });
    this.#running = this.#run();
  }

  /** Milliseconds since this node had applied all that the log had; undefined when it never had. */
  get lag(): number | undefined {
    return this.#caughtUpAt === undefined ? undefined : monotonicOf(this.#parts.clock) - this.#caughtUpAt;
  }

  /** Resolves when nothing is applied any more. Never rejects. */
  async close(): Promise<void> {
    this.#end.abort();
    this.#stopWatching();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#end;
    await this.#assertLength().catch((error: unknown) => this.#fail(error));
    while (!signal.aborted) {
      try {
        const isBehind = await this.#applyNext();
        this.#failures = 0;
        if (isBehind) continue;
        this.#caughtUpAt = monotonicOf(this.#parts.clock);
        await this.#pause.wait(POLL_INTERVAL, signal);
      } catch (error) {
        await this.#fail(error);
      }
    }
    this.#stopWatching();
  }

  /** Applies what can be read at once. Resolves to whether there may be more. */
  async #applyNext(): Promise<boolean> {
    const { log, applier, onApplied } = this.#parts;
    const { signal } = this.#end;
    const entries: readonly LogEntry[] = await log.read(applier.mark.position + 1, {
      maxBytes: READ_BYTES,
      signal,
    });
    for (const entry of entries) {
      if (signal.aborted) return false;
      onApplied(await applier.apply(entry));
    }
    if (entries.length === 0) await this.#assertLength();
    return entries.length > 0;
  }

  /** @throws DustError `storage` with detail `log_shorter` */
  async #assertLength(): Promise<void> {
    const { log, applier } = this.#parts;
    const { last } = await log.bounds();
    if (last < applier.mark.position) throw logShorter(applier.mark.position, last);
  }

  /** What the engine cannot do just now is tried again; all else is the end. */
  async #fail(error: unknown): Promise<void> {
    const { signal } = this.#end;
    if (signal.aborted) return;
    if (isDustError(error) && error.retryable) {
      this.#parts.onFailure(error);
      await this.#pause.wait(backoff(++this.#failures, this.#parts.random), signal);
      return;
    }
    this.#end.abort();
    this.#parts.onHalt(isDustError(error) ? error : followingFailed(error));
  }
}
