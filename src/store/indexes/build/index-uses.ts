import type { Path } from '../../../protocol/paths/path.js';
import type { IndexDefinition } from '../../../protocol/values/record-access.js';
import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { isDustError } from '../../../errors.js';
import { indexingAborted, storeClosed } from '../../errors.js';
import type { CompiledIndex } from '../compiled-index.js';
import type { IndexState, StandingIndex, StoredIndex } from '../definitions.js';
import { identityOf, ownDefinition } from '../definitions.js';
import type { ByteText } from '../keys/byte-text.js';
import { behindIndexKey, indexKey } from '../keys/entry-keys.js';
import type { StoreIndexes } from '../store-indexes.js';
import { DuplicateFound, IndexBuild } from './index-build.js';

/** What {@link Store.useIndexes} takes. */
export interface UseIndexesOptions {
  /** Ends the wait; what is built so far stays. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Hears, now and then while an index is built, how many records it has so far, and how many there are where an index of the same prefix, or
   * the store's memory, knows. Must not throw.
   */
  readonly onProgress?:
    ((definition: IndexDefinition, records: number, total: number | undefined) => void) | undefined;
}

/** A use of indexes, until it is released. */
export interface IndexUse {
  /** The indexes stay until somebody asks for others of their prefix. */
  release(): void;
}

interface Use {
  readonly prefix: Path;
  readonly identities: ReadonlySet<string>;
}

/** How many keys of a dropped index a turn removes. */
const KEYS_PER_TURN = 1_000;

/** Who uses which indexes of a storage: what is new is built, and what nobody uses any more is dropped, one after the other. */
export class IndexUses {
  readonly #store: StoreIndexes;
  readonly #enforcesUnique: boolean;
  readonly #uses = new Set<Use>();
  #work: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  constructor(store: StoreIndexes, enforcesUnique: boolean) {
    this.#store = store;
    this.#enforcesUnique = enforcesUnique;
  }

  /**
   * Resolves when the indexes can be read.
   *
   * @throws DustError `invalid_params` for a malformed definition, `exists` for a unique index that cannot be, `aborted`, `closed`
   */
  async use(
    prefix: Path,
    definitions: readonly IndexDefinition[],
    options: UseIndexesOptions = {},
  ): Promise<IndexUse> {
    const wanted = ownDefinitions(prefix, definitions);
    const use = { prefix, identities: new Set(wanted.keys()) };
    this.#uses.add(use);
    try {
      await this.#inTurn(() =>
        this.#settle(use.identities, options, () => this.#define(prefix, [...wanted.values()])),
      );
    } catch (error) {
      this.#uses.delete(use);
      throw error;
    }
    return {
      release: () => {
        this.#uses.delete(use);
      },
    };
  }

  /**
   * Adds indexes that stay until {@link drop} names them, whoever asks for others of the prefix. Resolves when they can be read. When
   * one of them cannot be, none of those that are new is there.
   *
   * @throws DustError as {@link use} does
   */
  async keep(
    prefix: Path,
    definitions: readonly IndexDefinition[],
    options: UseIndexesOptions = {},
  ): Promise<void> {
    const wanted = ownDefinitions(prefix, definitions);
    await this.#inTurn(async () => {
      const before = this.#store.storage.indexes.definitions;
      try {
        await this.#settle(new Set(wanted.keys()), options, () => this.#keep([...wanted.values()]));
      } catch (error) {
        if (isDustError(error, 'exists')) await this.#takeBack(wanted, before);
        throw error;
      }
    });
  }

  /**
   * Has these indexes, of whatever prefixes, be those that stay, and no others. Resolves when they can be read.
   *
   * @throws DustError as {@link use} does
   */
  async keepOnly(definitions: readonly IndexDefinition[]): Promise<void> {
    const prefixes = new Set(definitions.map(({ prefix }) => prefix));
    const wanted = [...prefixes].map((prefix) =>
      ownDefinitions(
        prefix,
        definitions.filter((definition) => definition.prefix === prefix),
      ),
    );
    await this.#inTurn(async () => {
      await this.#keepNoOthers(new Set(wanted.flatMap((ofPrefix) => [...ofPrefix.keys()])));
      for (const ofPrefix of wanted) {
        await this.#settle(new Set(ofPrefix.keys()), {}, () => this.#keep([...ofPrefix.values()]));
      }
      await this.#sweep(turnOfTheLoop);
    });
  }

  /** Drops an index that was kept, unless this process uses it. Resolves to whether there was one. */
  async drop(prefix: Path, definition: IndexDefinition): Promise<boolean> {
    const identity = identityOf(ownDefinition(prefix, definition));
    return this.#inTurn(async () => {
      const { storage } = this.#store;
      const found = storage.indexes.definitions.find(
        (stored) => stored.state.name !== 'dropping' && identityOf(stored.definition) === identity,
      );
      if (found === undefined) return false;
      await storage.commit(() => {
        this.#keepNoLonger(new Set([found.number]));
      });
      await this.#sweep(turnOfTheLoop);
      return true;
    });
  }

  /** Those that are not being dropped. */
  get standing(): readonly StandingIndex[] {
    return this.#store.storage.indexes.definitions
      .filter(({ state }) => state.name !== 'dropping')
      .map(({ definition, state, kept }) => ({
        definition,
        isComplete: state.name === 'complete',
        isKept: kept === true,
      }));
  }

  /** Resolves when nothing is built any more: what is under way stops where it stands. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#work;
  }

  /** Runs work behind all that was asked for before. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#work.then(work);
    this.#work = run.catch(() => undefined);
    return run;
  }

  /** Defines, and builds those of these that are not complete. */
  async #settle(
    identities: ReadonlySet<string>,
    { signal, onProgress }: UseIndexesOptions,
    define: () => Promise<void>,
  ): Promise<void> {
    const assertGoing = (): void => {
      if (this.#isClosed) throw storeClosed();
      if (signal?.aborted === true) throw indexingAborted(signal);
    };
    assertGoing();
    const turn = async (): Promise<void> => {
      await turnOfTheLoop();
      assertGoing();
    };
    await define();
    try {
      for (const alike of this.#toBuild(identities)) {
        const build = new IndexBuild(this.#store, alike, {
          turn,
          onProgress: onProgress ?? (() => undefined),
          become: (indexes, state) => {
            this.#become(indexes, state);
          },
          enforcesUnique: this.#enforcesUnique,
        });
        await build.run(throughOf(alike[0]));
      }
    } catch (error) {
      if (!(error instanceof DuplicateFound)) throw error;
      await this.#drop(error.index);
      await this.#sweep(turn);
      throw error.cause;
    }
    await this.#sweep(turn);
  }

  /** Adds what is new and marks what nobody uses. */
  async #define(prefix: Path, wanted: readonly IndexDefinition[]): Promise<void> {
    const { storage } = this.#store;
    if (this.#defined(prefix, wanted) === storage.indexes.definitions) return;
    await storage.commit(() => {
      const next = this.#defined(prefix, wanted);
      if (next !== storage.indexes.definitions) storage.indexes.define(next);
    });
  }

  /** The definitions as they are to be; the same list when they are. */
  #defined(prefix: Path, wanted: readonly IndexDefinition[]): readonly StoredIndex[] {
    const { definitions } = this.#store.storage.indexes;
    const used = new Set(
      [...this.#uses].flatMap((use) => (use.prefix === prefix ? [...use.identities] : [])),
    );
    const present = new Set<string>();
    let isChanged = false;
    const next = definitions.map((stored): StoredIndex => {
      const identity = identityOf(stored.definition);
      if (stored.definition.prefix !== prefix || stored.state.name === 'dropping') return stored;
      if (used.has(identity) || stored.kept === true) {
        present.add(identity);
        return stored;
      }
      isChanged = true;
      return { ...stored, state: { name: 'dropping' } };
    });
    let number = definitions.reduce((greatest, stored) => Math.max(greatest, stored.number), 0);
    for (const definition of wanted) {
      if (present.has(identityOf(definition))) continue;
      isChanged = true;
      next.push({ number: ++number, definition, state: { name: 'building' } });
    }
    return isChanged ? next : definitions;
  }

  /** Adds what is new, and has what is there stay. */
  async #keep(wanted: readonly IndexDefinition[]): Promise<void> {
    const { storage } = this.#store;
    const { definitions } = storage.indexes;
    const missing = new Map(wanted.map((definition) => [identityOf(definition), definition]));
    const next = definitions.map((stored): StoredIndex => {
      const isWanted = stored.state.name !== 'dropping' && missing.delete(identityOf(stored.definition));
      return isWanted && stored.kept !== true ? { ...stored, kept: true } : stored;
    });
    if (missing.size === 0 && next.every((stored, i) => stored === definitions[i])) return;
    let number = next.reduce((greatest, stored) => Math.max(greatest, stored.number), 0);
    for (const definition of missing.values()) {
      next.push({ number: ++number, definition, state: { name: 'building' }, kept: true });
    }
    await storage.commit(() => {
      storage.indexes.define(next);
    });
  }

  /** Those that were kept and are not among these stay only where this process uses them. */
  async #keepNoOthers(identities: ReadonlySet<string>): Promise<void> {
    const { storage } = this.#store;
    const others = storage.indexes.definitions.filter(
      ({ kept, definition }) => kept === true && !identities.has(identityOf(definition)),
    );
    if (others.length === 0) return;
    await storage.commit(() => {
      this.#keepNoLonger(new Set(others.map(({ number }) => number)));
    });
  }

  /** To be called in a commit. Those that this process uses stay, and those that `isLeft` says to leave. */
  #keepNoLonger(numbers: ReadonlySet<number>, isLeft: (number: number) => boolean = () => false): void {
    this.#replace(numbers, ({ kept: _, ...stored }) => {
      const isUsed = [...this.#uses].some((use) => use.identities.has(identityOf(stored.definition)));
      return isUsed || isLeft(stored.number) ? stored : { ...stored, state: { name: 'dropping' } };
    });
  }

  /**
   * What an index that cannot be would have stood beside. One that was kept and not complete is of an attempt that ended with its process.
   */
  async #takeBack(wanted: ReadonlyMap<string, unknown>, before: readonly StoredIndex[]): Promise<void> {
    const { storage } = this.#store;
    const stood = new Map(before.map((stored) => [stored.number, stored]));
    const isNew = ({ number, definition, kept }: StoredIndex): boolean => {
      const earlier = stood.get(number);
      const stays = earlier?.kept === true && earlier.state.name === 'complete';
      return kept === true && wanted.has(identityOf(definition)) && !stays;
    };
    const numbers = storage.indexes.definitions.filter(isNew).map(({ number }) => number);
    if (numbers.length === 0) return;
    const wasLeft = (number: number): boolean => stood.has(number) && stood.get(number)?.kept !== true;
    await storage.commit(() => {
      this.#keepNoLonger(new Set(numbers), wasLeft);
    });
    await this.#sweep(turnOfTheLoop);
  }

  /** Those that are to be built, those at one place together: their records are read once. */
  #toBuild(identities: ReadonlySet<string>): (readonly [CompiledIndex, ...CompiledIndex[]])[] {
    const groups = new Map<string | undefined, [CompiledIndex, ...CompiledIndex[]]>();
    for (const index of this.#store.building(identities)) {
      const group = groups.get(throughOf(index));
      if (group === undefined) groups.set(throughOf(index), [index]);
      else group.push(index);
    }
    return [...groups.values()];
  }

  async #drop(index: CompiledIndex): Promise<void> {
    await this.#store.storage.commit(() => {
      this.#become([index], { name: 'dropping' });
    });
  }

  #become(indexes: readonly CompiledIndex[], state: IndexState): void {
    this.#replace(new Set(indexes.map((index) => index.stored.number)), (stored) => ({ ...stored, state }));
  }

  /** To be called in a commit. */
  #replace(numbers: ReadonlySet<number>, change: (stored: StoredIndex) => StoredIndex): void {
    const { indexes } = this.#store.storage;
    indexes.define(indexes.definitions.map((each) => (numbers.has(each.number) ? change(each) : each)));
  }

  /** Removes the entries of what was dropped, and then the last that is known of it. */
  async #sweep(turn: () => Promise<void>): Promise<void> {
    const { storage } = this.#store;
    const isDropped = ({ state }: StoredIndex): boolean => state.name === 'dropping';
    for (let next; (next = storage.indexes.definitions.find(isDropped)) !== undefined;) {
      const { number } = next;
      await storage.commit(() => {
        const keys = this.#firstKeys(number);
        for (const key of keys) storage.indexes.keys.delete(key);
        if (keys.length === KEYS_PER_TURN) return;
        storage.indexes.define(storage.indexes.definitions.filter((stored) => stored.number !== number));
      });
      await turn();
    }
  }

  #firstKeys(number: number): ByteText[] {
    const first: ByteText[] = [];
    const span = { from: indexKey(number), to: behindIndexKey(number) };
    for (const key of this.#store.storage.indexes.keys.range(span)) {
      if (first.length === KEYS_PER_TURN) break;
      first.push(key);
    }
    return first;
  }
}

function ownDefinitions(
  prefix: Path,
  definitions: readonly IndexDefinition[],
): ReadonlyMap<string, IndexDefinition> {
  return new Map(
    definitions.map((given) => {
      const own = ownDefinition(prefix, given);
      return [identityOf(own), own];
    }),
  );
}

function throughOf({ stored: { state } }: CompiledIndex): string | undefined {
  return state.name === 'building' ? state.through : undefined;
}
