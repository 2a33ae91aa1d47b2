import type { Path } from '../protocol/paths/path.js';
import type { IndexDefinition } from '../protocol/values/record-access.js';

/** A use of indexes that ends when it is released. */
interface IndexUse {
  release(): void;
}

/** What a transport is asked for. */
interface Asked {
  readonly prefix: Path;
  readonly definitions: readonly IndexDefinition[];
  /** Whether it stands beside what was asked for before. */
  readonly beside?: boolean | undefined;
}

/** The indexes that a transport uses until it is closed: of each prefix those that it asked for last, and those beside them. */
export class HeldIndexes {
  /** By prefix, and by what was asked for: the same is used once, however often it is asked for. */
  readonly #held = new Map<Path, Map<string, IndexUse>>();
  #isClosed = false;

  /** Takes the use that `take` makes; in place of those before, unless it stands beside them: what only they used is dropped. */
  async hold({ prefix, definitions, beside = false }: Asked, take: () => Promise<IndexUse>): Promise<void> {
    if (!beside) this.#release(prefix);
    const use = await take();
    if (!beside) this.#release(prefix);
    if (this.#isClosed) {
      use.release();
      return;
    }
    const uses = this.#held.get(prefix) ?? new Map<string, IndexUse>();
    this.#held.set(prefix, uses);
    const asked = JSON.stringify(definitions);
    uses.get(asked)?.release();
    uses.set(asked, use);
  }

  close(): void {
    this.#isClosed = true;
    for (const prefix of [...this.#held.keys()]) this.#release(prefix);
  }

  #release(prefix: Path): void {
    const uses = this.#held.get(prefix)?.values() ?? [];
    this.#held.delete(prefix);
    for (const use of uses) use.release();
  }
}
