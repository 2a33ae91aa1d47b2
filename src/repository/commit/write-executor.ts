import type { DustError } from '../../errors.js';
import { isDustError } from '../../errors.js';
import { unescapeSegment } from '../../protocol/paths/path.js';
import { isMap } from '../../protocol/values/value.js';
import type { BatchOperation, RequestOptions, Transport, WriteReceipt } from '../../transport/transport.js';
import { isOutcomeUnknown } from '../../protocol/requests/unknown-outcome.js';
import { stoppedOnTheWay } from '../prepare/write-errors.js';
import type { ChangeOperation, PreparedWrite, WriteStep } from '../prepare/prepared-write.js';
import { recordSubject } from '../prepare/record-path.js';

/** The single sends a write consists of, in order, each with the operations it commits. */
interface Send {
  readonly operations: readonly BatchOperation[];
  readonly run: (options: RequestOptions) => Promise<WriteReceipt>;
}

/**
 * Sends one write by itself, step by step; resolves to the receipt of the last.
 *
 * @throws PartialWriteError with the fields that landed, when a step fails after the first; else what the transport
 * threw
 */
export async function executeWrite(write: PreparedWrite, options: RequestOptions): Promise<WriteReceipt> {
  const landed: BatchOperation[] = [];
  let sends = 0;
  let receipt: WriteReceipt = { storeSeq: 0 };
  const run = async (step: WriteStep): Promise<void> => {
    for (const send of sendsOf(write, step)) {
      receipt = await send.run(options);
      sends++;
      for (const operation of send.operations) landed.push(operation);
    }
  };
  try {
    for (const [index, step] of write.steps().entries()) {
      await run(step).catch((error: unknown) => run(insteadOf(write, index, error)));
    }
  } catch (error) {
    const fields = new Set(landed.flatMap((operation) => fieldsOf(write, operation)));
    if (fields.size === 0 || !isDustError(error)) throw error;
    if (sends === 1 && (await wasTakenBack(write, receipt.storeSeq, error))) throw error;
    throw stoppedOnTheWay(recordSubject(write.metadata, write.slug), [...fields], error);
  }
  return receipt;
}

/** Whether the first step was undone because the next one was refused, so that nothing is left of either. */
async function wasTakenBack(
  { takeBack }: PreparedWrite,
  revision: number,
  error: DustError,
): Promise<boolean> {
  if (takeBack === undefined || error.kind === 'aborted' || isOutcomeUnknown(error)) return false;
  try {
    await takeBack(revision);
    return true;
  } catch (undone) {
    if (isDustError(undone)) return false;
    throw undone;
  }
}

/**
 * The step that takes the place of a batch for which the server turned out to have no route: the transport has then
 * taken back the capability, and the write is planned again. @throws the error, where there is no such step
 */
function insteadOf(write: PreparedWrite, index: number, error: unknown): WriteStep {
  const step = isDustError(error, 'not_implemented') ? write.steps()[index] : undefined;
  if (step?.kind !== 'sequence' && step?.kind !== 'set') throw error;
  return step;
}

function sendsOf(write: PreparedWrite, step: WriteStep): Send[] {
  const { transport } = write;
  switch (step.kind) {
    case 'set':
      return [sendSet(write, step.operation)];
    case 'merge': {
      const { path, value } = step.operation;
      return [{ operations: [step.operation], run: (options) => transport.merge(path, value, options) }];
    }
    case 'change':
      return [{ operations: [step.operation], run: (options) => change(transport, step.operation, options) }];
    case 'batch':
      return [
        { operations: step.operations, run: (options) => transport.batchWrite(step.operations, options) },
      ];
    case 'sequence':
      return step.operations.map((operation) => sendSet(write, operation));
    case 'delete':
      return [{ operations: [], run: (options) => transport.delete(step.path, options) }];
  }
}

function change(
  transport: Transport,
  { op, path, value }: ChangeOperation,
  options: RequestOptions,
): Promise<WriteReceipt> {
  switch (op) {
    case 'increment':
      return transport.increment(path, value, options);
    case 'add':
      return transport.add(path, value, options);
    case 'remove':
      return transport.remove(path, value, options);
  }
}

function sendSet({ transport }: PreparedWrite, operation: Extract<BatchOperation, { op: 'set' }>): Send {
  const { path, value, ifMatch, ifAbsent } = operation;
  const preconditions = {
    ...(ifMatch === undefined ? {} : { ifMatch }),
    ...(ifAbsent === undefined ? {} : { ifAbsent }),
  };
  return {
    operations: [operation],
    run: (options) => transport.set(path, value, { ...options, ...preconditions }),
  };
}

/** The wire names of the fields an operation writes. */
function fieldsOf(write: PreparedWrite, operation: BatchOperation): string[] {
  if (operation.path !== write.path) {
    const [segment = ''] = operation.path.slice(write.path.length + 1).split('/');
    return [unescapeSegment(segment)];
  }
  return 'value' in operation && isMap(operation.value) ? Object.keys(operation.value) : [];
}
