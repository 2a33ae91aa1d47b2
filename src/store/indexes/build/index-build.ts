import type { Path } from '../../../protocol/paths/path.js';
import { childPath, unescapeSegment } from '../../../protocol/paths/path.js';
import type { IndexDefinition, RecordLeaves } from '../../../protocol/values/record-access.js';
import { duplicateEntry } from '../../errors.js';
import type { CompiledIndex } from '../compiled-index.js';
import type { IndexState } from '../definitions.js';
import type { ByteText } from '../keys/byte-text.js';
import { behindIndexKey, piecesOf, slugKey, slugOfEntry, slugStart } from '../keys/entry-keys.js';
import { isPresentKey } from '../keys/value-keys.js';
import { viewOfLeaves } from '../part-values.js';
import { readRecord, recordsIn, spanOf } from '../records/read-records.js';
import type { StoreIndexes } from '../store-indexes.js';
import { otherEntry, readEntry } from '../unique-entries.js';
import { KeyRun } from './key-run.js';

/** What bounds one turn of the event loop. */
const LEAVES_PER_TURN = 2_000;
const KEYS_PER_TURN = 500;
/** Keys that are put in order before they are written: what a build holds, and how much of it is done again after a crash. */
const KEYS_PER_RUN = 100_000;

/** How a build goes on. */
export interface BuildOptions {
  /** To be awaited between two turns. @throws what calls the build off */
  readonly turn: () => Promise<void>;
  readonly onProgress: (definition: IndexDefinition, records: number, total: number | undefined) => void;
  /** To be called in a commit. */
  readonly become: (indexes: readonly CompiledIndex[], state: IndexState) => void;
  /** Whether the values of unique indexes are held against each other. */
  readonly enforcesUnique: boolean;
}

/** An index that cannot be unique. */
export class DuplicateFound extends Error {
  constructor(
    readonly index: CompiledIndex,
    override readonly cause: Error,
  ) {
    super(cause.message);
  }
}

/**
 * Makes the entries of records that were there before their indexes, while commits go on: these keep the entries of what they touch
 * from the moment when the indexes are defined. What is written here is never older than what a commit wrote: records that one touched
 * since they were read are read again.
 */
export class IndexBuild {
  readonly #store: StoreIndexes;
  readonly #indexes: readonly CompiledIndex[];
  readonly #prefix: Path;
  readonly #options: BuildOptions;
  #records = 0;
  /** How many records there are, where that is known. */
  #total: number | undefined;

  /** @param indexes all of one prefix, at the same place */
  constructor(
    store: StoreIndexes,
    indexes: readonly [CompiledIndex, ...CompiledIndex[]],
    options: BuildOptions,
  ) {
    this.#store = store;
    this.#indexes = indexes;
    this.#prefix = indexes[0].definition.prefix;
    this.#options = options;
  }

  /** Goes on behind the record `through`. @throws DuplicateFound */
  async run(through: string | undefined): Promise<void> {
    let last = through;
    if (through === undefined) this.#total = this.#countOfAll();
    do last = await this.#next(last);
    while (last !== undefined);
  }

  /** The slug up to which the entries are made then; undefined when all are. */
  async #next(through: string | undefined): Promise<string | undefined> {
    const { touched, end } = this.#store.note(this.#prefix);
    const run = new KeyRun();
    let last = through;
    try {
      let isEnd = false;
      while (!isEnd && run.size < KEYS_PER_RUN) {
        const read = this.#read(last);
        run.add(read.keys);
        ({ isEnd } = read);
        last = read.last ?? last;
        await this.#turn();
      }
      while (run.size > 0) {
        const keys = run.take(KEYS_PER_TURN);
        await this.#commit(() => this.#write(keys.filter((key) => !this.#isTouched(key, touched))));
        await this.#turn();
      }
      if (isEnd) last = undefined;
    } finally {
      end();
    }
    await this.#readAgain([...touched]);
    const state: IndexState = last === undefined ? { name: 'complete' } : { name: 'building', through: last };
    await this.#store.storage.commit(() => {
      this.#options.become(this.#indexes, state);
    });
    return last;
  }

  #read(after: string | undefined): { keys: ByteText[]; last: string | undefined; isEnd: boolean } {
    const { leaves } = this.#store.storage;
    const from = after === undefined ? undefined : { slug: after, inclusive: false };
    const span = spanOf(this.#prefix, from, undefined);
    const keys: ByteText[] = [];
    let last: string | undefined;
    let read = 0;
    if (span === undefined) return { keys, last, isEnd: true };
    for (const record of recordsIn(leaves, this.#prefix, { ...span, reverse: false })) {
      if (read >= LEAVES_PER_TURN || keys.length >= KEYS_PER_TURN) return { keys, last, isEnd: false };
      for (const key of this.#keysOf(record)) keys.push(key);
      read += record.leaves.length;
      last = record.slug;
      this.#records++;
    }
    return { keys, last, isEnd: true };
  }

  /** Records that were touched while they might have been read: nobody else makes the entries that a commit did not change. */
  async #readAgain(paths: readonly Path[]): Promise<void> {
    const { leaves } = this.#store.storage;
    for (let start = 0; start < paths.length; start += KEYS_PER_TURN) {
      const some = paths.slice(start, start + KEYS_PER_TURN);
      await this.#commit(() =>
        this.#write(
          some.flatMap((path) => {
            const record = readRecord(
              leaves,
              this.#prefix,
              unescapeSegment(path.slice(this.#prefix.length + 1)),
            );
            return record === undefined ? [] : this.#keysOf(record);
          }),
        ),
      );
      await this.#turn();
    }
  }

  #keysOf({ slug, leaves }: RecordLeaves): ByteText[] {
    const view = viewOfLeaves(leaves);
    const end = slugKey(slug);
    const path = childPath(this.#prefix, slug);
    return this.#indexes.map((index) => index.valuesOf(path, view).key + end);
  }

  /** Writes keys, or none and tells why not: a commit must not fail once it has written. */
  #write(keys: readonly ByteText[]): DuplicateFound | undefined {
    const { indexes } = this.#store.storage;
    if (this.#options.enforcesUnique) {
      const duplicate = this.#duplicateIn(keys);
      if (duplicate !== undefined) return duplicate;
    }
    for (const key of keys) indexes.keys.add(key);
    return undefined;
  }

  async #commit(write: () => DuplicateFound | undefined): Promise<void> {
    const duplicate = await this.#store.storage.commit(write);
    if (duplicate !== undefined) throw duplicate;
  }

  #duplicateIn(keys: readonly ByteText[]): DuplicateFound | undefined {
    const seen = new Map<ByteText, ByteText>();
    for (const key of keys) {
      const index = this.#indexOf(key);
      if (!index.isUnique) continue;
      const { values, parts, slug } = piecesOf(key, index.definition.parts.length);
      if (!parts.every(isPresentKey)) continue;
      const other = seen.get(values) ?? otherEntry(this.#store.storage.indexes.keys, { key, values }, NONE);
      if (other !== undefined && other !== key) return duplicateFound(index, slug, other);
      seen.set(values, key);
    }
    return undefined;
  }

  #indexOf(key: ByteText): CompiledIndex {
    const index = this.#indexes.find((candidate) => key.startsWith(candidate.key));
    if (index === undefined) throw new TypeError('an entry of no index that is built');
    return index;
  }

  #isTouched(key: ByteText, touched: ReadonlySet<Path>): boolean {
    if (touched.size === 0) return false;
    const parts = this.#indexOf(key).definition.parts.length;
    return touched.has(childPath(this.#prefix, slugOfEntry(key, slugStart(key, parts))));
  }

  /** Undefined where counting them would read them. */
  #countOfAll(): number | undefined {
    const { leaves, indexes } = this.#store.storage;
    const [other] = this.#store.complete(this.#prefix);
    if (other !== undefined) {
      return indexes.keys.count({ from: other.key, to: behindIndexKey(other.stored.number) });
    }
    const span = spanOf(this.#prefix, undefined, undefined);
    return span && leaves.countBelow?.(this.#prefix, span);
  }

  async #turn(): Promise<void> {
    for (const { definition } of this.#indexes) {
      this.#options.onProgress(definition, this.#records, this.#total);
    }
    await this.#options.turn();
  }
}

const NONE: ReadonlySet<ByteText> = new Set();

function duplicateFound(index: CompiledIndex, slug: string, other: ByteText): DuplicateFound {
  const { prefix, parts } = index.definition;
  const path = childPath(prefix, slug);
  return new DuplicateFound(index, duplicateEntry({ path, parts, ...readEntry(index, other) }));
}
