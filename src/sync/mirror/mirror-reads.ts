import type { ListPage } from '../../protocol/requests/listing.js';
import type { Path } from '../../protocol/paths/path.js';
import type { Entry, Leaf } from '../../protocol/values/value.js';
import type { LocalRecords } from '../../protocol/values/record-access.js';
import type { LeafQuery, StoreIndexes, StoreStorage } from '../../store/index.js';
import {
  StoreRecords,
  getEntry,
  getLeaves,
  getSubtree,
  listKeys,
  listLeaves,
  pathExists,
  probeStorage,
} from '../../store/index.js';

/** Reads of a mirror, answered at once; writing is its engine's alone. */
export class MirrorReads {
  readonly #storage: StoreStorage;
  readonly #indexes: StoreIndexes;
  #era = 0;

  constructor(storage: StoreStorage, indexes: StoreIndexes) {
    this.#storage = storage;
    this.#indexes = indexes;
  }

  /** The seq that all reads made now see. */
  get storeSeq(): number {
    return this.#storage.readCounters().storeSeq;
  }

  /** The store moved back: from now on a lower seq is a later moment. */
  beginEra(): void {
    this.#era++;
  }

  /** Reads something, as every read does. @throws what reads fail with just now */
  probe(): void {
    probeStorage(this.#storage);
  }

  /** The leaf at `path`, else the subtree below it as a map, else null. */
  get(path: Path): Entry | null {
    return getEntry(this.#storage.leaves, path);
  }

  /** The leaves at exactly these paths. */
  getMany(paths: readonly Path[]): ReadonlyMap<Path, Leaf> {
    return getLeaves(this.#storage.leaves, paths);
  }

  /** Whether there is a leaf at or below `path`. */
  exists(path: Path): boolean {
    return pathExists(this.#storage.leaves, path);
  }

  /** All leaves at and below `path`, in store order. */
  subtree(path: Path): readonly Leaf[] {
    return getSubtree(this.#storage.leaves, path);
  }

  /** The records of a prefix. */
  records(prefix: Path): LocalRecords {
    return new StoreRecords({
      prefix,
      indexes: this.#indexes,
      tree: () => this.#storage.leaves,
      moment: () => this.storeSeq,
      era: () => this.#era,
    });
  }

  /** One page of leaves. */
  list(query: LeafQuery): ListPage {
    return listLeaves(this.#storage.leaves, query);
  }

  /** One page of the paths of leaves. */
  listKeys(query: LeafQuery): ListPage<Path> {
    return listKeys(this.#storage.leaves, query);
  }
}
