import type { JsonValue } from './protocol/values/value.js';

/**
 * What went wrong, in one word. Stable: programs switch on it, messages may be reworded.
 *
 * The first group is answered by a store or by the way to it (PROTOCOL §2, §3, §4), the second by this
 * package before anything is sent.
 */
export type DustErrorKind =
  | 'network'
  | 'http'
  | 'conflict'
  | 'exists'
  | 'store_not_found'
  | 'not_supported'
  | 'not_implemented'
  | 'nothing_to_write'
  | 'timeout'
  | 'aborted'
  | 'unauthorized'
  | 'forbidden'
  | 'invalid_params'
  | 'rate_limited'
  | 'fenced'
  | 'held'
  | 'occupied'
  | 'not_held'
  | 'indeterminate'
  | 'resync_required'
  | 'closed'
  | 'storage'
  | 'not_found'
  | 'validation'
  | 'invalid_metadata'
  | 'invalid_value'
  | 'invalid_criteria'
  | 'invalid_record'
  | 'invalid_options'
  | 'not_initialized';

/** All kinds; a record, so that none can be left out. */
const KINDS: Readonly<Record<DustErrorKind, true>> = {
  network: true,
  http: true,
  conflict: true,
  exists: true,
  store_not_found: true,
  not_supported: true,
  not_implemented: true,
  nothing_to_write: true,
  timeout: true,
  aborted: true,
  unauthorized: true,
  forbidden: true,
  invalid_params: true,
  rate_limited: true,
  fenced: true,
  held: true,
  occupied: true,
  not_held: true,
  indeterminate: true,
  resync_required: true,
  closed: true,
  storage: true,
  not_found: true,
  validation: true,
  invalid_metadata: true,
  invalid_value: true,
  invalid_criteria: true,
  invalid_record: true,
  invalid_options: true,
  not_initialized: true,
};

/** The kinds that there are, for those who take one from outside. */
export const ERROR_KINDS = Object.keys(KINDS) as readonly DustErrorKind[];

/** What a record was to have in common with another one, against a unique index. */
export interface DuplicateValues {
  /** Where the values lie below a record, rendered. */
  readonly paths: readonly string[];
  /** The values of these paths, as they are stored. */
  readonly values: readonly JsonValue[];
  /** The record that has them. */
  readonly slug: string;
  /** The properties of the entity that these are, as `address.city`, in the order of the paths: what a repository adds. */
  readonly properties?: readonly string[] | undefined;
}

/** The facts an error may carry beside its message. */
export interface DustErrorDetails {
  /** The server's own reason or a finer cause, such as `if_match_multi_leaf`. */
  readonly detail?: string | undefined;
  /** Whether the same call may succeed when made again, unchanged. */
  readonly retryable?: boolean | undefined;
  /** The error that led to this one. */
  readonly cause?: unknown;
  /** On `conflict` and `exists`: the revision that stands now, `null` when the path is absent. */
  readonly currentRevision?: number | null | undefined;
  /**
   * The position (from 0) of what was refused: among the parts of a `manager.batch`, in a list of several that was given to
   * `insert`, `save` or `remove`, among the operations of a transport's `batchWrite`.
   */
  readonly opIndex?: number | undefined;
  /** The rendered path (or pattern) the error is about. */
  readonly path?: string | undefined;
  /** On `rate_limited`, and on `http` where the server said: seconds to wait. */
  readonly retryAfter?: number | undefined;
  /** On what a server answered over HTTP: the status code. */
  readonly status?: number | undefined;
  /** On `exists` with detail `duplicate`: what a unique index refused. */
  readonly duplicate?: DuplicateValues | undefined;
}

const BRAND = Symbol.for('dust-orm.error');

/**
 * Base of every error this package throws. Recognise it by {@link isDustError} and tell cases apart by `kind`;
 * `instanceof` fails when two copies of the package are loaded (ESM and CommonJS).
 */
export class DustError extends Error {
  /** What went wrong, in one word that programs can rely on. */
  readonly kind: DustErrorKind;
  /** Whether the same call may succeed when made again, unchanged. */
  readonly retryable: boolean;
  // Declared, not defined: a property that does not apply is absent, so that printed errors show what they know.
  /** The server's own reason or a finer cause, such as `if_match_multi_leaf`. */
  declare readonly detail?: string;
  /** On `conflict` and `exists`: the revision that stands now, `null` when the path is absent. */
  declare readonly currentRevision?: number | null;
  /**
   * The position (from 0) of what was refused: among the parts of a `manager.batch`, in a list of several that was given to
   * `insert`, `save` or `remove`, among the operations of a transport's `batchWrite`.
   */
  declare readonly opIndex?: number;
  /** The rendered path (or pattern) the error is about. */
  declare readonly path?: string;
  /** On `rate_limited`, and on `http` where the server said: seconds to wait. */
  declare readonly retryAfter?: number;
  /** On what a server answered over HTTP: the status code. */
  declare readonly status?: number;
  /** On `exists` with detail `duplicate`: what a unique index refused. */
  declare readonly duplicate?: DuplicateValues;

  /** `retryable` follows from the kind (`network` and `rate_limited` are) unless `details` say otherwise. */
  constructor(kind: DustErrorKind, message: string, details: DustErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'DustError';
    this.kind = kind;
    this.retryable = details.retryable ?? (kind === 'network' || kind === 'rate_limited');
    if (details.detail !== undefined) this.detail = details.detail;
    if (details.currentRevision !== undefined) this.currentRevision = details.currentRevision;
    if (details.opIndex !== undefined) this.opIndex = details.opIndex;
    if (details.path !== undefined) this.path = details.path;
    if (details.retryAfter !== undefined) this.retryAfter = details.retryAfter;
    if (details.status !== undefined) this.status = details.status;
    if (details.duplicate !== undefined) this.duplicate = details.duplicate;
    Object.defineProperty(this, BRAND, { value: true });
  }
}

/** Whether `error` was thrown by this package, by whichever loaded copy of it; with `kind`, also of that kind. */
export function isDustError(error: unknown, kind?: DustErrorKind): error is DustError {
  return (
    typeof error === 'object' &&
    error !== null &&
    (error as Record<symbol, unknown>)[BRAND] === true &&
    (kind === undefined || (error as DustError).kind === kind)
  );
}

/** The words of whatever was thrown, an error of another realm included. For messages and logs. */
export function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error
    ? String(error.message)
    : String(error);
}
