import type { Path } from '../protocol/path.js';

/** A use of indexes that ends when it is released. */
interface IndexUse {
  release(): void;
}

/** The indexes that a transport uses until it is closed: of each prefix those that it asked for last. */
export class HeldIndexes {
  readonly #held = new Map<Path, IndexUse>();
  #isClosed = false;

  /** Takes the use that `take` makes in place of the one before, which lasts no longer than that: what only it used is dropped. */
  async hold(prefix: Path, take: () => Promise<IndexUse>): Promise<void> {
    this.#release(prefix);
    const use = await take();
    this.#release(prefix);
    if (this.#isClosed) use.release();
    else this.#held.set(prefix, use);
  }

  close(): void {
    this.#isClosed = true;
    for (const prefix of [...this.#held.keys()]) this.#release(prefix);
  }

  #release(prefix: Path): void {
    this.#held.get(prefix)?.release();
    this.#held.delete(prefix);
  }
}
