import type { Path } from '../protocol/paths/path.js';
import { MAX_LEAVES_PER_WRITE } from '../protocol/requests/listing.js';
import {
  MAX_CLIENT_OP_ID_LENGTH,
  checkFenceForm,
  checkMemberGiven,
  checkPath as checkPathForm,
  checkedValue,
  mapToMerge,
} from '../protocol/requests/request-checks.js';
import type { Subject } from '../protocol/requests/request-errors.js';
import { invalidPath } from '../protocol/paths/path.js';
import { invalidCall, invalidParams } from '../protocol/requests/request-errors.js';
import type { JsonObject, JsonValue } from '../protocol/values/value.js';
import { MAX_PATH_BYTES } from '../protocol/paths/path-length.js';
import { flatten, isMap, leafCount } from '../protocol/values/value.js';
import type { WriteContext } from './requests.js';

const MAX_BYTES_PER_UNIT = 3;

/** What escaping makes of one unit of a segment at the most. */
const MAX_UNITS_ESCAPED = 2;

/** @throws DustError `invalid_params` with detail `invalid_client_op_id`, `invalid_device_id`, or a fence's path fault */
export function checkContext({ deviceId, clientOpId, fence }: WriteContext): void {
  if (clientOpId !== undefined && !isName(clientOpId, MAX_CLIENT_OP_ID_LENGTH)) {
    throw invalidCall(
      'invalid_client_op_id',
      `A client id has 1 to ${MAX_CLIENT_OP_ID_LENGTH} characters of text.`,
    );
  }
  if (deviceId !== undefined && deviceId !== null && !isName(deviceId, MAX_PATH_BYTES)) {
    throw invalidCall('invalid_device_id', 'A device id is a text that is not empty.');
  }
  if (fence === undefined) return;
  checkFenceForm(fence);
  checkPath(fence.key);
}

/** @throws DustError `invalid_params` with detail `invalid_seq` */
export function checkSeq(seq: number): void {
  if (Number.isSafeInteger(seq) && seq >= 0) return;
  throw invalidCall('invalid_seq', `A seq is a whole number, 0 or more, not ${String(seq)}.`);
}

/** @throws DustError `invalid_params` with a path fault or `path_too_long` as detail */
export function checkPath(path: Path, opIndex?: number): void {
  checkPathForm(path, opIndex);
  checkLength(path, { path, opIndex });
}

/** @throws DustError `invalid_params` with detail `path_too_long` for a bound, cursor or pattern no path can reach, or one that is no text */
export function checkLength(path: string, subject: Subject): void {
  if (typeof (path as unknown) !== 'string') throw invalidPath(path, 'empty_path');
  if (Buffer.byteLength(path) <= MAX_PATH_BYTES) return;
  throw invalidParams(
    { path: `${path.slice(0, 100)}…`, opIndex: subject.opIndex },
    'path_too_long',
    `a path may have ${MAX_PATH_BYTES} bytes of UTF-8, and this one has ${Buffer.byteLength(path)}.`,
  );
}

/** A frozen copy of a value to be stored. @throws DustError `invalid_value`, or `path_too_long` for a leaf inside it */
export function checkValue(value: unknown, subject: Subject): JsonValue {
  const checked = checkedValue(value, subject);
  checkLeafLengths(checked, subject);
  return checked;
}

/** As {@link checkLeafCount}, for what is to be written, before the work that a copy of it is. */
export function checkLeavesOf(value: unknown, subject: Subject): void {
  checkLeafCount(leafCount((value ?? null) as JsonValue, MAX_LEAVES_PER_WRITE), subject);
}

/** @throws DustError `invalid_params` with detail `too_many_leaves` for a write, or the operations of a batch up to this one */
export function checkLeafCount(leaves: number, subject: Subject): void {
  if (leaves <= MAX_LEAVES_PER_WRITE) return;
  throw invalidParams(
    subject,
    'too_many_leaves',
    `one write makes at most ${MAX_LEAVES_PER_WRITE} leaves, a batch all together, and this one would make more. ` +
      'Nothing was written: split it.',
  );
}

/** As {@link checkValue}, for what must be a map. @throws DustError `merge_requires_map_value` */
export function checkMap(value: unknown, subject: Subject): JsonObject {
  return mapToMerge(checkValue(value, subject), subject);
}

/** As {@link checkValue}, for the member of a set. @throws DustError `add_requires_value`, `remove_requires_value` */
export function checkMember(op: 'add' | 'remove', value: unknown, subject: Subject): JsonValue {
  checkMemberGiven(op, value, subject);
  return checkValue(value, subject);
}

function isName(text: string, maxLength: number): boolean {
  return typeof text === 'string' && text.length > 0 && text.length <= maxLength && text.isWellFormed();
}

function checkLeafLengths(value: JsonValue, subject: Subject): void {
  if (!isMap(value)) return;
  const longest = subject.path.length + longestTail(value);
  if (longest * MAX_BYTES_PER_UNIT <= MAX_PATH_BYTES) return;
  for (const leaf of flatten(subject.path, value)) checkLength(leaf.path, subject);
}

/** No less than what the longest path below a map adds to the map's own. */
function longestTail(map: JsonObject): number {
  let longest = 0;
  for (const [key, value] of Object.entries(map)) {
    const tail = 1 + MAX_UNITS_ESCAPED * key.length + (isMap(value) ? longestTail(value) : 0);
    if (tail > longest) longest = tail;
  }
  return longest;
}
