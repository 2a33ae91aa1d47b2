import type { Path } from '../../protocol/paths/path.js';
import type { ReadableTree } from '../leaf-tree.js';
import type { CompiledIndex } from './compiled-index.js';
import type { ByteText } from './keys/byte-text.js';
import { escapedSlugKey } from './keys/entry-keys.js';
import { hasUntouchedBelow, viewsOfChanges } from './part-values.js';
import type { TouchedRecord } from './touched-records.js';

/** The indexes of one prefix. */
export interface PrefixIndexes {
  readonly prefix: Path;
  /** Those that are kept, be they complete or not. */
  readonly indexes: readonly CompiledIndex[];
}

/** An entry that a commit makes. */
export interface NewEntry {
  readonly key: ByteText;
  /** All of it in front of the slug. */
  readonly values: ByteText;
  readonly index: CompiledIndex;
  readonly record: TouchedRecord<PrefixIndexes>;
  /** Whether no value of it is null or unreadable. */
  readonly arePresent: boolean;
}

/** What a commit does to the entries of indexes. Those that go may not be there, and those that come may be. */
export interface EntryChanges {
  readonly removed: ByteText[];
  readonly added: NewEntry[];
}

/** What changes of records do to their entries. `tree` is as it was before the changes or as they left it. */
export function entryChanges(
  touched: readonly TouchedRecord<PrefixIndexes>[],
  tree: ReadableTree,
): EntryChanges {
  const changes: EntryChanges = { removed: [], added: [] };
  for (const record of touched) addChanges(record, tree, changes);
  return changes;
}

function addChanges(
  record: TouchedRecord<PrefixIndexes>,
  tree: ReadableTree,
  { removed, added }: EntryChanges,
): void {
  const { path, prefix, changes } = record;
  const before = existence(
    changes.some((change) => change.before !== undefined),
    record,
    tree,
  );
  const after = existence(
    changes.some((change) => change.after !== undefined),
    record,
    tree,
  );
  if (!before && !after) return;
  const views = viewsOfChanges(changes, tree);
  const slug = escapedSlugKey(path.slice(prefix.prefix.length + 1));
  for (const index of prefix.indexes) {
    if (before && after && !changes.some((change) => index.concerns(path, change.path))) continue;
    const old = before ? index.valuesOf(path, views.before).key : undefined;
    const next = after ? index.valuesOf(path, views.after) : undefined;
    if (old === next?.key) continue;
    if (old !== undefined) removed.push(old + slug);
    if (next === undefined) continue;
    const { key: values, arePresent } = next;
    added.push({ key: values + slug, values, index, record, arePresent });
  }
}

/** Whether the record is there on one side of the changes: by a leaf that they left or found, or by one that they did not touch. */
function existence(
  byChanges: boolean,
  { path, changes }: TouchedRecord<PrefixIndexes>,
  tree: ReadableTree,
): boolean {
  return byChanges || hasUntouchedBelow(tree, path, changes);
}
