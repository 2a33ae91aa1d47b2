import type { DustErrorKind } from '../../errors.js';
import { DustError } from '../../errors.js';
import type { JsonFault } from '../../protocol/json.js';
import { MAX_BATCH_OPERATIONS } from '../../protocol/listing.js';
import type { Path } from '../../protocol/path.js';
import { notSupported } from '../errors.js';

/** The operation an error is about: its path and, in a batch, its position from 0. */
export interface Subject {
  readonly path: Path;
  readonly opIndex?: number | undefined;
}

function refused(
  kind: DustErrorKind,
  { path, opIndex }: Subject,
  message: string,
  detail?: string,
): DustError {
  const position = opIndex === undefined ? '' : ` (operation ${opIndex} of the batch)`;
  return new DustError(kind, `${JSON.stringify(path)}${position}: ${message}`, {
    path,
    ...(detail === undefined ? {} : { detail }),
    ...(opIndex === undefined ? {} : { opIndex }),
  });
}

/** A parameter that breaks a rule of PROTOCOL §2 or §3; `detail` names the rule. */
export function invalidParams(subject: Subject, detail: string, message: string): DustError {
  return refused('invalid_params', subject, message, detail);
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
    `a store holds JSON values, and this one holds ${reason}${place}. Nothing was sent.`,
  );
}

/** A batch with no operation, or with too many. */
export function batchSize(operations: number): DustError {
  return invalidCall(
    'batch_size',
    `A batch holds 1 to ${MAX_BATCH_OPERATIONS} operations, and this one has ${operations}. Split it.`,
  );
}

/** A write under a fence: leases are the channel's (PROTOCOL §6). */
export function noFences(): DustError {
  return notSupported(
    'http',
    'fence writes',
    'Leases and fences need a transport with the capability leases.',
  );
}

/** `merge` or `ifAbsent` inside a batch, which servers refuse or ignore (PROTOCOL §3). */
export function notInBatches(what: 'merge' | 'ifAbsent'): DustError {
  return notSupported('http', `take ${what} in a batch`, 'Write it by itself.');
}

/** A batch for a server that has said before that it takes none. */
export function noBatchRoute(): DustError {
  return new DustError(
    'not_implemented',
    'This server has no route for atomic batches, as it answered before. Write one by one, or use a newer server.',
    { detail: 'batch_write' },
  );
}

/** An answer that is not what PROTOCOL §3 promises: another program than a Dust server may be listening there. */
export function unexpectedResponse(what: string, path?: Path): DustError {
  const subject = path === undefined ? '' : ` for ${JSON.stringify(path)}`;
  return new DustError(
    'http',
    `The server's answer${subject} is not ${what}. Check that the url leads to a Dust server and not to some other program.`,
    { detail: 'unexpected_response', ...(path === undefined ? {} : { path }) },
  );
}

/** A subtree on several pages that was written to during every attempt to read it. */
export function changesTooFast(path: Path, attempts: number): DustError {
  return new DustError(
    'conflict',
    `What lies below ${JSON.stringify(path)} does not fit one page and changed during each of ${attempts} attempts ` +
      'to read it as a whole. Read again when it is written less often.',
    { detail: 'unstable_read', path, retryable: true },
  );
}
