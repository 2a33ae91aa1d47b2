import type { EntityMetadata, FieldMetadata } from '../../metadata/index.js';
import {
  And,
  ArrayContains,
  Equal,
  ILike,
  IsNull,
  LessThan,
  Like,
  MoreThan,
  Not,
} from '../../query/index.js';
import type { FindOperator } from '../../query/index.js';
import { setOwn } from '../../protocol/values/value.js';
import { badRequest } from '../errors.js';
import { partsOf } from './entities.js';
import type { Filter } from './messages.js';
import { typedValue } from './typed-text.js';

type Operator = FindOperator<unknown>;

/** Conditions on one property. */
const MAX_FILTERS = 20;

/** What a property path names. */
interface Named {
  /** Undefined for the slug. */
  readonly field: FieldMetadata | undefined;
  readonly names: readonly string[];
}

/**
 * The where that these filters say, all of which must hold; undefined without any.
 *
 * @throws StudioRefusal for an unknown property, a text that is no value of it, and an operator that it does not have
 */
export function whereOf(metadata: EntityMetadata, filters: readonly Filter[]): object | undefined {
  if (filters.length === 0) return undefined;
  if (filters.length > MAX_FILTERS) throw badRequest(`There may be ${MAX_FILTERS} filters at once.`);
  const conditions = new Map<string, { readonly named: Named; readonly operators: Operator[] }>();
  for (const filter of filters) {
    const named = propertyNamed(metadata, filter.property);
    const found = conditions.get(filter.property) ?? { named, operators: [] };
    found.operators.push(operatorOf(filter, named));
    conditions.set(filter.property, found);
  }
  const where: Record<string, unknown> = {};
  for (const { named, operators } of conditions.values()) {
    const [first, ...others] = operators;
    if (first !== undefined) place(where, named.names, others.length === 0 ? first : And(first, ...others));
  }
  return where;
}

/** The order by one property (path). @throws StudioRefusal for an unknown property */
export function orderOf(
  metadata: EntityMetadata,
  { property, direction }: { readonly property: string; readonly direction: 'asc' | 'desc' },
): object {
  const order: Record<string, unknown> = {};
  place(order, propertyNamed(metadata, property).names, direction);
  return order;
}

/** What a property path such as `address.city` names. @throws StudioRefusal */
export function propertyNamed(metadata: EntityMetadata, path: string): Named {
  const { slugProperty, fieldByProperty, name } = metadata;
  if (path === slugProperty) return { field: undefined, names: [path] };
  const whole = fieldByProperty.get(path);
  if (whole !== undefined) return { field: whole, names: [path] };
  const names = path.split('.');
  let fields: readonly FieldMetadata[] | undefined = metadata.fields;
  let field: FieldMetadata | undefined;
  for (const each of names) {
    field = fields?.find(({ propertyName }) => propertyName === each);
    if (field === undefined) throw badRequest(`${name} has no property ${JSON.stringify(path)}.`);
    fields = partsOf(field);
  }
  return { field, names };
}

/** Puts a value where a property path leads, below objects that are made on the way. */
export function place(target: Record<string, unknown>, names: readonly string[], value: unknown): void {
  const [name = '', ...rest] = names;
  if (rest.length === 0) {
    setOwn(target, name, value);
    return;
  }
  const below = Object.hasOwn(target, name) ? (target[name] as Record<string, unknown>) : {};
  setOwn(target, name, below);
  place(below, rest, value);
}

function operatorOf({ property, operator, value }: Filter, { field }: Named): Operator {
  if (operator === 'isNull') return IsNull();
  if (operator === 'isNotNull') return Not(IsNull());
  if (value === undefined) throw badRequest(`The filter on ${property} lacks a value.`);
  if (field !== undefined && field.transformers.length > 0) {
    throw badRequest(`${property} is stored in another form than it is shown, and can only be null or not.`);
  }
  const isList = field !== undefined && (field.array || field.role === 'set');
  const typed = (): unknown => typedValue(property, field ?? SLUG, value);
  if (operator === 'contains' && isList) return ArrayContains([typed()]);
  if (isList) throw badRequest(`${property} is a list: it can be filtered by what it contains.`);
  switch (operator) {
    case 'is':
      return Equal(typed());
    case 'isNot':
      return Not(Equal(typed()));
    case 'less':
      return LessThan(ordered(property, field, typed()));
    case 'greater':
      return MoreThan(ordered(property, field, typed()));
    case 'contains':
      return ILike(`%${likeText(property, field, value)}%`);
    case 'startsWith':
      return Like(`${likeText(property, field, value)}%`);
  }
}

const SLUG = { type: 'string', enumValues: undefined } as const;

function ordered(property: string, field: FieldMetadata | undefined, value: unknown): string | number {
  if (field?.type === 'json' || field?.type === 'nested' || field?.type === 'file') {
    throw badRequest(`${property} has no order: it can be filtered by what it is.`);
  }
  return value as string | number;
}

function likeText(property: string, field: FieldMetadata | undefined, value: string): string {
  if (field !== undefined && field.type !== 'string') {
    throw badRequest(
      `${property} holds no text: it can be filtered by what it is, or what is less or greater.`,
    );
  }
  return value.replaceAll(/[\\%_]/g, '\\$&');
}
