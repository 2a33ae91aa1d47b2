import type { Path } from '../protocol/path.js';
import type { IndexDefinition } from '../protocol/record-access.js';

/** A use of indexes that ends when it is released. */
interface IndexUse {
  release(): void;
}

/**
 * The indexes that a transport uses until it is closed: all that it was asked for, as several data sources may have one
 * transport, and none of them takes away what another one counts on.
 */
export class HeldIndexes {
  /** By what was asked for: the same is used once, however often it is asked for. */
  readonly #held = new Map<string, IndexUse>();
  #isClosed = false;

  /** Takes the use that `take` makes, which lasts until {@link close}. */
  async hold(
    prefix: Path,
    definitions: readonly IndexDefinition[],
    take: () => Promise<IndexUse>,
  ): Promise<void> {
    const use = await take();
    const asked = JSON.stringify([prefix, definitions]);
    if (this.#isClosed || this.#held.has(asked)) use.release();
    else this.#held.set(asked, use);
  }

  close(): void {
    this.#isClosed = true;
    for (const use of this.#held.values()) use.release();
    this.#held.clear();
  }
}
