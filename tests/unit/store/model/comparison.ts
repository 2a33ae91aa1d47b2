import { isDeepStrictEqual, types } from 'node:util';
import { isDustError } from '../../../../src/errors.js';
import type { CommittedOperation } from '../../../../src/protocol/requests/operation.js';
import { setOwn } from '../../../../src/protocol/values/value.js';
import { MADE_UP, Refusal } from './naive-store.js';

/** With client ids that were made up replaced by one name. */
export function anonymous(operation: CommittedOperation): CommittedOperation {
  const madeUp = /^[0-9a-f]{8}-[0-9a-f-]{27}(:\d+)?$/.test(operation.clientOpId ?? '');
  return madeUp ? { ...operation, clientOpId: MADE_UP } : operation;
}

/** What `work` answers or is refused with, in a form in which store and model compare. */
export async function outcome(work: () => unknown): Promise<unknown> {
  try {
    return { answer: await work() };
  } catch (error) {
    if (error instanceof Refusal) return { refusal: error.facts };
    if (!isDustError(error)) throw error;
    const { kind, detail, path, opIndex, currentRevision } = error;
    return { refusal: JSON.parse(JSON.stringify({ kind, detail, path, opIndex, currentRevision })) };
  }
}

/** Adds to the list under `key`. */
export function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

/** Whether two values are equal as data. */
export function isSame(actual: unknown, expected: unknown): boolean {
  return isDeepStrictEqual(actual, expected) || isDeepStrictEqual(inThisRealm(actual), inThisRealm(expected));
}

/** As `expect(actual).toEqual(expected)`, and much faster while they are equal. */
export function same(what: string, actual: unknown, expected: unknown): void {
  if (isSame(actual, expected)) return;
  expect({ [what]: actual }).toStrictEqual({ [what]: expected });
}

/** A copy made of this test file's own Object and Array: lmdb may parse with those of a file that ran before. */
function inThisRealm(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return Array.from(value, inThisRealm);
  if (types.isMap(value)) return new Map(Array.from(value, ([key, item]) => [key, inThisRealm(item)]));
  if (types.isUint8Array(value)) return Uint8Array.from(value);
  const copy: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) setOwn(copy, key, inThisRealm(item));
  return copy;
}
