import { types } from 'node:util';
import { DustError } from '../../errors.js';
import type { StandardSchema } from '../../metadata/index.js';
import type { FaultPath } from '../codecs/codec.js';
import { VALUE_SHAPE } from '../../protocol/values/shape.js';
import { isPromiseLike } from '../promise-like.js';
import { firstDifference } from './first-difference.js';

/** Something that a schema refuses about an entity; an empty path is that of the entity as a whole. */
export interface SchemaFault {
  readonly path: FaultPath;
  readonly message: string;
}

/** What a schema refuses, none for nothing; later where it takes its time. */
export type SchemaAnswer = readonly SchemaFault[] | Promise<readonly SchemaFault[]>;

/** What a schema is asked about, for messages such as `Link.title: its schema …`. */
export interface SchemaSubject {
  readonly name: string;
  readonly path: FaultPath;
}

const UNCHANGED =
  'must be as its schema makes it, by transforms and defaults: a schema checks a value, and what is stored is the value itself';

/**
 * What a schema refuses of a value, and where it would make another one of it.
 *
 * Never throws: rejects with DustError `invalid_metadata` when the schema throws, or answers nothing that the specification knows.
 */
export function askSchema(schema: StandardSchema, value: unknown, subject: SchemaSubject): SchemaAnswer {
  const inTermsOf = (result: unknown): readonly SchemaFault[] => faultsOf(value, result, subject);
  const failed = (error: unknown): never => {
    throw schemaFailed(schema, subject, error);
  };
  try {
    const result = schema['~standard'].validate(value);
    return isPromiseLike(result) ? Promise.resolve(result).then(inTermsOf).catch(failed) : inTermsOf(result);
  } catch (error) {
    return Promise.reject(schemaFailed(schema, subject, error));
  }
}

function faultsOf(value: unknown, result: unknown, { path }: SchemaSubject): readonly SchemaFault[] {
  if (typeof result !== 'object' || result === null) throw new TypeError('it gave no result');
  const issues: unknown = Reflect.get(result, 'issues');
  if (Array.isArray(issues) && issues.length > 0) {
    return issues.map((issue: unknown) => ({ path: [...path, ...pathIn(issue)], message: messageIn(issue) }));
  }
  if (Boolean(issues) || !('value' in result)) return [{ path, message: 'is not what its schema asks for' }];
  const difference = firstDifference(value, result.value);
  return difference === undefined ? [] : [{ path: [...path, ...difference], message: UNCHANGED }];
}

function messageIn(issue: unknown): string {
  const message: unknown = isObject(issue) ? Reflect.get(issue, 'message') : undefined;
  return typeof message === 'string' && message !== '' ? message : 'is not what its schema asks for';
}

/** A key stands for itself, or in an object that may say more of it. */
function pathIn(issue: unknown): FaultPath {
  const path: unknown = isObject(issue) ? Reflect.get(issue, 'path') : undefined;
  if (!Array.isArray(path)) return [];
  // Deeper than any value that can be stored there is nothing to name.
  return path.slice(0, VALUE_SHAPE.depth).map((segment: unknown) => {
    const key: unknown = isObject(segment) ? Reflect.get(segment, 'key') : segment;
    return typeof key === 'number' ? key : String(key);
  });
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function schemaFailed(schema: StandardSchema, { name, path }: SchemaSubject, cause: unknown): DustError {
  const where = [name, ...path.map(String)].join('.');
  const reason = types.isNativeError(cause) ? cause.message : String(cause);
  return new DustError(
    'invalid_metadata',
    `${where}: its schema (${schema['~standard'].vendor}) failed instead of telling what is wrong: ${reason}. Nothing was written.`,
    { cause },
  );
}
