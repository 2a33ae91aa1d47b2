import type { Path } from '../../protocol/paths/path.js';

/** What lies below a prefix. */
export interface PrefixCount {
  readonly prefix: Path;
  /** Names right below it: of an entity's prefix its records. */
  readonly below: number;
  readonly leaves: number;
}

/**
 * Counts the leaves below each prefix of so many segments. Paths come in store order, in which what lies below a prefix stands together, but
 * for a leaf at the prefix itself.
 */
export class LeafCounts {
  readonly #kept = new Map<Path, { prefix: Path; below: number; leaves: number }>();
  readonly #depth: number;
  readonly #most: number;
  #leaves = 0;
  #met = 0;
  #current: { prefix: Path; below: number; leaves: number } | undefined;
  #child: string | undefined;

  /** @param depth the segments of a prefix @param most so many prefixes are kept; the others are only counted */
  constructor(depth: number, most: number) {
    this.#depth = depth;
    this.#most = most;
  }

  /** Those of the first prefixes, in store order. */
  get prefixes(): readonly PrefixCount[] {
    return [...this.#kept.values()];
  }

  get leaves(): number {
    return this.#leaves;
  }

  /** Prefixes that were met and are not among {@link prefixes}. */
  get others(): number {
    return this.#met - this.#kept.size;
  }

  add(path: Path): void {
    // Within a segment a slash is written otherwise (PROTOCOL §1).
    const segments = path.split('/');
    const prefix = segments.slice(0, this.#depth).join('/');
    const child = segments[this.#depth];
    if (this.#current?.prefix !== prefix) this.#begin(prefix);
    const current = this.#current;
    if (current === undefined) return;
    this.#leaves += 1;
    current.leaves += 1;
    if (child === undefined || child === this.#child) return;
    this.#child = child;
    current.below += 1;
  }

  #begin(prefix: Path): void {
    this.#child = undefined;
    this.#current = this.#kept.get(prefix);
    if (this.#current !== undefined) return;
    this.#current = { prefix, below: 0, leaves: 0 };
    this.#met += 1;
    if (this.#kept.size < this.#most) this.#kept.set(prefix, this.#current);
  }
}
