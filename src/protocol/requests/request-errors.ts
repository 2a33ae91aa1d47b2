import type { DustErrorDetails, DustErrorKind } from '../../errors.js';
import { DustError } from '../../errors.js';
import type { JsonFault } from '../values/json.js';
import type { Path } from '../paths/path.js';

/** The operation an error is about: its path and, in a batch, its position from 0. */
export interface Subject {
  readonly path: Path;
  readonly opIndex?: number | undefined;
}

/** An operation that was not carried out. The message begins with where it is. */
export function refused(
  kind: DustErrorKind,
  { path, opIndex }: Subject,
  message: string,
  details: Pick<DustErrorDetails, 'detail' | 'currentRevision' | 'duplicate'> = {},
): DustError {
  const position = opIndex === undefined ? '' : ` (operation ${opIndex} of the batch)`;
  return new DustError(kind, `${JSON.stringify(path)}${position}: ${message}`, {
    ...details,
    path,
    ...(opIndex === undefined ? {} : { opIndex }),
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
export function invalidValue(subject: Subject, { reason, at }: JsonFault): DustError {
  const place = at === '' ? '' : ` at ${at}`;
  return refused(
    'invalid_value',
    subject,
    `a store holds JSON values, and this one holds ${reason}${place}. Nothing was written.`,
  );
}
