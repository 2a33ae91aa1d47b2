import type { OptionNames } from '../../options/index.js';
import { checkDuration, checkHolder } from './lease.js';
import { invalidOption, onlyOneOf } from '../requests/option-errors.js';
import { checkFunction, checkNames, checkSignal } from '../requests/write-options.js';

const OPTIONS: OptionNames<SingleFlightOptions> = {
  ttl: true,
  staleAfter: true,
  fresh: true,
  holder: true,
  onUnavailable: true,
  signal: true,
  abort: true,
};

/** How a computation is shared. */
export interface SingleFlightOptions<T = unknown> {
  /**
   * Milliseconds the right to compute lasts without a sign of life. It is renewed every third of it, so a
   * computation may take longer; when its process dies, another takes over after this time. Default 30,000.
   */
  readonly ttl?: number;
  /**
   * Milliseconds after which a published result is computed anew, by the publisher's clock. The time is noted beside the
   * result by calls that have this option: one that was published otherwise, as by another client, counts as stale.
   * Default: never.
   */
  readonly staleAfter?: number;
  /**
   * Whether a published result may be used, by what it holds; else it is computed anew. Asked for what others published,
   * never for what this call computed. With `staleAfter`, both must hold. What it throws the call rejects with.
   */
  readonly fresh?: (value: T) => boolean | Promise<boolean>;
  /** Who computes, for operators to read in the lease. */
  readonly holder?: string;
  /**
   * What happens when the store cannot be reached (`network`, `timeout`, `rate_limited`, `indeterminate`, `storage`, and
   * `http` from status 500): `throw` rejects with that error, `run` computes for this caller alone, who gets a result that is
   * shared with nobody. Whether a store can be reached shows after the transport's own times; a call that
   * waits for another looks again when the result or the right to compute changes, or else after a `ttl`. Default `throw`.
   */
  readonly onUnavailable?: 'throw' | 'run';
  /** Stops waiting: the call rejects with `aborted`. A computation of one's own hears of it through its signal. */
  readonly signal?: AbortSignal;
  /** Another name for `signal`, the one that Dust's own SDKs have. */
  readonly abort?: AbortSignal;
}

/** @throws DustError `invalid_options` */
export function checkSingleFlightOptions(options: SingleFlightOptions<never>): void {
  const method = 'singleFlight';
  checkNames(method, options, OPTIONS);
  checkDuration(method, 'ttl', options.ttl);
  checkDuration(method, 'staleAfter', options.staleAfter);
  checkHolder(method, options.holder);
  checkSignal(method, 'abort', options.abort);
  if (options.signal !== undefined && options.abort !== undefined) throw onlyOneOf(method, 'signal', 'abort');
  const { fresh, onUnavailable }: { readonly fresh?: unknown; readonly onUnavailable?: unknown } = options;
  if (fresh !== undefined) checkFunction(method, 'fresh', fresh);
  if (onUnavailable !== undefined && onUnavailable !== 'throw' && onUnavailable !== 'run') {
    throw invalidOption(method, 'onUnavailable', '"throw" or "run"', onUnavailable);
  }
}
