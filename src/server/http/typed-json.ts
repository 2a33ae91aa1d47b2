import { randomBytes } from 'node:crypto';
import { endOfString, parseJson } from '../../protocol/values/json-text.js';
import type { Path } from '../../protocol/paths/path.js';
import { childPath } from '../../protocol/paths/path.js';
import { REQUEST_SHAPE, VALUE_SHAPE } from '../../protocol/values/shape.js';
import type { JsonValue, LeafType } from '../../protocol/values/value.js';
import { isMap, isObject, leafTypeOf } from '../../protocol/values/value.js';

/** Nobody can guess so many random bytes, and a text may need millions of marks. */
const MARK_BYTES = 9;

/** What only a text with a number worth a closer look contains: a fraction, an exponent, or 16 digits in a row. */
const MAY_HOLD_TELLING_NUMBER = /\d[.eE]|\d{16}/;

/** The types that a text's numbers have by the way they are written, by the marks put in their places. */
type Marks = ReadonlyMap<string, LeafType>;

/**
 * A JSON value together with what its text says of its numbers and JavaScript cannot tell: `1.0` is a float, and an
 * integer of thirty digits is an integer (PROTOCOL §1).
 */
export class TypedJson {
  readonly value: JsonValue | undefined;
  /** The same value with a mark in the place of each telling number. */
  readonly #marked: JsonValue | undefined;
  readonly #marks: Marks;

  private constructor(value: JsonValue | undefined, marked: JsonValue | undefined, marks: Marks) {
    this.value = value;
    this.#marked = marked;
    this.#marks = marks;
  }

  /** @throws ShapeExceeded for what holds more than a request may; SyntaxError as `JSON.parse` does */
  static parse(text: string): TypedJson {
    const value = parseJson(text, REQUEST_SHAPE) as JsonValue;
    const marks = new Map<string, LeafType>();
    if (!MAY_HOLD_TELLING_NUMBER.test(text)) return new TypedJson(value, value, marks);
    const marked = markNumbers(text, marks);
    return new TypedJson(value, marks.size === 0 ? value : (JSON.parse(marked) as JsonValue), marks);
  }

  /** What an object or array holds; the value is undefined where it holds nothing of the name. */
  at(key: string | number): TypedJson {
    return new TypedJson(memberOf(this.value, key), memberOf(this.#marked, key), this.#marks);
  }

  /** The types of those leaves that this value makes at `path` and whose values alone would tell another type. */
  leafTypes(path: Path): ReadonlyMap<Path, LeafType> | undefined {
    if (this.#marks.size === 0) return undefined;
    const types = new Map<Path, LeafType>();
    this.#collect(path, this.#marked, types, 0);
    return types.size === 0 ? undefined : types;
  }

  #collect(path: Path, marked: JsonValue | undefined, types: Map<Path, LeafType>, depth: number): void {
    if (typeof marked === 'string') {
      const type = this.#marks.get(marked);
      if (type !== undefined) types.set(path, type);
    } else if (isMap(marked) && depth < VALUE_SHAPE.depth) {
      for (const [key, child] of Object.entries(marked)) {
        this.#collect(childPath(path, key), child, types, depth + 1);
      }
    }
  }
}

/**
 * The valid JSON `text` with a string of our own in the place of each number whose value tells another type. Those that
 * stand in a list are left alone: a list is one leaf, and there may be millions of them.
 */
function markNumbers(text: string, marks: Map<string, LeafType>): string {
  const nonce = randomBytes(MARK_BYTES).toString('base64url');
  const token = /["{}[\]]|-?\d[\d.eE+-]*/g;
  const around: string[] = [];
  const parts: string[] = [];
  let copied = 0;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [found] = match;
    if (found === '"') {
      token.lastIndex = endOfString(text, match.index) + 1;
    } else if (found === '{' || found === '[') {
      around.push(found);
    } else if (found === '}' || found === ']') {
      around.pop();
    } else if (around.at(-1) !== '[') {
      const type = /[.eE]/.test(found) ? 'float' : 'integer';
      if (type === leafTypeOf(Number(found))) continue;
      const mark = `${nonce}${type === 'float' ? 'f' : 'i'}`;
      marks.set(mark, type);
      parts.push(text.slice(copied, match.index), `"${mark}"`);
      copied = token.lastIndex;
    }
  }
  return parts.join('') + text.slice(copied);
}

function memberOf(value: JsonValue | undefined, key: string | number): JsonValue | undefined {
  if (typeof key === 'number') return Array.isArray(value) ? (value as readonly JsonValue[])[key] : undefined;
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}
