import type { Clock } from '../../clock.js';
import { monotonicOf } from '../../clock.js';

/** The window of the limit. Servers of version 0.1 always say so much, whatever is left of it (PROTOCOL §8). Milliseconds. */
const WINDOW = 60_000;
/** How soon one write asks again where the server does not say what is left, in milliseconds. */
const PROBE_INTERVAL = 5000;

/** What a {@link RateLimit} tells of. */
export interface RateLimitOptions {
  readonly clock: Clock;
  /** From now on writes wait for the limit alone; or not any more, as they got through or the window must be over. */
  readonly onHolding: (isHolding: boolean) => void;
}

/**
 * What is known of the limit of writes on the token of this connection. Answers count in the order of what was sent: a
 * refusal needs no commit, and overtakes the answers to writes that the limit let pass before it.
 */
export class RateLimit {
  readonly #options: RateLimitOptions;
  /** When the first write was refused after the last one that passed. */
  #since: number | undefined;
  #isOn = false;
  #lastSent = 0;
  /** The last one sent of those that were refused. */
  #lastRefused = 0;
  #stopHolding: (() => void) | undefined;

  constructor(options: RateLimitOptions) {
    this.#options = options;
  }

  /** Whether the last write was refused: the next one is to ask alone. */
  get isOn(): boolean {
    return this.#isOn;
  }

  /** Something is sent that the limit may refuse. Returns its number, for its answer. */
  sent(): number {
    return ++this.#lastSent;
  }

  /** What was sent with this number was refused, with this answer. Returns after how many milliseconds one may ask again. */
  hit(number: number, retryAfter: number): number {
    this.#lastRefused = Math.max(this.#lastRefused, number);
    const now = monotonicOf(this.#options.clock);
    this.#since ??= now;
    const left = this.#since + Math.min(retryAfter, WINDOW) + PROBE_INTERVAL - now;
    if (!this.#isOn && left > 0) this.#hold(left);
    this.#isOn = true;
    return retryAfter < WINDOW ? retryAfter : PROBE_INTERVAL;
  }

  /** The limit let the write with this number pass. */
  passed(number: number): void {
    if (number < this.#lastRefused) return;
    this.#since = undefined;
    this.connectionLost();
  }

  /** What writes wait for is another connection, until the limit refuses one there. */
  connectionLost(): void {
    this.#isOn = false;
    this.#stopHolding?.();
  }

  #hold(ms: number): void {
    const { clock, onHolding } = this.#options;
    const cancel = clock.schedule(() => this.#stopHolding?.(), ms, { keepAlive: true });
    this.#stopHolding = () => {
      cancel();
      this.#stopHolding = undefined;
      onHolding(false);
    };
    onHolding(true);
  }
}
