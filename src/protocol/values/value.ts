import { DustError } from '../../errors.js';
import type { Path } from '../paths/path.js';
import { childPath, isBelow, unescapeSegment } from '../paths/path.js';

/** A value as it travels: JSON. Values held by a store are deeply frozen. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
/** A JSON object. */
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

const LEAF_TYPES = [
  'string',
  'integer',
  'float',
  'boolean',
  'null',
  'map',
  'counter',
  'set',
  'file',
  'lease',
  'decimal',
  'datetime',
] as const;

const LEAF_TYPE_NAMES: ReadonlySet<unknown> = new Set(LEAF_TYPES);

/** What a server reports as a leaf's type; an array written with `set` has type `string` (PROTOCOL §1). */
export type LeafType = (typeof LEAF_TYPES)[number];

/** Whether a leaf's type is one this package knows; a newer server may have others. */
export function isLeafType(type: unknown): type is LeafType {
  return LEAF_TYPE_NAMES.has(type);
}

/** One stored value: its path, its value and the store_seq of the operation that last wrote it. */
export interface Leaf {
  /** Where it lies, rendered. */
  readonly path: Path;
  /** What it holds; frozen. */
  readonly value: JsonValue;
  /** What the store calls its type. */
  readonly type: LeafType;
  /** The seq of the operation that wrote it last. */
  readonly revision: number;
}

/** What a read of a path gives: a leaf, or the subtree below it assembled into a map. */
export type Entry = Leaf;

/** Whether `value` is a JSON object (not an array, not null). */
export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether an object is stored whole as a leaf: a file, a lease, or anything with both `_typed` and `_type` (PROTOCOL §1). */
export function isEnvelope(value: JsonObject): boolean {
  if (!Object.hasOwn(value, '_type')) return false;
  const type = value._type;
  return type === 'file' || type === 'lease' || Object.hasOwn(value, '_typed');
}

/** Whether a read gives the value of an envelope alone: of a decimal and of a moment (PROTOCOL §1). */
export function isToldBare({ _type }: JsonObject): boolean {
  return _type === 'decimal' || _type === 'datetime';
}

/** Whether `value` is an object that a store flattens into leaves. */
export function isMap(value: JsonValue | undefined): value is JsonObject {
  return isObject(value) && !isEnvelope(value);
}

/** The type a server reports for a leaf written by `set` or `merge`; an envelope of a file makes none (PROTOCOL §8). */
export function leafTypeOf(value: JsonValue): LeafType {
  if (value === null) return 'null';
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'boolean':
      return 'boolean';
    case 'number':
      return Number.isSafeInteger(value) ? 'integer' : 'float';
    default:
      if (!isObject(value)) return 'string';
      return value._type === 'lease' ? 'lease' : 'map';
  }
}

/** The leaves that writing `value` at `path` makes, empty objects leaving none (PROTOCOL §1). */
export function flatten(path: Path, value: JsonValue): { path: Path; value: JsonValue }[] {
  const leaves: { path: Path; value: JsonValue }[] = [];
  const visit = (at: Path, current: JsonValue): void => {
    if (!isMap(current)) {
      leaves.push({ path: at, value: current });
      return;
    }
    for (const key of Object.keys(current)) {
      if (key === '') {
        throw new DustError(
          'invalid_params',
          `Invalid value at ${JSON.stringify(at)}: an object key may not be empty.`,
          {
            detail: 'empty_segment',
            path: at,
          },
        );
      }
      visit(childPath(at, key), current[key] as JsonValue);
    }
  };
  visit(path, value);
  return leaves;
}

/**
 * How many leaves writing `value` makes. Counts no further than `most` leaves and maps, so that it ends on whatever it is
 * given, be it a cycle.
 */
export function leafCount(value: JsonValue, most = Infinity): number {
  if (!isMap(value)) return 1;
  let leaves = 0;
  let maps = 0;
  const waiting = [value];
  for (let next = waiting.pop(); next !== undefined && maps < most; next = waiting.pop()) {
    maps++;
    for (const child of Object.values(next)) {
      if (isMap(child)) waiting.push(child);
      else if (++leaves > most) return leaves;
    }
  }
  return leaves;
}

/** Sets a property as data whatever its name: `__proto__` is a key like any other here. */
export function setOwn(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
  } else {
    target[key] = value;
  }
}

/**
 * The value that a read of `base` gives from the leaves at and below it, in any order and among any others; `undefined` without leaves.
 * Where a path is both leaf and parent, the descendants win (PROTOCOL §2).
 */
export function assemble(base: Path, leaves: Iterable<Pick<Leaf, 'path' | 'value'>>): JsonValue | undefined {
  let own: JsonValue | undefined;
  let map: Record<string, unknown> | undefined;
  const interior = new WeakSet<object>();
  for (const leaf of leaves) {
    if (leaf.path === base) {
      own = leaf.value;
    } else if (isBelow(leaf.path, base)) {
      if (map === undefined) interior.add((map = {}));
      place(
        map,
        interior,
        leaf.path
          .slice(base.length + 1)
          .split('/')
          .map(unescapeSegment),
        leaf.value,
      );
    }
  }
  return (map as JsonObject | undefined) ?? own;
}

function place(
  map: Record<string, unknown>,
  interior: WeakSet<object>,
  segments: string[],
  value: JsonValue,
): void {
  const last = segments.length - 1;
  let node = map;
  for (let i = 0; i < last; i++) {
    const key = segments[i]!;
    let child = Object.hasOwn(node, key) ? node[key] : undefined;
    if (typeof child !== 'object' || child === null || !interior.has(child)) {
      child = {};
      interior.add(child as object);
      setOwn(node, key, child);
    }
    node = child as Record<string, unknown>;
  }
  const key = segments[last]!;
  const present = Object.hasOwn(node, key) ? node[key] : undefined;
  if (typeof present === 'object' && present !== null && interior.has(present)) return;
  setOwn(node, key, value);
}
