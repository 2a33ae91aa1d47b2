/** Lets those who need the same keys work one after the other. Whoever needs several gets them in one order, so that all get theirs. */
export class KeyLocks {
  readonly #last = new Map<string, Promise<void>>();

  /** Resolves when all keys are the caller's, with what gives them back. Never rejects. */
  async take(keys: Iterable<string>): Promise<() => void> {
    const releases: (() => void)[] = [];
    for (const key of [...new Set(keys)].sort()) releases.push(await this.#takeOne(key));
    return () => {
      for (const release of releases) release();
    };
  }

  async #takeOne(key: string): Promise<() => void> {
    const before = this.#last.get(key);
    let end: (() => void) | undefined;
    const mine = new Promise<void>((resolve) => {
      end = resolve;
    });
    this.#last.set(key, mine);
    await before;
    return () => {
      if (this.#last.get(key) === mine) this.#last.delete(key);
      end?.();
    };
  }
}
