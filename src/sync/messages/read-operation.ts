import type { CommitRange, CommittedOperation, OperationKind } from '../../protocol/requests/operation.js';
import type { Path } from '../../protocol/paths/path.js';
import { pathFault } from '../../protocol/paths/path.js';
import type { JsonValue } from '../../protocol/values/value.js';
import { flatten, isMap, isObject } from '../../protocol/values/value.js';
import { MAX_PATH_BYTES } from '../../store/index.js';
import { WireFault, readValue } from './read-value.js';

const VALUE_FITS: Readonly<Record<OperationKind, (value: JsonValue) => boolean>> = {
  set: () => true,
  delete: () => true,
  merge: isMap,
  increment: (value) => typeof value === 'number',
  add: (value) => Array.isArray(value),
  remove: (value) => Array.isArray(value),
  put_file: isObject,
  lease: isObject,
  renew: isObject,
  release: () => true,
};

/**
 * The operation that an `event` tells of, checked so far that applying it cannot fail.
 *
 * @throws WireFault for anything else
 */
export function readOperation(payload: unknown): CommittedOperation {
  if (!isRecord(payload)) throw new WireFault('an event that is not an object');
  const storeSeq = readSeq(payload.store_seq, 1);
  const { op } = payload;
  if (!isOperationKind(op)) throw new WireFault(`an event of the unknown op ${JSON.stringify(op)}`);
  const path = readPath(payload.path);
  const value = op === 'delete' || op === 'release' ? null : readValue(payload.value ?? null);
  if (!VALUE_FITS[op](value)) throw new WireFault(`a value that is none for the op ${op}`);
  if (isMap(value)) for (const leaf of flatten(path, value)) checkLength(leaf.path);
  const commit = readCommit(payload.commit, storeSeq);
  return {
    storeSeq,
    op,
    path,
    value,
    deviceId: readText(payload.device_id),
    clientOpId: readText(payload.client_op_id),
    ...(commit === undefined ? {} : { commit }),
  };
}

/** What belongs to one commit comes in a row, and its members are counted: a range without them is none. */
function readCommit(input: unknown, storeSeq: number): CommitRange | undefined {
  if (input === undefined || input === null) return undefined;
  if (!isRecord(input)) throw new WireFault('a commit that is not an object');
  const [first, last] = [readSeq(input.first, 1), readSeq(input.last, 1)];
  if (first > storeSeq || last < storeSeq) throw new WireFault('a commit that its operation is no part of');
  return { first, last };
}

/** A seq off the wire. @throws WireFault for what is no integer from `least` */
export function readSeq(input: unknown, least = 0): number {
  if (typeof input !== 'number' || !Number.isSafeInteger(input) || input < least) {
    throw new WireFault('a seq that is none');
  }
  return input;
}

/** A rendered path off the wire. @throws WireFault for one that breaks the syntax or is too long to be stored */
export function readPath(input: unknown): Path {
  if (typeof input !== 'string' || pathFault(input) !== undefined) throw new WireFault('a path that is none');
  checkLength(input);
  return input;
}

/** Whether something off the wire has properties to look at. */
export function isRecord(input: unknown): input is Readonly<Record<string, unknown>> {
  return typeof input === 'object' && input !== null && !Array.isArray(input);
}

function isOperationKind(op: unknown): op is OperationKind {
  return typeof op === 'string' && Object.hasOwn(VALUE_FITS, op);
}

function readText(input: unknown): string | null {
  return typeof input === 'string' ? input : null;
}

function checkLength(path: Path): void {
  if (path.length * 3 > MAX_PATH_BYTES && Buffer.byteLength(path) > MAX_PATH_BYTES) {
    throw new WireFault('a path too long to be stored');
  }
}
