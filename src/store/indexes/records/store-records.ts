import type { Path } from '../../../protocol/paths/path.js';
import type {
  HeldRecords,
  IndexDefinition,
  IndexRanges,
  LocalRecords,
  RecordAccess,
  RecordLeaves,
  RecordPosition,
  RecordWalk,
  SlugRange,
} from '../../../protocol/values/record-access.js';
import type { Leaf } from '../../../protocol/values/value.js';
import { unknownIndex } from '../../errors.js';
import type { ReadableTree } from '../../leaf-tree.js';
import { checkPath } from '../../request-checks.js';
import type { CompiledIndex } from '../compiled-index.js';
import type { ReadableKeys } from '../held/held-keys.js';
import { HeldMoment } from '../held/held-moment.js';
import type { ByteText } from '../keys/byte-text.js';
import { slugOfEntry, slugStart } from '../keys/entry-keys.js';
import type { StoreIndexes } from '../store-indexes.js';
import { readEntry } from '../unique-entries.js';
import { entriesIn, entryAt, spansOf } from './index-walk.js';
import type { RecordSpan } from './read-records.js';
import { walkOf } from './record-walk.js';
import {
  countRecords,
  greater,
  lesser,
  readRecord,
  recordBorder,
  recordsIn,
  spanOf,
} from './read-records.js';

/** What {@link StoreRecords} reads. */
export interface StoreRecordsParts {
  readonly prefix: Path;
  readonly indexes: StoreIndexes;
  /** The leaves just now. @throws what a read fails with just now */
  readonly tree: () => ReadableTree;
  readonly moment: () => number;
  /** Default: the store never moves back. */
  readonly era?: () => number;
  /** The entries of the indexes. Default: those there are now. */
  readonly keys?: ReadableKeys;
}

/** The records of one prefix of a storage, and its indexes. */
export class StoreRecords implements LocalRecords {
  readonly #prefix: Path;
  readonly #indexes: StoreIndexes;
  readonly #tree: () => ReadableTree;
  readonly #moment: () => number;
  readonly #era: () => number;
  readonly #keys: ReadableKeys | undefined;

  /** @throws DustError `invalid_params` for a malformed prefix */
  constructor({ prefix, indexes, tree, moment, era = () => 0, keys }: StoreRecordsParts) {
    checkPath(prefix);
    this.#prefix = prefix;
    this.#indexes = indexes;
    this.#tree = tree;
    this.#moment = moment;
    this.#era = era;
    this.#keys = keys;
  }

  get moment(): number {
    return this.#moment();
  }

  get era(): number {
    return this.#era();
  }

  get indexes(): readonly IndexDefinition[] {
    return this.#indexes.complete(this.#prefix).map(({ definition }) => definition);
  }

  get(slug: string): RecordLeaves | undefined {
    return readRecord(this.#tree(), this.#prefix, slug);
  }

  walk(access: RecordAccess, after?: RecordPosition, onStray?: (leaf: Leaf) => void): RecordWalk {
    return access.by === 'slug-range'
      ? this.#walkSlugs(access, after, onStray)
      : this.#walkIndex(access, after);
  }

  count(access: RecordAccess, atMost = Infinity): number {
    return access.by === 'slug-range' ? this.#countSlugs(access, atMost) : this.#countEntries(access, atMost);
  }

  first(access: IndexRanges): RecordPosition | undefined {
    this.#tree();
    const index = this.#find(access.index);
    for (const key of this.#entries(index, access, undefined)) return readEntry(index, key);
    return undefined;
  }

  hold(): HeldRecords | undefined {
    // What is held already stays as it is.
    if (this.#keys !== undefined) return undefined;
    const [indexes, prefix] = [this.#indexes, this.#prefix];
    const { keys } = indexes.storage.indexes;
    const starts = Array.from(indexes.complete(prefix), (index) => index.key);
    const use = indexes.held.hold(new HeldMoment(prefix, this.#tree(), keys, starts));
    if (use === undefined) return undefined;
    const { held } = use;
    const [moment, era] = [this.moment, this.era];
    const tree = (): ReadableTree => {
      // Fails as any read does just now.
      this.#tree();
      return held.tree;
    };
    return {
      records: new StoreRecords({
        prefix,
        indexes,
        tree,
        moment: () => moment,
        era: () => era,
        keys: held.keys,
      }),
      get isWhole() {
        return held.isWhole;
      },
      release: () => {
        use.release();
      },
    };
  }

  get #entryKeys(): ReadableKeys {
    return this.#keys ?? this.#indexes.storage.indexes.keys;
  }

  #walkSlugs(
    range: SlugRange,
    after: RecordPosition | undefined,
    onStray: ((leaf: Leaf) => void) | undefined,
  ): RecordWalk {
    const span = this.#spanOf(range, after);
    const records = span === undefined ? [] : recordsIn(this.#tree(), this.#prefix, span, onStray);
    return walkOf(records, ({ slug }) => ({ slug }));
  }

  #walkIndex(access: IndexRanges, after: RecordPosition | undefined): RecordWalk {
    const tree = this.#tree();
    const index = this.#find(access.index);
    const parts = index.definition.parts.length;
    const entries = this.#entries(index, access, after && entryAt(index, tree, after));
    let last: ByteText | undefined;
    const records = function* (this: StoreRecords): Generator<RecordLeaves, void, undefined> {
      for (const key of entries) {
        const record = readRecord(tree, this.#prefix, slugOfEntry(key, slugStart(key, parts)));
        last = key;
        if (record !== undefined) yield record;
      }
    };
    return walkOf(records.call(this), ({ slug }) => (last === undefined ? { slug } : readEntry(index, last)));
  }

  #entries(index: CompiledIndex, access: IndexRanges, after: ByteText | undefined): Iterable<ByteText> {
    return entriesIn(this.#entryKeys, index, spansOf(index, access), access.reverse === true, after);
  }

  #countSlugs(range: SlugRange, atMost: number): number {
    const span = this.#spanOf(range, undefined);
    if (span === undefined) return 0;
    const tree = this.#tree();
    const isWhole = range.from === undefined && range.to === undefined && (range.startsWith ?? '') === '';
    const [index] = isWhole && tree.countBelow === undefined ? this.#indexes.complete(this.#prefix) : [];
    if (index === undefined) return countRecords(tree, this.#prefix, span, atMost);
    return this.#countEntries({ by: 'index', index: index.definition, ranges: [{ equal: [] }] }, atMost);
  }

  #countEntries(access: IndexRanges, atMost: number): number {
    this.#tree();
    const keys = this.#entryKeys;
    let count = 0;
    for (const span of spansOf(this.#find(access.index), access)) {
      if (count >= atMost) break;
      count += keys.count(span, atMost - count);
    }
    return count;
  }

  #spanOf(
    { from, to, startsWith, reverse = false }: SlugRange,
    after: RecordPosition | undefined,
  ): RecordSpan | undefined {
    const span = spanOf(this.#prefix, from, to, startsWith);
    if (span === undefined || after === undefined) return span && { ...span, reverse };
    const border = recordBorder(this.#prefix, after.slug, !reverse);
    return reverse
      ? { from: span.from, to: lesser(span.to, border), reverse }
      : { from: greater(span.from, border), to: span.to, reverse };
  }

  #find(definition: IndexDefinition): CompiledIndex {
    const index = this.#indexes.find(definition);
    if (index !== undefined && definition.prefix === this.#prefix) return index;
    throw unknownIndex(
      this.#prefix,
      definition.parts.map(({ path }) => path),
    );
  }
}
