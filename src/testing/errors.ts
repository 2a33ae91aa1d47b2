import { DustError } from '../errors.js';
import type { DustErrorDetails, DustErrorKind } from '../errors.js';
import type { EntityMetadata } from '../metadata/index.js';
import { describeValue } from '../query/index.js';
import { nearestName } from '../options/index.js';

export function clockCannotGoBack(ms: unknown): DustError {
  return new DustError(
    'invalid_params',
    `A test clock moves on by milliseconds from 0 upwards, not by ${shown(ms)}.`,
  );
}

export function injectedFailure(
  kind: DustErrorKind,
  method: string,
  committed: boolean,
  details: DustErrorDetails,
): DustError {
  const fate = committed ? 'the write was committed and its answer lost' : 'nothing was sent';
  return new DustError(kind, `failNext("${kind}") made the transport's ${method} fail: ${fate}.`, details);
}

export function invalidTimes(times: unknown): DustError {
  return new DustError(
    'invalid_options',
    `failNext: times must be a positive integer, not ${describeValue(times)}.`,
  );
}

export function unknownKind(kind: unknown, known: readonly string[]): DustError {
  const guess = typeof kind === 'string' ? nearestName(kind, known) : undefined;
  const cure =
    guess === undefined ? `Give one of ${known.join(', ')}.` : `Did you mean ${JSON.stringify(guess)}?`;
  return new DustError('invalid_options', `failNext: there is no kind of error ${shown(kind)}. ${cure}`);
}

export function clockWithoutStart(start: unknown): DustError {
  return new DustError(
    'invalid_options',
    `new TestClock() takes a Date or milliseconds since the Unix epoch, not ${shown(start)}.`,
  );
}

export function operationMissing(found: unknown): DustError {
  return new DustError(
    'invalid_params',
    `emit: an operation is an object such as { op: 'delete', path: 'reading/links' }, not ${shown(found)}.`,
  );
}

function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

export function notAWrite(method: string): DustError {
  return new DustError(
    'invalid_options',
    `failNext: afterCommit is about writes, and ${method} is a read. Leave one of the two out.`,
  );
}

export function unknownMethod(method: string, known: readonly string[]): DustError {
  return new DustError(
    'invalid_options',
    `failNext: a transport has no method "${method}". Give read, write, ${known.join(', ')}, or leave it out for any.`,
  );
}

export function unknownOperation(op: unknown, known: readonly string[]): DustError {
  return new DustError(
    'invalid_params',
    `emit: there is no operation ${JSON.stringify(op)}. Give one of ${known.join(', ')}.`,
  );
}

export function emptySlug(entity: Pick<EntityMetadata, 'name'>): DustError {
  return new DustError(
    'invalid_criteria',
    `emit: the slug of the ${entity.name} is missing or empty. Give a non-empty string.`,
  );
}

export function unknownProperty(
  entity: Pick<EntityMetadata, 'name' | 'fields'>,
  property: string,
): DustError {
  const known = entity.fields.map((field) => field.propertyName).join(', ');
  return new DustError(
    'invalid_criteria',
    `emit: ${entity.name} has no field "${property}". Its fields are ${known}.`,
  );
}

/** A way to a store that there is none like. */
export function unknownLikeness(like: unknown, known: readonly string[]): DustError {
  const choices = known.map((each) => JSON.stringify(each)).join(', ');
  return new DustError('invalid_options', `like must be one of ${choices}, not ${shown(like)}.`);
}

/** A seed, or one of the pairs it is made of, that is something else. */
export function invalidSeed(found: unknown, position?: number): DustError {
  const place = position === undefined ? '' : ` at position ${position}`;
  return new DustError(
    'invalid_options',
    `createTestDataSource: seed must be an array of pairs of a class and its records, [[Link, [{ slug: 'dust', … }]]], not ${describeValue(found)}${place}.`,
  );
}
