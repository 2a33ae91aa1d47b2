import { isDustError } from '../../../../src/errors.js';
import type { SyncWrite } from '../../../../src/sync/engine-types.js';

/** What became of a write, as its writer knows it. */
export type Outcome =
  | { readonly kind: 'pending' }
  | { readonly kind: 'acknowledged'; readonly storeSeq: number }
  /** It is there, and the mirror did not get there in time. */
  | { readonly kind: 'committed' }
  | { readonly kind: 'refused'; readonly error: string }
  /** It is there or not, and its writer was told that nobody knows, or did not live to be told. */
  | { readonly kind: 'unknown' };

/** A write that a client was asked for. */
export interface Written {
  readonly client: string;
  readonly clientOpId: string;
  readonly write: SyncWrite;
  outcome: Outcome;
}

/** What an error tells of the write that failed with it. */
export function outcomeOf(error: unknown): Outcome {
  if (isDustError(error, 'indeterminate') || isDustError(error, 'aborted')) return { kind: 'unknown' };
  if (isDustError(error) && error.detail === 'committed') return { kind: 'committed' };
  return { kind: 'refused', error: isDustError(error) ? error.kind : String(error) };
}
