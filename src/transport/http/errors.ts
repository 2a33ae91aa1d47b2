import { DustError } from '../../errors.js';
import { MAX_BATCH_OPERATIONS } from '../../protocol/requests/listing.js';
import type { Path } from '../../protocol/paths/path.js';
import { invalidCall } from '../../protocol/requests/request-errors.js';
import { notSupported } from '../errors.js';

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

/** What only some servers take inside a batch; others refuse or ignore it (PROTOCOL §3). */
export type BatchExtra = 'ifAbsent' | 'merge' | 'increment' | 'add' | 'remove' | 'check';

/** A {@link BatchExtra} for a server that has not announced it. */
export function notInBatches(what: BatchExtra): DustError {
  return notSupported(
    'http',
    `take ${what} in a batch`,
    `This server has not announced that it does. ${INSTEAD[what]}; or use a server that has it, as dust-orm serve does.`,
  );
}

const BY_ITSELF = 'Write it by itself, over the channel';
const INSTEAD: Readonly<Record<BatchExtra, string>> = {
  ifAbsent: 'Write it by itself',
  merge: 'Set the fields one by one in the batch',
  increment: BY_ITSELF,
  add: BY_ITSELF,
  remove: BY_ITSELF,
  check: 'Guard what is written with ifMatch',
};

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
