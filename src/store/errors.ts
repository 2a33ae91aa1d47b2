import type { DustErrorKind } from '../errors.js';
import { DustError } from '../errors.js';
import type { JsonFault } from '../protocol/json.js';
import type { OperationKind } from '../protocol/operation.js';
import type { Path } from '../protocol/path.js';

/** The operation an error is about: its path and, in a batch, its position from 0. */
export interface Subject {
  readonly path: Path;
  readonly opIndex?: number | undefined;
}

function refused(
  kind: DustErrorKind,
  subject: Subject,
  message: string,
  details: { readonly detail?: string; readonly currentRevision?: number | null } = {},
): DustError {
  const position = subject.opIndex === undefined ? '' : ` (operation ${subject.opIndex} of the batch)`;
  return new DustError(kind, `${JSON.stringify(subject.path)}${position}: ${message}`, {
    ...details,
    path: subject.path,
    ...(subject.opIndex === undefined ? {} : { opIndex: subject.opIndex }),
  });
}

/** A parameter that breaks a rule of PROTOCOL §2 or §3; `detail` names the rule. */
export function invalidParams(subject: Subject, detail: string, message: string): DustError {
  return refused('invalid_params', subject, message, { detail });
}

/** A call whose fault is not about one path, such as a page size; `detail` names the rule. */
export function invalidCall(detail: string, message: string): DustError {
  return new DustError('invalid_params', message, { detail });
}

/** A value that is not JSON. */
export function invalidValue(subject: Subject, fault: JsonFault): DustError {
  const place = fault.at === '' ? '' : ` at ${fault.at}`;
  return refused(
    'invalid_value',
    subject,
    `a store holds JSON values, and this one holds ${fault.reason}${place}.`,
  );
}

/** `if_match` found another revision, or none. */
export function conflict(subject: Subject, expected: number, currentRevision: number | null): DustError {
  const found = currentRevision === null ? 'there is nothing' : `it stands at revision ${currentRevision}`;
  return refused('conflict', subject, `expected revision ${expected}, but ${found}. Read again and retry.`, {
    currentRevision,
  });
}

/** `if_absent` found a leaf. */
export function exists(subject: Subject, currentRevision: number): DustError {
  return refused('exists', subject, `expected no leaf, but there is one at revision ${currentRevision}.`, {
    currentRevision,
  });
}

/** The fence's key does not hold a live lease with the fence's token. */
export function fenced(key: Path, token: unknown): DustError {
  return refused(
    'fenced',
    { path: key },
    `no live lease with token ${String(token)}, so the fenced write was not applied.`,
  );
}

/** Someone else's lease is live. */
export function held(path: Path, expiresAt: number): DustError {
  return refused(
    'held',
    { path },
    `leased until ${new Date(expiresAt).toISOString()}. Wait or try again then.`,
  );
}

/** The key of a lease holds something else. */
export function occupied(path: Path): DustError {
  return refused(
    'occupied',
    { path },
    'holds a value that is not a lease. Use a key of its own for the lease.',
  );
}

/** The token does not hold the lease. */
export function notHeld(path: Path, token: unknown): DustError {
  return refused('not_held', { path }, `no live lease with token ${String(token)}. Take the lease again.`);
}

/** An increment met a leaf that is not a number. */
export function incrementRequiresNumberLeaf(subject: Subject): DustError {
  return invalidParams(subject, 'increment_requires_number_leaf', 'holds a value that is not a number.');
}

/** An increment would leave the range of numbers. */
export function incrementOutOfRange(subject: Subject): DustError {
  return invalidParams(subject, 'increment_out_of_range', 'the sum is beyond the range of numbers.');
}

/** A precondition on an operation that has none. */
export function preconditionUnsupported(
  subject: Subject,
  precondition: 'if_match' | 'if_absent',
  op: OperationKind,
): DustError {
  return invalidParams(subject, `${precondition}_unsupported_op`, `${op} takes no ${precondition}.`);
}

/** A client id that the log keeps for another operation. */
export function clientOpIdReused(subject: Subject, clientOpId: string): DustError {
  return invalidParams(
    subject,
    'client_op_id_reused',
    `the client id ${JSON.stringify(clientOpId)} belongs to another operation. Give every write an id of its own.`,
  );
}

/** The store was used after `close`. */
export function storeClosed(): DustError {
  return new DustError('closed', 'The embedded store is closed. Open it again to go on.');
}
