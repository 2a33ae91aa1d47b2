import type { DustError, DuplicateValues } from '../../errors.js';
import type { Path } from '../paths/path.js';
import { childPath, pathFault } from '../paths/path.js';
import type { Subject } from './request-errors.js';
import { refused } from './request-errors.js';
import type { JsonValue } from '../values/value.js';

const MOST_SHOWN = 80;

/** A unique index: another record of the same prefix has these values. Detail `duplicate`, the same on every transport. */
export function duplicateError(subject: Subject, duplicate: DuplicateValues): DustError {
  const { paths, values, slug } = duplicate;
  const other = childPath(subject.path.slice(0, subject.path.lastIndexOf('/')), slug);
  return refused(
    'exists',
    subject,
    `another record, ${JSON.stringify(other)}, has the same ${describeValues(paths, values)}, of which there may be one ` +
      'only. It was not written: choose another value, or change that record first.',
    { detail: 'duplicate', duplicate },
  );
}

/** What a server says of a duplicate beside the reason `exists` (PROTOCOL §3, §4). */
export interface WireDuplicate {
  /** The record that was to have the values. */
  readonly path: Path;
  readonly duplicate: DuplicateValues;
}

/** The same, read from a body or a reply; undefined where it tells of no duplicate. */
export function duplicateIn(path: unknown, found: unknown): WireDuplicate | undefined {
  if (typeof path !== 'string' || pathFault(path) !== undefined || !path.includes('/')) return undefined;
  if (!isFields(found)) return undefined;
  const { paths, values, slug } = found;
  if (typeof slug !== 'string' || !Array.isArray(paths) || !Array.isArray(values)) return undefined;
  if (paths.length === 0 || paths.length !== values.length) return undefined;
  if (!paths.every((each) => typeof each === 'string')) return undefined;
  return { path, duplicate: { paths, values: values as readonly JsonValue[], slug } };
}

/** `email "a@b.c"`, `year 2020 and number 7`. */
function describeValues(paths: readonly Path[], values: readonly JsonValue[]): string {
  return paths.map((path, i) => `${path} ${shown(values[i] ?? null)}`).join(' and ');
}

function shown(value: JsonValue): string {
  const text = JSON.stringify(value);
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN).toWellFormed()}…` : text;
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
