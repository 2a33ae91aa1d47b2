import { createHash } from 'node:crypto';
import { pathFault } from '../../../protocol/paths/path.js';
import type { JsonValue } from '../../../protocol/values/value.js';
import { flatten } from '../../../protocol/values/value.js';
import type { Findings } from './findings.js';
import { numberKey } from './number-key.js';
import { isCount, jsonOf } from './stored-values.js';
import type { TreeEntry } from './tree-walk.js';

/** What is kept of an operation until the leaves are looked at. */
interface KnownOperation {
  readonly path: string;
  /** The leaves that it wrote as a whole, in short; an increment says less. */
  readonly written: ReadonlyMap<string, string>;
}

/** Characters of a value in short: enough to tell a damaged one. */
const DIGEST = 16;

const NOTHING: ReadonlyMap<string, string> = new Map();

/** The operations of the log as they come by: each can be read, and none is missing between the first and the last. */
export class LogContents {
  readonly #lost: Findings;
  readonly #operations = new Map<number, KnownOperation>();
  #last: number | undefined;
  #count = 0;

  constructor(lost: Findings) {
    this.#lost = lost;
  }

  get count(): number {
    return this.#count;
  }

  /** The seq of the last one seen. */
  get last(): number | undefined {
    return this.#last;
  }

  /** What a leaf's revision says of its operation; undefined when the log does not have it. */
  operation(seq: number): KnownOperation | undefined {
    return this.#operations.get(seq);
  }

  see({ key, value }: TreeEntry): void {
    const seq = numberKey(key);
    if (!isCount(seq) || seq === 0) {
      this.#lost.add(`an operation of the log (its seq cannot be read)`);
      return;
    }
    if (this.#last !== undefined && seq !== this.#last + 1) {
      this.#lost.add(`operations of the log from ${this.#last + 1} to ${seq - 1} (they are missing)`);
    }
    this.#last = seq;
    this.#count += 1;
    const bytes = value();
    if (bytes === undefined) return;
    const operation = operationIn(bytes);
    if (operation === undefined) this.#lost.add(`operation ${seq} of the log (it cannot be read)`);
    else this.#operations.set(seq, operation);
  }
}

function operationIn(bytes: Buffer): KnownOperation | undefined {
  const stored = jsonOf(bytes);
  if (!Array.isArray(stored)) return undefined;
  const [op, path, value, deviceId, clientOpId] = stored as unknown[];
  if (typeof op !== 'string' || typeof path !== 'string' || pathFault(path) !== undefined) return undefined;
  if (!isTextOrNull(deviceId) || !isTextOrNull(clientOpId)) return undefined;
  return { path, written: writtenBy(op, path, value) };
}

function writtenBy(op: string, path: string, value: unknown): ReadonlyMap<string, string> {
  if (op !== 'set' && op !== 'merge') return NOTHING;
  try {
    return new Map(flatten(path, value as JsonValue).map((leaf) => [leaf.path, digestOf(leaf.value)]));
  } catch {
    return NOTHING;
  }
}

/** A value in short, the same for the same value. */
export function digestOf(value: unknown): string {
  return createHash('sha1').update(JSON.stringify(value)).digest('base64').slice(0, DIGEST);
}

const isTextOrNull = (value: unknown): boolean => value === null || typeof value === 'string';
