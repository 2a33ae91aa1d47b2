import { inspect } from 'node:util';
import type { Logger } from '../../logging.js';
import type { SyncWrite } from '../../sync/index.js';

/** Changes nothing, yet is broadcast (PROTOCOL §7). Away from all entities. */
const NUDGE: SyncWrite = { op: 'merge', path: '_dust:nudge', value: {} };

/** Writes; the signal says that nobody waits for it any more. */
type SendNudge = (write: SyncWrite, signal: AbortSignal) => Promise<unknown>;

/**
 * Makes other clients notice writes that went over HTTP, which nobody tells them of. However many ask for it, one nudge
 * is under way, and one more behind it.
 */
export class Nudge {
  readonly #write: SendNudge;
  readonly #logger: Logger;
  readonly #stopped = new AbortController();
  #isUnderWay = false;
  #isWanted = false;

  constructor(write: SendNudge, logger: Logger) {
    this.#write = write;
    this.#logger = logger;
  }

  /** To be called after a write over HTTP. Never fails: without it others notice later, by their watchdogs. */
  send(): void {
    if (this.#stopped.signal.aborted) return;
    this.#isWanted = true;
    if (!this.#isUnderWay) void this.#run();
  }

  /** Sends no more, and lets nobody wait for the one under way. */
  stop(): void {
    this.#isWanted = false;
    this.#stopped.abort();
  }

  async #run(): Promise<void> {
    this.#isUnderWay = true;
    while (this.#isWanted) {
      this.#isWanted = false;
      try {
        await this.#write(NUDGE, this.#stopped.signal);
      } catch (error) {
        this.#logger.debug(`a nudge after a batch was not written: ${inspect(error)}`);
      }
    }
    this.#isUnderWay = false;
  }
}
