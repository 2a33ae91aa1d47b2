import { VALUE_SHAPE } from '../../protocol/values/shape.js';
import type { JsonObject, JsonValue } from '../../protocol/values/value.js';
import { isEnvelope, isToldBare, setOwn } from '../../protocol/values/value.js';

/** A value of the wire that a store cannot hold; the message says why. */
export class WireFault extends Error {}

/** How deep a value may be nested: as deep as this package writes them. */
const MAX_DEPTH = VALUE_SHAPE.depth;

/**
 * A value off the wire, frozen, as a read over HTTP would give it: decimals and moments are bare (PROTOCOL §1). The
 * value may be one that was frozen before.
 *
 * @throws WireFault for what is not JSON, or could not be stored
 */
export function readValue(input: unknown): JsonValue {
  return freeze(input, 0, true);
}

/** `isFlattened`: whether it lies where the keys of objects are segments, in no list and no envelope. */
function freeze(input: unknown, depth: number, isFlattened: boolean): JsonValue {
  switch (typeof input) {
    case 'string':
    case 'boolean':
      return input;
    case 'number':
      if (!Number.isFinite(input)) throw new WireFault(`the number ${String(input)}`);
      return input;
    case 'object':
      if (input === null) return null;
      if (depth === MAX_DEPTH) throw new WireFault(`a value nested deeper than ${MAX_DEPTH} levels`);
      return Array.isArray(input) ? freezeArray(input, depth) : freezeObject(input, depth, isFlattened);
    default:
      throw new WireFault(`a ${typeof input}`);
  }
}

function freezeArray(input: unknown[], depth: number): JsonValue {
  return Object.freeze(input.map((item) => freeze(item, depth + 1, false)));
}

function freezeObject(input: object, depth: number, isFlattened: boolean): JsonValue {
  if (!isPlain(input)) throw new WireFault('an object that is not plain');
  // An envelope is a leaf: its keys are no segments.
  const isLeaf = isFlattened && isEnvelope(input as JsonObject);
  const isMapHere = isFlattened && !isLeaf;
  const frozen: Record<string, JsonValue> = {};
  for (const key of Object.keys(input)) {
    if (isMapHere && key === '') throw new WireFault('an empty object key');
    if (isMapHere && !key.isWellFormed()) throw new WireFault('an object key with half a surrogate pair');
    setOwn(frozen, key, freeze(input[key], depth + 1, isMapHere));
  }
  return isLeaf && isToldBare(frozen) ? (frozen._typed ?? null) : Object.freeze(frozen);
}

function isPlain(input: object): input is Readonly<Record<string, unknown>> {
  const prototype: unknown = Object.getPrototypeOf(input);
  return prototype === null || prototype === Object.prototype;
}
