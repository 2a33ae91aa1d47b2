import type { EntityMetadata } from '../../metadata/types.js';
import { invalidPopulate, populateTooDeep, unknownReference } from '../values/populate-errors.js';
import type { Selection } from './select.js';

/** The references to fill in, by the properties they fill, and of what they refer to those beyond. */
export type PopulateTree = ReadonlyMap<string, PopulateTree>;

type Growing = Map<string, Growing>;

/** Names that a program was given may say anything. */
const MAX_LEVELS = 10;

/**
 * Compiles a `populate`. Undefined where it names nothing. Names beyond the first of a path are those of other classes, and are not
 * looked at.
 *
 * @throws DustError `invalid_options`
 */
export function compilePopulate(metadata: EntityMetadata, populate: unknown): PopulateTree | undefined {
  if (populate === undefined) return undefined;
  const tree: Growing = new Map();
  if (Array.isArray(populate)) for (const path of populate) addPath(metadata, tree, path);
  else addBranches(metadata, tree, populate, 1);
  checkReferences(metadata, tree);
  return tree.size === 0 ? undefined : tree;
}

/** @throws DustError `invalid_options` for a name that is none of the class's references */
export function checkReferences(metadata: EntityMetadata, tree: PopulateTree): void {
  for (const name of tree.keys()) {
    if (!metadata.references.some(({ as }) => as === name)) throw unknownReference(metadata, name);
  }
}

/** A selection with the properties that hold the slugs of what is filled in. */
export function withReferences(
  metadata: EntityMetadata,
  selection: Selection,
  populate: PopulateTree | undefined,
): Selection {
  if (selection === undefined || populate === undefined) return selection;
  const needed = metadata.references.filter(({ as }) => populate.has(as));
  return new Set([...selection, ...needed.map(({ property }) => property)]);
}

function addPath(metadata: EntityMetadata, tree: Growing, path: unknown): void {
  if (typeof path !== 'string') throw invalidPopulate(metadata, path);
  const names = path.split('.');
  if (names.length > MAX_LEVELS) throw populateTooDeep(metadata, MAX_LEVELS);
  names.reduce((at, name) => branchOf(at, name), tree);
}

function addBranches(metadata: EntityMetadata, tree: Growing, branches: unknown, level: number): void {
  if (typeof branches !== 'object' || branches === null || Array.isArray(branches)) {
    throw invalidPopulate(metadata, branches);
  }
  if (level > MAX_LEVELS) throw populateTooDeep(metadata, MAX_LEVELS);
  for (const [name, beyond] of Object.entries(branches)) {
    const branch = branchOf(tree, name);
    if (beyond !== true) addBranches(metadata, branch, beyond, level + 1);
  }
}

function branchOf(tree: Growing, name: string): Growing {
  const present = tree.get(name);
  if (present !== undefined) return present;
  const branch: Growing = new Map();
  tree.set(name, branch);
  return branch;
}
