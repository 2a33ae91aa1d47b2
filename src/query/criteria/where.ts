import type { EntityMetadata } from '../../metadata/types.js';
import { emptyWhere, invalidWhere, unknownProperty } from '../values/errors.js';
import { isFindOperator } from '../operators/find-operator.js';
import { compilePredicate } from '../predicates/predicate.js';
import type { Property } from '../values/property.js';
import { findProperty, readProperty } from '../values/property.js';
import { slugCandidates, unite } from './slug-candidates.js';
import { compareSlugs } from '../values/slug-order.js';
import type { Predicate } from '../values/truth.js';

/** A where, compiled. */
export interface CompiledWhere {
  readonly matches: (entity: object) => boolean;
  /** Only records with these slugs (distinct, in store order) can match; `undefined` when the where leaves that open. */
  readonly slugs: readonly string[] | undefined;
  /** The alternatives, of which one must hold. */
  readonly alternatives: readonly (readonly Condition[])[];
}

/** What must hold of one property. */
export interface Condition {
  readonly property: Property;
  /** A value, or an operator that {@link predicate} was compiled from. */
  readonly condition: unknown;
  readonly predicate: Predicate;
}

interface Branch {
  readonly conditions: readonly Condition[];
  readonly slugs: ReadonlySet<string> | undefined;
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
  const slugs = unite(branches.map((branch) => branch.slugs));
  return {
    matches: (entity) => branches.some(({ conditions }) => meets(entity, conditions)),
    slugs: slugs && [...slugs].sort(compareSlugs),
    alternatives: branches.map(({ conditions }) => conditions),
  };
}

function compileBranch(metadata: EntityMetadata, where: unknown): Branch {
  if (typeof where !== 'object' || where === null || Array.isArray(where) || isFindOperator(where)) {
    throw invalidWhere(metadata, where);
  }
  const entries: [string, unknown][] = Object.entries(where);
  if (entries.length === 0) throw emptyWhere(metadata);
  const conditions = entries.map(([name, condition]) => {
    const property = findProperty(metadata, name);
    if (property === undefined) throw unknownProperty(metadata, name);
    return { property, condition, predicate: compilePredicate(property, condition) };
  });
  const onSlug = entries.find(([name]) => name === metadata.slugProperty);
  return { conditions, slugs: onSlug && slugCandidates(onSlug[1]) };
}

function meets(entity: object, conditions: Branch['conditions']): boolean {
  return conditions.every(
    ({ property, predicate }) => predicate(readProperty(entity, property.name)) === true,
  );
}
