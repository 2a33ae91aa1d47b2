import type { Observable } from 'rxjs';
import { DustError, isDustError } from '../../errors.js';
import type { CommittedOperation } from '../../protocol/requests/operation.js';
import { toAsyncIterable } from '../../realtime/index.js';
import { untilAborted } from '../../transport/abort.js';
import type { Output } from './output.js';

/** The most operations that wait for the reader of the output; their bytes are bounded, too. */
const MOST_WAITING = 10_000;

/** How operations are printed. */
export interface PrintOptions {
  /** The line of an operation; undefined leaves it out. */
  readonly lineOf: (operation: CommittedOperation) => string | undefined;
  readonly signal: AbortSignal;
}

/**
 * Subscribes at once, and writes operations at the speed of their reader, until the source or the signal ends it.
 *
 * @throws DustError `resync_required` when too much waits for the reader, after what was told before; what the source and the output fail with
 */
export async function printOperations(
  operations: Observable<CommittedOperation>,
  out: Output,
  { lineOf, signal }: PrintOptions,
): Promise<void> {
  try {
    for await (const operation of toAsyncIterable(operations, { limit: MOST_WAITING })) {
      const line = lineOf(operation);
      if (line !== undefined) await untilAborted(out.line(line), signal);
    }
  } catch (error) {
    // A signal ends it as it is meant to end.
    if (isDustError(error, 'aborted')) return;
    throw isDustError(error, 'resync_required') ? outputTooSlow(error) : error;
  }
}

function outputTooSlow(cause: DustError): DustError {
  return new DustError(
    'resync_required',
    'The output is read more slowly than the store is written to: as many operations wait as may. The next ones would be missing, so it ' +
      'ends here. Watch less of the store, or write the output into a file.',
    { cause },
  );
}
