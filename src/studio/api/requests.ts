import { pathFault } from '../../protocol/paths/path.js';
import type { JsonObject, JsonValue } from '../../protocol/values/value.js';
import { badRequest } from '../errors.js';
import type { DeleteRequest, Filter, RecordsQuery, RestoreRequest, SaveRequest } from './messages.js';

// What comes from the page is checked as what comes from anybody: each field, and nothing beside them.

type Fields = Readonly<Record<string, unknown>>;

const OPERATORS: readonly Filter['operator'][] = [
  'is',
  'isNot',
  'contains',
  'startsWith',
  'less',
  'greater',
  'isNull',
  'isNotNull',
];

const MAX_TAKE = 200;
const MAX_SKIP = 100_000;

/** @throws StudioRefusal for what is no {@link RecordsQuery} */
export function recordsQuery(body: unknown): RecordsQuery {
  const { entity, filters, order, take, cursor, withDeleted, skip } = fieldsOf(body);
  if (cursor !== undefined && skip !== undefined) throw badRequest('"skip" goes without "cursor".');
  return {
    entity: text('entity', entity),
    filters: filters === undefined ? undefined : list('filters', filters).map(filterOf),
    order: order === undefined || order === null ? undefined : orderOf(order),
    take: optional(take, (value) => whole('take', value, 1, MAX_TAKE)),
    cursor: optional(cursor, (value) => text('cursor', value)),
    withDeleted: optional(withDeleted, (value) => flag('withDeleted', value)),
    skip: optional(skip, (value) => whole('skip', value, 0, MAX_SKIP)),
  };
}

/** @throws StudioRefusal for what is no {@link SaveRequest} */
export function saveRequest(body: unknown): SaveRequest {
  const { entity, slug, values, path, value, revision } = fieldsOf(body);
  if ((entity === undefined) === (path === undefined)) throw badRequest('"entity" or "path" is to be given.');
  if (path !== undefined && value === undefined) throw badRequest('"value" is to be given with "path".');
  return {
    entity: optional(entity, (each) => text('entity', each)),
    slug: optional(slug, (each) => text('slug', each)),
    values: optional(values, (each) => fieldsOf(each) as JsonObject),
    path: optional(path, pathOf),
    value: value as JsonValue | undefined,
    revision: revisionOf(revision),
  };
}

/** @throws StudioRefusal for what is no {@link DeleteRequest} */
export function deleteRequest(body: unknown): DeleteRequest {
  const { path, revision } = fieldsOf(body);
  return { path: pathOf(path), revision: revisionOf(revision) };
}

/** @throws StudioRefusal for what is no {@link RestoreRequest} */
export function restoreRequest(body: unknown): RestoreRequest {
  const { path, revision, storeSeq } = fieldsOf(body);
  return {
    path: pathOf(path),
    revision: revisionOf(revision),
    storeSeq: whole('storeSeq', storeSeq, 0, Number.MAX_SAFE_INTEGER),
  };
}

/** A rendered path. @throws StudioRefusal */
export function pathOf(value: unknown): string {
  const path = text('path', value);
  const fault = pathFault(path);
  if (fault !== undefined) throw badRequest(`"path" is no rendered path: ${fault}.`);
  return path;
}

/** A whole number of a query's text; `fallback` where it is not given. @throws StudioRefusal */
export function numberIn(
  query: URLSearchParams,
  name: string,
  { min, max, fallback }: { readonly min: number; readonly max: number; readonly fallback: number },
): number {
  const given = query.get(name);
  if (given === null || given === '') return fallback;
  return whole(name, /^\d{1,16}$/.test(given) ? Number(given) : NaN, min, max);
}

function filterOf(value: unknown): Filter {
  const { property, operator, value: operand } = fieldsOf(value);
  const found = OPERATORS.find((each) => each === operator);
  if (found === undefined) throw badRequest(`"operator" is one of ${OPERATORS.join(', ')}.`);
  return {
    property: text('property', property),
    operator: found,
    value: optional(operand, (each) => text('value', each)),
  };
}

function orderOf(value: unknown): NonNullable<RecordsQuery['order']> {
  const { property, direction } = fieldsOf(value);
  if (direction !== 'asc' && direction !== 'desc') throw badRequest('"direction" is asc or desc.');
  return { property: text('property', property), direction };
}

function fieldsOf(value: unknown): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw badRequest('A JSON object is expected.');
}

function optional<T>(value: unknown, read: (value: unknown) => T): T | undefined {
  return value === undefined || value === null ? undefined : read(value);
}

function text(name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  throw badRequest(`"${name}" is a text.`);
}

function flag(name: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  throw badRequest(`"${name}" is true or false.`);
}

function list(name: string, value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value as readonly unknown[];
  throw badRequest(`"${name}" is a list.`);
}

function whole(name: string, value: unknown, min: number, max: number): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max) return value;
  throw badRequest(`"${name}" is a whole number from ${min} to ${max}.`);
}

function revisionOf(value: unknown): number {
  return whole('revision', value, 0, Number.MAX_SAFE_INTEGER);
}
