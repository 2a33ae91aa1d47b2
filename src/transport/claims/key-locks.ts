import { untilAborted } from '../abort.js';

/** Lets those who need the same keys work one after the other. Whoever needs several gets them in one order, so that all get theirs. */
export class KeyLocks {
  readonly #last = new Map<string, Promise<void>>();

  /** How many keys somebody has or waits for. */
  get size(): number {
    return this.#last.size;
  }

  /** Resolves when all keys are the caller's, with what gives them back. @throws DustError `aborted`, with nothing taken */
  async take(keys: Iterable<string>, signal: AbortSignal | undefined): Promise<() => void> {
    const releases: (() => void)[] = [];
    const release = (): void => {
      for (const each of releases) each();
    };
    try {
      for (const key of [...new Set(keys)].sort()) releases.push(await this.#takeOne(key, signal));
    } catch (error) {
      release();
      throw error;
    }
    return release;
  }

  async #takeOne(key: string, signal: AbortSignal | undefined): Promise<() => void> {
    const before = this.#last.get(key) ?? Promise.resolve();
    let end: (() => void) | undefined;
    const mine = new Promise<void>((resolve) => {
      end = resolve;
    });
    this.#last.set(key, mine);
    const release = (): void => {
      if (this.#last.get(key) === mine) this.#last.delete(key);
      end?.();
    };
    try {
      await (signal === undefined ? before : untilAborted(before, signal));
    } catch (error) {
      // Those behind have to wait for those in front all the same.
      void before.then(release);
      throw error;
    }
    return release;
  }
}
