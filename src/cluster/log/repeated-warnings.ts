import type { Clock } from '../../clock.js';
import { monotonicOf } from '../../clock.js';
import { messageOf } from '../../errors.js';

/** Between the first warning of a cause and the next one, in milliseconds; doubled with each. */
const FIRST_GAP = 10_000;
const LONGEST_GAP = 640_000;
/** A cause that was quiet for so many milliseconds is a new one. */
const FORGET = 300_000;
/** How many causes are told apart. */
const MAX_CAUSES = 32;

interface Cause {
  /** How often it was met since it was last told of. */
  count: number;
  gap: number;
  nextAt: number;
  lastAt: number;
}

/** Warns of what fails again and again: the first time, and then ever more rarely, with how often it was. */
export class RepeatedWarnings {
  readonly #clock: Clock;
  readonly #warn: (message: string) => void;
  readonly #causes = new Map<string, Cause>();

  constructor(clock: Clock, warn: (message: string) => void) {
    this.#clock = clock;
    this.#warn = warn;
  }

  /** @param what the sentence that the words of the error end */
  warn(what: string, error: unknown): void {
    const message = `${what}: ${messageOf(error)}`;
    const now = monotonicOf(this.#clock);
    // Times, positions and ports differ from one time to the next.
    const key = message.replaceAll(/\d+/g, '0');
    const known = this.#causes.get(key);
    this.#causes.delete(key);
    if (known === undefined || now - known.lastAt >= FORGET) {
      this.#note(key, { count: 0, gap: FIRST_GAP, nextAt: now + FIRST_GAP, lastAt: now });
      this.#warn(message);
      return;
    }
    const count = known.count + 1;
    if (now < known.nextAt) {
      this.#note(key, { ...known, count, lastAt: now });
      return;
    }
    const gap = Math.min(known.gap * 2, LONGEST_GAP);
    this.#note(key, { count: 0, gap, nextAt: now + gap, lastAt: now });
    this.#warn(`${message} (${count} times since this was last said)`);
  }

  /** The one that was met last stands at the end. */
  #note(key: string, cause: Cause): void {
    this.#causes.set(key, cause);
    const [oldest = key] = this.#causes.keys();
    if (this.#causes.size > MAX_CAUSES) this.#causes.delete(oldest);
  }
}
