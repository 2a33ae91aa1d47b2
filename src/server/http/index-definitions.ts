import type { Path } from '../../protocol/paths/path.js';
import { pathFault } from '../../protocol/paths/path.js';
import type { IndexDefinition, IndexPart } from '../../protocol/values/record-access.js';
import type { JsonValue } from '../../protocol/values/value.js';
import { isObject } from '../../protocol/values/value.js';
import { INDEXED_TYPES, MAX_PATH_BYTES } from '../../store/index.js';
import { badRequest } from '../errors.js';

/** What one request may say. */
const MOST_DEFINITIONS = 32;
const MOST_PARTS = 8;
/** Characters of what a record without the part counts as. */
const MOST_ABSENT = 1024;

/** The unique indexes that a client declares for one prefix. */
export interface DeclaredIndexes {
  readonly prefix: Path;
  readonly definitions: readonly IndexDefinition[];
}

/**
 * `{ prefix, unique: [{ parts: [{ path, type, absent? }] }] }`, in a body or in a message.
 *
 * @throws DustError `invalid_params` saying what is wrong, also for a name that is none of these
 */
export function declaredIndexes(body: JsonValue | undefined): DeclaredIndexes {
  const { prefix, unique } = fieldsOf(body, 'The body', ['prefix', 'unique']);
  const path = pathIn(prefix, '"prefix"');
  const definitions = listIn(unique, '"unique"', MOST_DEFINITIONS).map((definition, i): IndexDefinition => {
    const { parts } = fieldsOf(definition, `unique[${i}]`, ['parts']);
    const list = listIn(parts, `unique[${i}].parts`, MOST_PARTS);
    return {
      prefix: path,
      parts: list.map((part, k) => partOf(part, `unique[${i}].parts[${k}]`)),
      unique: true,
    };
  });
  return { prefix: path, definitions };
}

function partOf(found: JsonValue, where: string): IndexPart {
  const { path, type, absent = null } = fieldsOf(found, where, ['path', 'type', 'absent']);
  if (!INDEXED_TYPES.has(type)) {
    throw badRequest(`${where}.type is one of ${[...INDEXED_TYPES].join(', ')}.`);
  }
  if (typeof absent === 'object' && absent !== null) throw badRequest(`${where}.absent is no single value.`);
  if (typeof absent === 'string' && absent.length > MOST_ABSENT) {
    throw badRequest(`${where}.absent has ${MOST_ABSENT} characters at the most.`);
  }
  const part = { path: pathIn(path, `${where}.path`), type: type as IndexPart['type'] };
  return absent === null ? part : { ...part, absent };
}

function pathIn(found: JsonValue | undefined, where: string): Path {
  if (typeof found !== 'string' || pathFault(found) !== undefined) {
    throw badRequest(`${where} is a rendered path, a string.`);
  }
  if (Buffer.byteLength(found) > MAX_PATH_BYTES) {
    throw badRequest(`${where} has ${MAX_PATH_BYTES} bytes of UTF-8 at the most.`);
  }
  return found;
}

function listIn(found: JsonValue | undefined, where: string, most: number): readonly JsonValue[] {
  if (!Array.isArray(found) || found.length === 0 || found.length > most) {
    throw badRequest(`${where} is a list of 1 to ${most}.`);
  }
  return found as readonly JsonValue[];
}

function fieldsOf(
  found: JsonValue | undefined,
  where: string,
  names: readonly string[],
): Readonly<Record<string, JsonValue | undefined>> {
  if (!isObject(found)) throw badRequest(`${where} is a JSON object.`);
  const unknown = Object.keys(found).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw badRequest(`${where} has no ${JSON.stringify(unknown.slice(0, 100))}, only ${names.join(', ')}.`);
  }
  return found;
}
