import type { Clock } from '../../clock.js';
import { monotonicOf } from '../../clock.js';
import type { DustError } from '../../errors.js';
import { refusalIn } from './refusal.js';
import { RepeatedWarnings } from './repeated-warnings.js';

/** What {@link LogFailures} tell of them. */
export interface LogFailuresParts {
  readonly clock: Clock;
  readonly warn: (message: string) => void;
  /** Hears what the engine refuses. Returns whether the node ends by that: nothing more is said of it then. */
  readonly onRefused?: ((refusal: DustError) => boolean) | undefined;
}

/** Why the log of a cluster did not answer, for those who look after a node and those who wait for it. */
export class LogFailures {
  readonly #parts: LogFailuresParts;
  readonly #warnings: RepeatedWarnings;
  #last: { readonly error: unknown; readonly at: number } | undefined;

  constructor(parts: LogFailuresParts) {
    this.#parts = parts;
    this.#warnings = new RepeatedWarnings(parts.clock, parts.warn);
  }

  /** The log failed, and is asked again. */
  failed(error: unknown): void {
    const refusal = refusalIn(error);
    this.#last = { error: refusal ?? error, at: monotonicOf(this.#parts.clock) };
    if (refusal !== undefined && this.#parts.onRefused?.(refusal) === true) return;
    this.#warnings.warn('the log of the cluster failed, and is asked again', error);
  }

  /** Something of the log failed that others do not wait for, and is tried again. */
  tell(what: string, error: unknown): void {
    this.#warnings.warn(what, error);
  }

  /** The last failure, if it was within so many milliseconds. */
  within(milliseconds: number): unknown {
    const { clock } = this.#parts;
    return this.#last !== undefined && monotonicOf(clock) - this.#last.at <= milliseconds
      ? this.#last.error
      : undefined;
  }
}
