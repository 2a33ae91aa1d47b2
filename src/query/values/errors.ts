import { DustError } from '../../errors.js';
import { unknownScopeText } from '../../metadata/index.js';
import type { EntityMetadata } from '../../metadata/types.js';
import { describeValue } from '../operators/describe.js';
import { nearestName } from '../../options/index.js';
import { populatedHint } from './populate-errors.js';
import type { Property } from './property.js';
import { partNames, propertyNames } from './property.js';

const ALL_OR_NONE = 'To mean every record, call find() or count() without "where", or clear().';

const KIND_NAMES: Readonly<Partial<Record<Property['kind'], string>>> = {
  json: 'JSON value',
  nested: 'nested object',
};

/** A where that names no property. */
export function emptyWhere(metadata: EntityMetadata): DustError {
  return new DustError(
    'invalid_criteria',
    `${metadata.name}: where is empty and would match every record. Name at least one property. ${ALL_OR_NONE}`,
  );
}

/** A where that is no object and no list of objects. */
export function invalidWhere(metadata: EntityMetadata, where: unknown): DustError {
  return new DustError(
    'invalid_criteria',
    `${metadata.name}: where must be an object such as { ${metadata.slugProperty}: '…' }, or a list of such objects, not ${describeValue(where)}. ${ALL_OR_NONE}`,
  );
}

/** Criteria that are no slug, no list of slugs and no where. */
export function invalidCriteria(metadata: EntityMetadata, criteria: unknown): DustError {
  return new DustError(
    'invalid_criteria',
    `${metadata.name}: the criteria must be a slug, a list of slugs, or a where object that names a property, not ${describeValue(criteria)}. ${ALL_OR_NONE}`,
  );
}

/** A list of slugs with something else in it. */
export function invalidSlug(metadata: EntityMetadata, slug: unknown): DustError {
  const cure = slug === '' ? 'A slug is never empty.' : 'A slug is a well-formed, non-empty string.';
  return new DustError(
    'invalid_criteria',
    `${metadata.name}.${metadata.slugProperty}: ${describeValue(slug)} is not a slug. ${cure}`,
  );
}

/** Something else where a list of slugs belongs. */
export function invalidSlugList(metadata: EntityMetadata, slugs: unknown): DustError {
  return new DustError(
    'invalid_criteria',
    `${metadata.name}: getMany takes a list of slugs, not ${describeValue(slugs)}.`,
  );
}

/** A name in a where that the class does not have. */
export function unknownProperty(metadata: EntityMetadata, name: string): DustError {
  return new DustError(
    'invalid_criteria',
    `${metadata.name} has no property ${JSON.stringify(name)} to use in where. ${populatedHint(metadata, name) ?? suggestion(name, propertyNames(metadata))}`,
  );
}

/** A scope that the class does not have. */
export function unknownScope({ name, scopes }: EntityMetadata, scope: string): DustError {
  return new DustError(
    'invalid_options',
    `${name}: ${unknownScopeText(scope, [...(scopes?.named.keys() ?? [])])}`,
  );
}

/** A name in a where that a nested object does not have. */
export function unknownPart(property: Property, name: string): DustError {
  return new DustError(
    'invalid_criteria',
    `${nameOf(property)} has no part ${JSON.stringify(name)} to use in where. ${suggestion(name, partNames(property))}`,
  );
}

/** Conditions on parts of an object that is compared as a whole only. */
export function noParts(property: Property): DustError {
  return new DustError(
    'invalid_criteria',
    `${nameOf(property)}: ${whyNoParts(property)} Write Equal(value).`,
  );
}

/** Conditions on the parts of a nested object that name none. */
export function emptyParts(property: Property): DustError {
  return new DustError(
    'invalid_criteria',
    `${nameOf(property)}: where is empty and would match every record. Name at least one part: ${partNames(property).join(', ')}.`,
  );
}

/** Parts of parts, deeper than anything that is stored. */
export function partsTooDeep(property: Property, levels: number): DustError {
  return new DustError(
    'invalid_criteria',
    `${topOf(property)}…: where names parts more than ${levels} levels deep, and no record holds a deeper one.`,
  );
}

/** Null or undefined where a value belongs. */
export function missingValue(property: Property, value: null | undefined): DustError {
  const cure =
    value === null
      ? 'Use IsNull() to find records without a value.'
      : 'Leave the property out, or use IsNull() to find records without a value.';
  return new DustError('invalid_criteria', `${nameOf(property)}: ${String(value)} in where. ${cure}`);
}

/** A value that the property can never have. */
export function invalidOperand(
  property: Property,
  operator: string,
  expected: string,
  value: unknown,
): DustError {
  return new DustError(
    'invalid_criteria',
    `${nameOf(property)}: ${operator} takes ${expected}, not ${describeValue(value)}.`,
  );
}

/** A value nested deeper than any that is stored. */
export function operandTooDeep(property: Property, operator: string, levels: number): DustError {
  return new DustError(
    'invalid_criteria',
    `${nameOf(property)}: ${operator} takes a value nested at most ${levels} levels deep, and no record holds a deeper one.`,
  );
}

/** An operator that has no meaning for the property. `cure` says what it works on. */
export function operatorNotApplicable(property: Property, operator: string, cure: string): DustError {
  return new DustError(
    'invalid_criteria',
    `${nameOf(property)}: ${operator} does not work on ${kindOf(property)}. ${cure}`,
  );
}

/** An operator whose operands are malformed whatever the property. */
export function malformedOperator(property: Property, operator: string, cure: string): DustError {
  return new DustError('invalid_criteria', `${nameOf(property)}: ${operator} is malformed. ${cure}`);
}

/** An option with a value that it cannot have. */
export function invalidOption(
  metadata: EntityMetadata,
  name: string,
  expected: string,
  value: unknown,
): DustError {
  return new DustError(
    'invalid_options',
    `${metadata.name}: the find option "${name}" must be ${expected}, not ${describeValue(value)}.`,
  );
}

/** A name in an order that the class does not have. */
export function unknownOrderProperty(metadata: EntityMetadata, name: string): DustError {
  return new DustError(
    'invalid_options',
    `${metadata.name} has no property ${JSON.stringify(name)} to order by. ${populatedHint(metadata, name) ?? suggestion(name, propertyNames(metadata))}`,
  );
}

/** A property whose values have no order. */
export function notOrderable(property: Property): DustError {
  const parts = partNames(property);
  const cure =
    parts.length === 0
      ? 'Order by a property with single, comparable values.'
      : `Order by parts of it: { ${property.name}: { ${parts[0]}: 'ASC' } }. Known: ${parts.join(', ')}.`;
  return new DustError(
    'invalid_options',
    `${nameOf(property)}: cannot order by ${kindOf(property)}. ${cure}`,
  );
}

/** A name in an order that a nested object does not have. */
export function unknownOrderPart(property: Property, name: string): DustError {
  return new DustError(
    'invalid_options',
    `${nameOf(property)} has no part ${JSON.stringify(name)} to order by. ${suggestion(name, partNames(property))}`,
  );
}

/** An order by the parts of a nested object that names none. */
export function emptyOrder(property: Property): DustError {
  return new DustError(
    'invalid_options',
    `${nameOf(property)}: the order names no part. Known: ${partNames(property).join(', ')}.`,
  );
}

/** An order by parts of parts, deeper than anything that is stored. */
export function orderTooDeep(property: Property, levels: number): DustError {
  return new DustError(
    'invalid_options',
    `${topOf(property)}…: the order names parts more than ${levels} levels deep, and no record holds a deeper one.`,
  );
}

/** An order direction that is none. */
export function invalidDirection(property: Property, direction: unknown): DustError {
  return new DustError(
    'invalid_options',
    `${nameOf(property)}: the order must be 'ASC', 'DESC', 1, -1 or { direction, nulls: 'FIRST' | 'LAST' }, not ${describeValue(direction)}.`,
  );
}

/** A name in a select that the class does not have. */
export function unknownSelectProperty(metadata: EntityMetadata, name: unknown): DustError {
  const known = propertyNames(metadata);
  const text =
    typeof name === 'string'
      ? `has no property ${JSON.stringify(name)} to select. ${populatedHint(metadata, name) ?? suggestion(name, known)}`
      : `cannot select ${describeValue(name)}. Known: ${known.join(', ')}.`;
  return new DustError('invalid_options', `${metadata.name} ${text}`);
}

/** A select that names no property. */
export function emptySelect(metadata: EntityMetadata): DustError {
  return new DustError(
    'invalid_options',
    `${metadata.name}: select names no property. Leave it out to get whole entities, or use exists() or count().`,
  );
}

/** Anything but true in a select. */
export function notTrue(metadata: EntityMetadata, name: string, value: unknown): DustError {
  return new DustError(
    'invalid_options',
    `${metadata.name}: select takes ${JSON.stringify(name)} with true, not with ${describeValue(value)}. Leave out what is not wanted; a nested object comes whole.`,
  );
}

/** A property of which an aggregate makes nothing. `cure` says what it works on. */
export function notAggregable(property: Property, name: string, cure: string): DustError {
  return new DustError(
    'invalid_criteria',
    `${nameOf(property)}: ${name} does not work on ${kindOf(property)}. ${cure}`,
  );
}

/** A name given to an aggregate that the class does not have. */
export function unknownAggregateProperty(
  metadata: EntityMetadata,
  name: string,
  property: unknown,
): DustError {
  const known = propertyNames(metadata);
  const text =
    typeof property === 'string'
      ? `has no property ${JSON.stringify(property)} for ${name}. ${suggestion(property, known)}`
      : `: ${name} takes the name of a property, not ${describeValue(property)}. Known: ${known.join(', ')}.`;
  return new DustError('invalid_criteria', `${metadata.name}${text.startsWith(':') ? '' : ' '}${text}`);
}

/** A value behind a transformer that cannot be summed. */
export function notSummable(property: Property, value: unknown): DustError {
  return new DustError(
    'invalid_criteria',
    `${nameOf(property)}: cannot sum ${describeValue(value)}. What its transformer makes must be numbers, bigints or decimals as text, all of one type.`,
  );
}

/** A stream that was asked for another order than the store's. */
export function streamOrder(metadata: EntityMetadata): DustError {
  return new DustError(
    'invalid_options',
    `${metadata.name}: a stream comes in store order and cannot be ordered. Leave "order" out, or use find().`,
  );
}

/** A cursor that no page has given. */
export function malformedCursor(metadata: EntityMetadata, cursor: unknown): DustError {
  return new DustError(
    'invalid_options',
    `${metadata.name}: after must be the cursor of a page, as findPage() gave it, not ${describeValue(cursor)}.`,
    { detail: 'invalid_cursor' },
  );
}

/** The cursor of a page of another query. */
export function foreignCursor(metadata: EntityMetadata): DustError {
  return new DustError(
    'invalid_options',
    `${metadata.name}: the cursor belongs to a page of another class, where or order. Go on with the options of its page, or begin anew.`,
    { detail: 'invalid_cursor' },
  );
}

function whyNoParts({ field }: Property): string {
  if (field?.type !== 'nested') return 'it has no parts to name in where.';
  return field.transformers.length > 0
    ? 'it is behind a transformer and compared as a whole.'
    : `${field.nestedClass?.name ?? 'its class'} has no @Field(), so it is compared as a whole.`;
}

/** The property of the entity that a part belongs to. */
function topOf({ entityName, name }: Property): string {
  return `${entityName}.${name.split('.', 1)[0] ?? ''}`;
}

function nameOf(property: Property): string {
  return `${property.entityName}.${property.name}`;
}

function kindOf(property: Property): string {
  const name = KIND_NAMES[property.kind] ?? property.kind;
  const kind = `${/^[aei]/.test(name) ? 'an' : 'a'} ${name}`;
  if (property.shape === 'single') return kind;
  return `${property.shape === 'array' ? 'an array' : 'a set'} (each item ${kind})`;
}

function suggestion(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known);
  const question = nearest === undefined ? '' : `Did you mean ${JSON.stringify(nearest)}? `;
  return `${question}Known: ${known.join(', ')}.`;
}

/** A read that is to show what others have written, where nothing is known of that. */
export function noConsistency(): DustError {
  return new DustError(
    'not_supported',
    'The option consistency needs a server that announces read-barrier, a store of this process, or a cluster. Leave it out.',
    { detail: 'consistency' },
  );
}
