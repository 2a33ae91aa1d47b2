import type { DustError, DustErrorKind } from '../../errors.js';
import { isDustError } from '../../errors.js';
import type { JsonObject } from '../../protocol/values/value.js';
import type { LogLimits } from '../history/log-limits.js';
import type { CommitOutcome, IdentifiedCommand } from '../operations/planning.js';
import type { WriteContext } from '../requests.js';

/** One piece of work, in the place that a log outside of the store gave it. */
export type LoggedWork =
  | {
      readonly kind: 'write';
      readonly context: Pick<WriteContext, 'fence' | 'announce'>;
      /** Whether somebody may ask again under the ids of the commands. */
      readonly mayBeRepeated: boolean;
      /** Makes the commands of the state that the work finds. @throws DustError what refuses it */
      readonly make: () => readonly IdentifiedCommand[];
    }
  | { readonly kind: 'compact'; readonly keep?: number | undefined }
  | { readonly kind: 'limits'; readonly limits: LogLimits };

/** What came of a piece of work. The same on every copy that has applied the same log. */
export type LoggedOutcome =
  | {
      readonly done: CommitOutcome;
      /** Whether there was an index to drop. Of this copy alone: one that ended in the middle finds none when it does it again. */
      readonly wasThere?: boolean | undefined;
    }
  | { readonly refused: DustError };

/** What is applied together: all of it, or nothing when the medium fails. */
export interface LoggedFrame<Request> {
  /** By the log, in milliseconds since the Unix epoch. */
  readonly time: number;
  /** In their order, each with an outcome of its own. */
  readonly requests: readonly Request[];
  /** What is to be remembered with it. */
  readonly markOf: (outcomes: readonly LoggedOutcome[]) => JsonObject;
}

const REFUSALS: ReadonlySet<DustErrorKind> = new Set<DustErrorKind>([
  'conflict',
  'exists',
  'fenced',
  'held',
  'invalid_options',
  'invalid_params',
  'invalid_value',
  'not_held',
  'occupied',
]);

/**
 * Whether an error says something of the work, and would say it on every copy of the store; else it says something of this
 * copy's medium or of a fault.
 */
export function isRefusal(error: unknown): error is DustError {
  return isDustError(error) && REFUSALS.has(error.kind);
}
