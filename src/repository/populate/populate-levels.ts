import type { EntityMetadata, ReferenceMetadata } from '../../metadata/types.js';
import type { PopulateTree } from '../../query/index.js';
import { checkReferences } from '../../query/index.js';
import type { EntityContext, EntityContexts } from '../entity-context.js';

/** A reference to fill in, and the class that it refers to. */
export interface ReferenceToFill {
  readonly reference: ReferenceMetadata;
  readonly target: EntityContext<object>;
}

/** What is filled in at one distance from what was read, by the class of the entities that are filled. */
export type PopulateLevel = ReadonlyMap<EntityContext<object>, readonly ReferenceToFill[]>;

type Trees = ReadonlyMap<EntityContext<object>, readonly PopulateTree[]>;

/**
 * What a populate says, level by level: so each class is read once on each of them. Entities of one class on one level are filled alike,
 * whichever reference leads to them.
 *
 * @throws DustError `invalid_options` for an unknown name, `invalid_metadata` for a class that is not among the entities
 */
export function populateLevels(
  contexts: EntityContexts,
  { metadata }: { readonly metadata: EntityMetadata },
  tree: PopulateTree,
): readonly PopulateLevel[] {
  const levels: PopulateLevel[] = [];
  let trees: Trees = new Map([[contexts.contextOf(metadata.target), [tree]]]);
  while (trees.size > 0) {
    const beyond = new Map<EntityContext<object>, PopulateTree[]>();
    const level = new Map<EntityContext<object>, ReferenceToFill[]>();
    for (const [context, all] of trees) level.set(context, referencesIn(contexts, context, all, beyond));
    levels.push(level);
    trees = beyond;
  }
  return levels;
}

/** What the trees of one class name; what they have beyond goes to `beyond`. */
function referencesIn(
  contexts: EntityContexts,
  { metadata }: EntityContext<object>,
  trees: readonly PopulateTree[],
  beyond: Map<EntityContext<object>, PopulateTree[]>,
): ReferenceToFill[] {
  for (const tree of trees) checkReferences(metadata, tree);
  return metadata.references
    .filter(({ as }) => trees.some((tree) => tree.has(as)))
    .map((reference) => {
      const target = contexts.contextOf(reference.target);
      for (const tree of trees) {
        const branch = tree.get(reference.as);
        if (branch === undefined || branch.size === 0) continue;
        const present = beyond.get(target);
        if (present === undefined) beyond.set(target, [branch]);
        else present.push(branch);
      }
      return { reference, target };
    });
}
