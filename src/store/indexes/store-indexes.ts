import type { Path } from '../../protocol/paths/path.js';
import type { IndexDefinition } from '../../protocol/values/record-access.js';
import type { ReadableTree } from '../leaf-tree.js';
import type { StoreStorage } from '../storage.js';
import { CompiledIndex } from './compiled-index.js';
import type { StoredIndex } from './definitions.js';
import { identityOf } from './definitions.js';
import type { EntryChanges, PrefixIndexes } from './entry-changes.js';
import { entryChanges } from './entry-changes.js';
import { HeldMoments } from './held/held-moments.js';
import type { OperationChanges, PrefixLookup } from './touched-records.js';
import { touchedRecords } from './touched-records.js';
import { assertUnique } from './unique-entries.js';

/** What indexes are kept by, for tests to replace. */
export interface IndexParts {
  readonly touchedRecords: typeof touchedRecords<PrefixIndexes>;
  readonly entryChanges: typeof entryChanges;
  readonly compile: (stored: StoredIndex) => CompiledIndex;
}

export const defaultIndexParts: IndexParts = {
  touchedRecords,
  entryChanges,
  compile: (stored) => new CompiledIndex(stored),
};

/** What the indexes of a store are kept in, and what they are of. */
export type IndexedStorage = Pick<StoreStorage, 'leaves' | 'indexes' | 'commit'>;

/** The indexes of one list of definitions. */
interface Compiled {
  readonly from: readonly StoredIndex[];
  readonly lookup: PrefixLookup<PrefixIndexes>;
  readonly all: readonly CompiledIndex[];
}

/**
 * The indexes of a storage, and the one way in which commits change their entries: {@link StoreIndexes.plan} while it is known what
 * becomes of the leaves, {@link StoreIndexes.write} in the commit. Whoever defined them, they are kept.
 */
export class StoreIndexes {
  readonly storage: IndexedStorage;
  /** The moments that are read although something may have been written since. */
  readonly held = new HeldMoments();
  readonly #parts: IndexParts;
  /** Whose slugs are noted while an index of the prefix is built. */
  readonly #noted = new Map<Path, Set<Path>>();
  #compiled: Compiled | undefined;

  constructor(storage: IndexedStorage, parts: IndexParts = defaultIndexParts) {
    this.storage = storage;
    this.#parts = parts;
  }

  /**
   * What a commit does to the entries; undefined when it concerns none. `tree` is as it was before the commit or as that left it.
   */
  plan(applied: Iterable<OperationChanges>, tree: ReadableTree): EntryChanges | undefined {
    const { lookup } = this.#current;
    if (lookup.depths.length === 0) return undefined;
    const touched = this.#parts.touchedRecords(applied, lookup);
    if (touched === undefined) return undefined;
    for (const { prefix, path } of touched) this.#noted.get(prefix.prefix)?.add(path);
    return this.#parts.entryChanges(touched, tree);
  }

  /** @throws DustError `exists`, see {@link assertUnique} */
  assertUnique(changes: EntryChanges, positionOf: (operation: number) => number | undefined): void {
    assertUnique(changes, this.storage.indexes.keys, positionOf);
  }

  /** To be called in the commit that makes the changes of leaves. */
  write({ removed, added }: EntryChanges): void {
    const { keys } = this.storage.indexes;
    this.held.noteEntries({ removed, added });
    for (const key of removed) keys.delete(key);
    for (const { key } of added) keys.add(key);
  }

  /** Those of a prefix that are complete. */
  complete(prefix: Path): readonly CompiledIndex[] {
    return this.#current.all.filter(
      ({ stored: { definition, state } }) => definition.prefix === prefix && state.name === 'complete',
    );
  }

  /** Those of these identities that are being built. */
  building(identities: ReadonlySet<string>): readonly CompiledIndex[] {
    return this.#current.all.filter(
      ({ stored: { definition, state } }) =>
        state.name === 'building' && identities.has(identityOf(definition)),
    );
  }

  /** The complete index with this definition. */
  find(definition: IndexDefinition): CompiledIndex | undefined {
    const indexes = this.complete(definition.prefix);
    const given = indexes.find((index) => index.definition === definition);
    if (given !== undefined) return given;
    const identity = identityOf(definition);
    return indexes.find((index) => identityOf(index.definition) === identity);
  }

  /** From now on notes the path of every record of the prefix that a commit touches, until the returned function is called. */
  note(prefix: Path): { readonly touched: ReadonlySet<Path>; readonly end: () => void } {
    const touched = new Set<Path>();
    this.#noted.set(prefix, touched);
    return {
      touched,
      end: () => {
        this.#noted.delete(prefix);
      },
    };
  }

  /** By the list itself: one that a commit brought and that was undone with it is gone from the storage, too. */
  get #current(): Compiled {
    const { definitions } = this.storage.indexes;
    if (this.#compiled?.from !== definitions) this.#compiled = this.#compile(definitions);
    return this.#compiled;
  }

  #compile(from: readonly StoredIndex[]): Compiled {
    const all = from.filter(({ state }) => state.name !== 'dropping').map(this.#parts.compile);
    const prefixes = new Map<Path, { prefix: Path; indexes: CompiledIndex[] }>();
    for (const index of all) {
      const { prefix } = index.definition;
      const present = prefixes.get(prefix);
      if (present === undefined) prefixes.set(prefix, { prefix, indexes: [index] });
      else present.indexes.push(index);
    }
    const depths = new Set(Array.from(prefixes.keys(), (prefix) => prefix.split('/').length - 1));
    return { from, all, lookup: { depths: [...depths], find: (path) => prefixes.get(path) } };
  }
}
