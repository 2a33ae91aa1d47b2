import type { LeafChange } from '../../../protocol/requests/operation.js';
import type { Path } from '../../../protocol/paths/path.js';
import { isBelow } from '../../../protocol/paths/path.js';
import type { ReadableTree } from '../../leaf-tree.js';
import type { KeySet } from '../../storage.js';
import type { ByteText } from '../keys/byte-text.js';
import { HeldKeys } from './held-keys.js';
import { HeldTree } from './held-tree.js';

/** Leaves and keys that may have changed before a moment is given up. */
const MAX_CHANGES = 10_000;

/** What lies below a prefix, and in its indexes, as it was at one moment. */
export class HeldMoment {
  readonly prefix: Path;
  readonly tree: HeldTree;
  readonly keys: HeldKeys;
  readonly #indexKeys: readonly ByteText[];
  #isWhole = true;

  /** `indexKeys` are what the keys of the prefix's indexes begin with. */
  constructor(prefix: Path, tree: ReadableTree, keys: KeySet, indexKeys: readonly ByteText[]) {
    this.prefix = prefix;
    this.tree = new HeldTree(tree);
    this.keys = new HeldKeys(keys);
    this.#indexKeys = indexKeys;
  }

  /** Whether all of it can still be read. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** Whether it is the moment of another one, which was made just now. */
  isSameAs(present: HeldMoment): boolean {
    const isPresent = this.#isWhole && this.tree.size === 0 && this.keys.size === 0;
    return (
      isPresent && present.prefix === this.prefix && present.#indexKeys.join() === this.#indexKeys.join()
    );
  }

  noteLeaf(change: LeafChange): void {
    if (!this.#isWhole || !isBelow(change.path, this.prefix)) return;
    this.tree.note(change);
    this.#checkSize();
  }

  noteKey(key: ByteText): void {
    if (!this.#isWhole || !this.#indexKeys.some((start) => key.startsWith(start))) return;
    this.keys.note(key);
    this.#checkSize();
  }

  giveUp(): void {
    this.#isWhole = false;
  }

  #checkSize(): void {
    if (this.tree.size + this.keys.size > MAX_CHANGES) this.#isWhole = false;
  }
}
