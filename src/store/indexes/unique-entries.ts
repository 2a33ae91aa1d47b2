import type { IndexedValue } from '../../protocol/values/record-access.js';
import { duplicateEntry } from '../errors.js';
import type { KeySet } from '../storage.js';
import type { EntryChanges, NewEntry } from './entry-changes.js';
import type { ByteText } from './keys/byte-text.js';
import { piecesOf } from './keys/entry-keys.js';
import { valueOfKey } from './keys/value-keys.js';
import { behind } from './records/index-spans.js';
import type { CompiledIndex } from './compiled-index.js';

/**
 * Holds the entries that a commit makes to the unique indexes, as they stand behind it. `positionOf` says which operation of a batch
 * one of the commit's is.
 *
 * @throws DustError `exists` for the first operation that gives a record what another one has
 */
export function assertUnique(
  { removed, added }: EntryChanges,
  keys: KeySet,
  positionOf: (operation: number) => number | undefined,
): void {
  const unique = added.filter(({ index, arePresent }) => index.isUnique && arePresent);
  if (unique.length === 0) return;
  const gone = new Set(removed);
  const taken = new Map<ByteText, NewEntry>();
  const inTheirTurn = unique.map((entry) => ({ entry, operation: operationOf(entry) }));
  inTheirTurn.sort((a, b) => a.operation - b.operation);
  for (const { entry, operation } of inTheirTurn) {
    const other = taken.get(entry.values)?.key ?? otherEntry(keys, entry, gone);
    if (other !== undefined) throw duplicate(entry, other, positionOf(operation));
    taken.set(entry.values, entry);
  }
}

/** The entry of another record with the same values, if there is one. */
export function otherEntry(
  keys: KeySet,
  { key, values }: Pick<NewEntry, 'key' | 'values'>,
  gone: ReadonlySet<ByteText>,
): ByteText | undefined {
  for (const present of keys.range({ from: values, to: behind(values) })) {
    if (present !== key && !gone.has(present)) return present;
  }
  return undefined;
}

/** The values of an entry, and whose it is. */
export function readEntry(
  { definition: { parts } }: CompiledIndex,
  key: ByteText,
): { readonly slug: string; readonly values: IndexedValue[] } {
  const pieces = piecesOf(key, parts.length);
  return { slug: pieces.slug, values: parts.map(({ type }, i) => valueOfKey(type, pieces.parts[i] ?? '')) };
}

/** The last operation that has a say in the entry. One that is new and present has some. */
function operationOf({ index, record: { path, changes, operations } }: NewEntry): number {
  let last = 0;
  changes.forEach((change, i) => {
    if (index.concerns(path, change.path)) last = Math.max(last, operations[i] ?? 0);
  });
  return last;
}

function duplicate(
  { index, record: { path } }: NewEntry,
  other: ByteText,
  opIndex: number | undefined,
): Error {
  const { parts } = index.definition;
  return duplicateEntry({ path, opIndex, parts, ...readEntry(index, other) });
}
