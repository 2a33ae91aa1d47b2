import { messageOf } from '../../errors.js';
import { VALUE_SHAPE, tooDeep, tooManyContainers } from './shape.js';
import type { JsonValue } from './value.js';
import { setOwn } from './value.js';

/** Why a JavaScript value is not JSON, and where inside it (`''` for the value itself, else such as `.meta.tags[2]`). */
export interface JsonFault {
  readonly reason: string;
  readonly at: string;
}

/** The outcome of {@link toJson}: a deeply frozen copy, or what stands in the way. */
export type JsonResult = { readonly value: JsonValue } | { readonly fault: JsonFault };

/** What is known of a value while it is copied. */
interface Copying {
  /** The lists and objects around what is copied now. */
  readonly ancestors: object[];
  containers: number;
}

class Unsupported extends Error {
  readonly fault: JsonFault;

  constructor(fault: JsonFault) {
    super(fault.reason);
    this.fault = fault;
  }
}

/**
 * A deeply frozen JSON copy of `input`. Unlike `JSON.stringify` it changes nothing silently: functions, symbols,
 * bigints, NaN, infinities, cycles, nesting beyond 500 levels, more than 200,000 lists and objects, class instances, array holes, malformed strings, empty object keys and getters that throw are faults.
 * Properties that are `undefined` are left out; `-0` becomes `0`.
 */
export function toJson(input: unknown): JsonResult {
  try {
    return { value: copy(input, '', { ancestors: [], containers: 0 }) };
  } catch (error) {
    if (error instanceof Unsupported) return { fault: error.fault };
    throw error;
  }
}

function copy(input: unknown, at: string, copying: Copying): JsonValue {
  switch (typeof input) {
    case 'string':
      if (!input.isWellFormed()) throw new Unsupported({ reason: 'a string with half a surrogate pair', at });
      return input;
    case 'boolean':
      return input;
    case 'number':
      if (!Number.isFinite(input)) throw new Unsupported({ reason: String(input), at });
      return input === 0 ? 0 : input;
    case 'object':
      return input === null ? null : copyObject(input, at, copying);
    default:
      throw new Unsupported({ reason: input === undefined ? 'undefined' : `a ${typeof input}`, at });
  }
}

function copyObject(input: object, at: string, copying: Copying): JsonValue {
  const { ancestors } = copying;
  if (ancestors.includes(input)) throw new Unsupported({ reason: 'a cycle', at });
  if (ancestors.length === VALUE_SHAPE.depth) throw beyondShape(tooDeep(VALUE_SHAPE));
  if (++copying.containers > VALUE_SHAPE.containers) throw beyondShape(tooManyContainers(VALUE_SHAPE));
  ancestors.push(input);
  try {
    return Array.isArray(input)
      ? Object.freeze(Array.from(input as unknown[], (item, i) => copy(item, `${at}[${i}]`, copying)))
      : copyPlainObject(input, at, copying);
  } catch (error) {
    if (error instanceof Unsupported) throw error;
    // A getter, or a proxy: only they run code of others.
    throw new Unsupported({ reason: `an object that cannot be read (${messageOf(error)})`, at });
  } finally {
    ancestors.pop();
  }
}

function copyPlainObject(input: object, at: string, copying: Copying): JsonValue {
  const prototype = Object.getPrototypeOf(input) as object | null;
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    throw new Unsupported({ reason: `an instance of ${classNameOf(prototype)}`, at });
  }
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(input) as [string, unknown][]) {
    if (value === undefined) continue;
    if (key === '') throw new Unsupported({ reason: 'an empty object key', at });
    if (!key.isWellFormed()) {
      throw new Unsupported({ reason: 'an object key with half a surrogate pair', at });
    }
    setOwn(result, key, copy(value, `${at}.${key}`, copying));
  }
  return Object.freeze(result) as JsonValue;
}

function beyondShape({ message }: Error): Unsupported {
  return new Unsupported({ reason: `a value that ${message}`, at: '' });
}

function classNameOf(prototype: object): string {
  const constructor: unknown = prototype.constructor;
  return typeof constructor === 'function' && constructor.name !== '' ? constructor.name : 'a class';
}

/** Whether two JSON values are the same, object key order aside. */
export function jsonEquals(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const keys = Object.keys(a);
  return (
    Array.isArray(a) === Array.isArray(b) &&
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && jsonEquals(member(a, key), member(b, key)))
  );
}

function member(value: object, key: string): JsonValue {
  return (value as Record<string, JsonValue>)[key] as JsonValue;
}

/** A mutable deep copy of a JSON value, for handing stored (frozen) data to user code. */
export function cloneJson(value: JsonValue): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map(cloneJson);
  const result: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) setOwn(result, key, cloneJson(item));
  return result;
}
