import { DustError } from '../../errors.js';
import { parseJson as parseJsonText } from '../values/json-text.js';
import { roundedInteger } from '../values/long-integers.js';
import { toJson } from '../values/json.js';
import type { Path } from '../paths/path.js';
import { pathFault } from '../paths/path.js';
import { REQUEST_SHAPE, ShapeExceeded } from '../values/shape.js';
import type { JsonValue, LeafType } from '../values/value.js';
import { isLeafType, isMap, isObject } from '../values/value.js';

/** The version of the path syntax that a dump is written in (PROTOCOL §3). */
export const DUMP_PATH_SCHEMA_VERSION = 3;

/** The first line of a dump. */
export interface DumpHeader {
  readonly _header: true;
  readonly path_schema_version: number;
  /** The store it was made from, `org/name`. */
  readonly store?: string;
  /**
   * Every operation up to this seq is in it. What was written while a dump of a store in use was made may be in it too.
   */
  readonly store_seq?: number;
}

/** One leaf of a dump: every line but the first. */
export interface DumpedLeaf {
  readonly path: Path;
  readonly value: JsonValue;
  readonly type: LeafType;
}

/** Values that a leaf of each type may hold. A server writes decimals and moments as bare strings (PROTOCOL §1). */
const FITS: Readonly<Record<LeafType, (value: JsonValue) => boolean>> = {
  string: (value) => typeof value === 'string' || Array.isArray(value),
  integer: (value) => typeof value === 'number',
  float: (value) => typeof value === 'number',
  counter: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
  set: (value) => Array.isArray(value),
  map: isTyped,
  file: isObject,
  lease: isObject,
  decimal: isTyped,
  datetime: isTyped,
};

/** The first line of a dump, without its end. */
export function formatDumpHeader(about: Pick<DumpHeader, 'store' | 'store_seq'> = {}): string {
  return JSON.stringify({ _header: true, path_schema_version: DUMP_PATH_SCHEMA_VERSION, ...about });
}

/** The line of a leaf, without its end. */
export function formatDumpLine({ path, value, type }: DumpedLeaf): string {
  return JSON.stringify({ path, value, type });
}

/** Whether a parsed line is the header. */
export function isDumpHeader(line: DumpHeader | DumpedLeaf): line is DumpHeader {
  return '_header' in line;
}

/**
 * What one line of a dump says.
 *
 * @param line its number, from 1, for errors
 * @throws DustError `invalid_params` with detail `invalid_dump`; the message names the line
 */
export function parseDumpLine(text: string, line: number): DumpHeader | DumpedLeaf {
  const parsed = parseJson(text, line);
  if (!isObject(parsed)) throw invalidDump(line, 'is not a JSON object');
  if (Object.hasOwn(parsed, '_header')) return parseHeader(parsed, line);
  const { path, value, type } = parsed;
  if (typeof path !== 'string') throw invalidDump(line, 'has no "path", a string');
  const fault = pathFault(path);
  if (fault !== undefined) throw invalidDump(line, `has the invalid path ${JSON.stringify(path)} (${fault})`);
  if (value === undefined) throw invalidDump(line, 'has no "value"');
  if (!isLeafType(type)) throw invalidDump(line, `has no "type", one of ${Object.keys(FITS).join(', ')}`);
  if (isMap(value) || !FITS[type](value)) {
    throw invalidDump(line, `holds a value at ${JSON.stringify(path)} that is not of type ${type}`);
  }
  return { path, value, type };
}

/**
 * The leaves of a whole dump, in the order of its lines. Empty lines count for nothing, and the header may be missing.
 *
 * @throws DustError `invalid_params` with detail `invalid_dump`; the message names the line
 */
export function parseDump(lines: Iterable<string>): DumpedLeaf[] {
  const leaves: DumpedLeaf[] = [];
  let number = 0;
  for (const text of lines) {
    number += 1;
    if (text.trim() === '') continue;
    const line = parseDumpLine(text, number);
    if (!isDumpHeader(line)) leaves.push(line);
    else if (leaves.length > 0) throw invalidDump(number, 'is a header, and a header comes first');
  }
  return leaves;
}

function parseJson(text: string, line: number): JsonValue {
  let parsed: unknown;
  try {
    parsed = parseJsonText(text, REQUEST_SHAPE);
  } catch (error) {
    if (error instanceof ShapeExceeded) throw invalidDump(line, error.message);
    throw invalidDump(line, 'is not JSON');
  }
  const rounded = roundedInteger(text);
  if (rounded !== undefined) throw invalidDump(line, `holds ${rounded}`);
  const result = toJson(parsed);
  if ('value' in result) return result.value;
  throw invalidDump(line, `holds ${result.fault.reason} at ${result.fault.at || 'its root'}`);
}

function parseHeader(parsed: Readonly<Record<string, JsonValue>>, line: number): DumpHeader {
  const { _header, path_schema_version: version, store, store_seq: storeSeq } = parsed;
  if (_header !== true) throw invalidDump(line, 'has a "_header" that is not true');
  if (version !== DUMP_PATH_SCHEMA_VERSION) {
    throw invalidDump(
      line,
      `was written with path_schema_version ${JSON.stringify(version)}, and this package reads ${DUMP_PATH_SCHEMA_VERSION}`,
    );
  }
  return {
    _header,
    path_schema_version: version,
    ...(typeof store === 'string' ? { store } : {}),
    ...(typeof storeSeq === 'number' ? { store_seq: storeSeq } : {}),
  };
}

function isTyped(value: JsonValue): boolean {
  return typeof value === 'string' || isObject(value);
}

function invalidDump(line: number, fault: string): DustError {
  return new DustError('invalid_params', `Line ${line} of the dump ${fault}.`, { detail: 'invalid_dump' });
}
