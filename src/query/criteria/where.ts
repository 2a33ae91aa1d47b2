import type { EntityMetadata } from '../../metadata/types.js';
import {
  emptyParts,
  emptyWhere,
  invalidWhere,
  noParts,
  partsTooDeep,
  unknownPart,
  unknownProperty,
} from '../values/errors.js';
import { isFindOperator } from '../operators/find-operator.js';
import { compileCondition } from '../predicates/predicate.js';
import type { Property } from '../values/property.js';
import { findPart, findProperty } from '../values/property.js';
import type { Predicate } from '../values/truth.js';
import { hasMembers } from '../values/values.js';

/** No record holds an object nested deeper. */
const MAX_DEPTH = 500;

/** A where, compiled. */
export interface CompiledWhere {
  readonly matches: (entity: object) => boolean;
  /** The alternatives, of which one must hold. */
  readonly alternatives: readonly (readonly Condition[])[];
}

/** What must hold of one property. */
export interface Condition {
  readonly property: Property;
  /** A value, or an operator that {@link predicate} was compiled from. */
  readonly condition: unknown;
  /** The condition with each value as it is stored ({@link Property.comparable}), patterns included: what an index is asked by. */
  readonly stored: unknown;
  /** Tests a value as the property holds it. */
  readonly predicate: Predicate;
  /** Whether all but a few records meet it: it narrows nothing, and nobody asked for it. */
  readonly isCommon?: true;
}

/**
 * Compiles a where, or several of which one must hold.
 *
 * @throws DustError `invalid_criteria`
 */
export function compileWhere(metadata: EntityMetadata, where: unknown): CompiledWhere {
  const alternatives: readonly unknown[] = Array.isArray(where) ? where : [where];
  if (alternatives.length === 0) throw invalidWhere(metadata, where);
  const branches = alternatives.map((alternative) => compileBranch(metadata, alternative));
  return {
    matches: (entity) => branches.some((conditions) => meets(entity, conditions)),
    alternatives: branches,
  };
}

function compileBranch(metadata: EntityMetadata, where: unknown): readonly Condition[] {
  if (typeof where !== 'object' || where === null || Array.isArray(where) || isFindOperator(where)) {
    throw invalidWhere(metadata, where);
  }
  const entries: [string, unknown][] = Object.entries(where);
  if (entries.length === 0) throw emptyWhere(metadata);
  return entries.flatMap(([name, condition]) => {
    const property = findProperty(metadata, name);
    if (property === undefined) throw unknownProperty(metadata, name);
    return compileProperty(property, condition, 1);
  });
}

/** The conditions on a property, or on its parts where the where names some; `depth` counts the names on the way. */
function compileProperty(property: Property, condition: unknown, depth: number): Condition[] {
  if (!namesParts(property, condition)) {
    return [{ property, condition, ...compileCondition(property, condition) }];
  }
  if (property.parts === undefined) throw noParts(property);
  const entries = Object.entries(condition);
  if (entries.length === 0) throw emptyParts(property);
  if (depth === MAX_DEPTH) throw partsTooDeep(property, MAX_DEPTH);
  return entries.flatMap(([name, inner]) => {
    const part = findPart(property, name);
    if (part === undefined) throw unknownPart(property, name);
    return compileProperty(part, inner, depth + 1);
  });
}

/** An object given for a nested one means its parts, as in TypeORM, unless it is of the class: then it is the value. */
function namesParts(
  { kind, shape, field, parts }: Property,
  condition: unknown,
): condition is Readonly<Record<string, unknown>> {
  if (kind !== 'nested' || shape !== 'single' || !hasMembers(condition) || isFindOperator(condition)) {
    return false;
  }
  if (parts !== undefined) return !(condition instanceof parts.nestedClass);
  const isValue = field?.nestedClass !== undefined && condition instanceof field.nestedClass;
  return field?.transformers.length === 0 && !isValue;
}

function meets(entity: object, conditions: readonly Condition[]): boolean {
  return conditions.every(({ property, predicate }) => predicate(property.read(entity)) === true);
}
