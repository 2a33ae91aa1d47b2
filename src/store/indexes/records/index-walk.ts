import { childPath } from '../../../protocol/paths/path.js';
import type { IndexRanges, RecordPosition } from '../../../protocol/values/record-access.js';
import { invalidPosition } from '../../errors.js';
import type { ReadableTree } from '../../leaf-tree.js';
import type { KeyRange } from '../../storage.js';
import type { ReadableKeys } from '../held/held-keys.js';
import type { CompiledIndex } from '../compiled-index.js';
import type { ByteText } from '../keys/byte-text.js';
import { piecesOf, slugKey, slugStart } from '../keys/entry-keys.js';
import { NULL_KEY, UNREADABLE_KEY } from '../keys/value-keys.js';
import { viewOfTree } from '../part-values.js';
import { behind, indexSpan, valuesKey } from './index-spans.js';

/** The spans of an access, in the order in which it is walked. */
export function spansOf(index: CompiledIndex, { ranges }: IndexRanges): KeyRange[] {
  return ranges.map((range) => indexSpan(index, range)).filter((span) => span !== undefined);
}

/** The entries of spans in their order, from one end or from the other, behind the entry `after`. */
export function* entriesIn(
  keys: ReadableKeys,
  index: CompiledIndex,
  spans: readonly KeyRange[],
  reverse: boolean,
  after: ByteText | undefined,
): Generator<ByteText, void, undefined> {
  const first = after === undefined ? -1 : spans.findIndex(({ from, to }) => from <= after && after < to);
  for (const [i, span] of spans.entries()) {
    if (i < first) continue;
    if (after === undefined || i > first) {
      // Where no span holds the position, those behind it count.
      if (after !== undefined && first === -1 && (reverse ? span.from > after : span.to <= after)) continue;
      yield* reverse ? fallingEntries(keys, index, span) : keys.range(span);
    } else if (reverse) {
      const values = after.slice(0, slugStart(after, index.definition.parts.length));
      yield* keys.range({ from: behindEntry(after), to: behind(values) });
      yield* fallingEntries(keys, index, { from: span.from, to: values });
    } else {
      yield* keys.range({ from: behindEntry(after), to: span.to });
    }
  }
}

/** So many entries of equal values are turned round here; more are entered at their beginning. */
const FEW = 16;

/** By falling values, those of equal ones by rising slugs. */
function* fallingEntries(
  keys: ReadableKeys,
  index: CompiledIndex,
  { from, to }: KeyRange,
): Generator<ByteText, void, undefined> {
  let end: ByteText | undefined = to;
  while (end !== undefined) {
    const values: ByteText | undefined = yield* fallingGroups(keys, index, { from, to: end });
    if (values !== undefined) yield* keys.range({ from: values, to: behind(values) });
    end = values;
  }
}

/** The entries up to the first group of many, whose values it returns; undefined when there is none. */
function* fallingGroups(
  keys: ReadableKeys,
  index: CompiledIndex,
  span: KeyRange,
): Generator<ByteText, ByteText | undefined, undefined> {
  const parts = index.definition.parts.length;
  let values: ByteText | undefined;
  let group: ByteText[] = [];
  for (const key of keys.range({ ...span, reverse: true })) {
    if (values === undefined || !key.startsWith(values)) {
      yield* group.reverse();
      group = [];
      values = key.slice(0, slugStart(key, parts));
    } else if (group.length === FEW) {
      return values;
    }
    group.push(key);
  }
  yield* group.reverse();
  return undefined;
}

/** The first text behind a key. */
function behindEntry(key: ByteText): ByteText {
  return `${key}\0`;
}

/** The entry that a position stands for. @throws DustError `invalid_params` with detail `invalid_position` */
export function entryAt(
  index: CompiledIndex,
  tree: ReadableTree,
  { slug, values = [] }: RecordPosition,
): ByteText {
  const { prefix, parts } = index.definition;
  const key = values.length === parts.length ? valuesKey(index, values) : undefined;
  if (key === undefined) {
    throw invalidPosition(
      prefix,
      parts.map(({ path }) => path),
    );
  }
  return (values.includes(null) ? standingValues(index, tree, slug, key) : key) + slugKey(slug);
}

/** A position says null of what cannot be read, too. Where it is that of the record as it stands, that tells which. */
function standingValues(index: CompiledIndex, tree: ReadableTree, slug: string, key: ByteText): ByteText {
  const { prefix, parts } = index.definition;
  const standing = index.valuesOf(childPath(prefix, slug), viewOfTree(tree)).key;
  const wanted = piecesOf(key, parts.length).parts;
  const isSame = piecesOf(standing, parts.length).parts.every(
    (part, i) => part === wanted[i] || (part === UNREADABLE_KEY && wanted[i] === NULL_KEY),
  );
  return isSame ? standing : key;
}
