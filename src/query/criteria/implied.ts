import { EntityMetadataError } from '../../metadata/index.js';
import type { MetadataProblem } from '../../metadata/index.js';
import type { EntityMetadata, EntityScope, FieldMetadata } from '../../metadata/types.js';
import { isDustError } from '../../errors.js';
import type { ScopeOptions } from '../operators/find-options.js';
import { IsNull, Not } from '../operators/operators.js';
import { compileOrder } from './order.js';
import { scopesNamed } from './scope-options.js';
import type { CompiledWhere } from './where.js';
import { compileWhere } from './where.js';

/** Which records with a time of deletion a query is about. */
export type Deleted = 'left out' | 'included' | 'alone';

/** What a query asks for without having been given it: that records are not deleted, and what scopes say. */
export interface Implied {
  /** Undefined: nothing. */
  readonly where: CompiledWhere | undefined;
  /** The order of a query that names none; undefined where no scope has one. */
  readonly order: unknown;
  /** Whether it leaves out more than deleted records. */
  readonly isNarrowing: boolean;
  /** Whether it was made by a function for this query alone. */
  readonly isOfTheMoment: boolean;
  /** What tells it from what other options imply. */
  readonly text: string;
}

/**
 * What options imply for a class; undefined for a class that has neither scopes nor a time of deletion.
 *
 * @throws DustError `invalid_options` for an unknown scope, `invalid_criteria` for what a function makes and the class does not fit; what
 * that function throws
 */
export function impliedBy(
  metadata: EntityMetadata,
  options: ScopeOptions = {},
  deleted: Deleted = options.withDeleted === true ? 'included' : 'left out',
): Implied | undefined {
  const { deletedAtField, scopes } = metadata;
  if (deletedAtField === undefined && scopes === undefined) return undefined;
  const byDefault = options.unscoped === true ? [] : (scopes?.byDefault ?? []);
  const applied = [...new Set([...byDefault, ...scopesNamed(metadata, options)])];
  const ofScopes = applied.flatMap((scope) => whereOf(metadata, scope) ?? []);
  const ofDeleted = deletedAtField === undefined ? [] : deletionWhere(metadata, deletedAtField, deleted);
  const parts = [...ofScopes, ...ofDeleted];
  return {
    where: parts.length === 0 ? undefined : parts.reduce(bothWheres),
    order: applied.findLast(({ order }) => order !== undefined)?.order,
    isNarrowing: ofScopes.length > 0 || deleted === 'alone',
    isOfTheMoment: applied.some(isMade),
    text: JSON.stringify([deleted, applied.map(({ name }) => name)]),
  };
}

/** As {@link impliedBy}, for what has no order, or another one. */
export function impliedWithoutOrder(...given: Parameters<typeof impliedBy>): Implied | undefined {
  const implied = impliedBy(...given);
  return implied && { ...implied, order: undefined };
}

/** A where whose records meet both. */
export function bothWheres(a: CompiledWhere, b: CompiledWhere): CompiledWhere {
  return {
    matches: (entity) => a.matches(entity) && b.matches(entity),
    alternatives: a.alternatives.flatMap((left) => b.alternatives.map((right) => [...left, ...right])),
  };
}

/**
 * Checks the scopes of a class against it, those made by functions aside, which are checked when they are made.
 *
 * @throws EntityMetadataError
 */
export function checkScopes(metadata: EntityMetadata): void {
  const { named = new Map<string, EntityScope>(), byDefault = [] } = metadata.scopes ?? {};
  const problems: MetadataProblem[] = [];
  for (const scope of new Set([...named.values(), ...byDefault])) {
    try {
      if (!isMade(scope)) whereOf(metadata, scope);
      if (scope.order !== undefined) compileOrder(metadata, scope.order);
    } catch (error) {
      if (!isDustError(error)) throw error;
      problems.push({ text: `its scope ${JSON.stringify(scope.name)} does not fit it. ${error.message}` });
    }
  }
  if (problems.length > 0) throw new EntityMetadataError(metadata.name, problems);
}

const compiledScopes = new WeakMap<EntityScope, CompiledWhere>();

function whereOf(metadata: EntityMetadata, scope: EntityScope): CompiledWhere | undefined {
  if (scope.where === undefined) return undefined;
  if (isMade(scope)) return compileWhere(metadata, scope.where());
  return kept(compiledScopes, scope, () => compileWhere(metadata, scope.where));
}

function isMade(scope: EntityScope): scope is EntityScope & { readonly where: () => unknown } {
  return typeof scope.where === 'function';
}

const present = new WeakMap<FieldMetadata, CompiledWhere>();
const deletedAlone = new WeakMap<FieldMetadata, CompiledWhere>();

function deletionWhere(metadata: EntityMetadata, field: FieldMetadata, deleted: Deleted): CompiledWhere[] {
  const { propertyName } = field;
  switch (deleted) {
    case 'included':
      return [];
    case 'alone':
      return [kept(deletedAlone, field, () => compileWhere(metadata, { [propertyName]: Not(IsNull()) }))];
    case 'left out':
      return [kept(present, field, () => commonly(compileWhere(metadata, { [propertyName]: IsNull() })))];
  }
}

/** As a rule few records are deleted. */
function commonly({ matches, alternatives }: CompiledWhere): CompiledWhere {
  return {
    matches,
    alternatives: alternatives.map((conditions) =>
      conditions.map((condition) => ({ ...condition, isCommon: true })),
    ),
  };
}

function kept<Key extends object, Value>(known: WeakMap<Key, Value>, key: Key, make: () => Value): Value {
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = make();
  known.set(key, made);
  return made;
}
