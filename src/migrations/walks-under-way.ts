import { walkTooLate } from './errors.js';

/** The walks of one migration that were begun and have not ended. */
export class WalksUnderWay {
  readonly #walks = new Map<Promise<unknown>, string>();
  #isClosed = false;

  /** @throws DustError `invalid_options` when the migration has ended */
  assertOpen(): void {
    if (this.#isClosed) throw walkTooLate();
  }

  /**
   * The walk, which counts until it has ended. The promise is for the migration: one that fails and that nobody waits for is an unhandled
   * rejection, as everywhere.
   */
  begin<T>(entity: string, work: Promise<T>): Promise<T> {
    const walk = work.finally(() => this.#walks.delete(walk));
    this.#walks.set(walk, entity);
    return walk;
  }

  /** The classes of those under way. */
  get entities(): readonly string[] {
    return [...this.#walks.values()];
  }

  /** No other may begin. Resolves when those under way have ended, which then may fail unheard; undefined when there are none. Never rejects. */
  close(): Promise<unknown> | undefined {
    this.#isClosed = true;
    return this.#walks.size === 0 ? undefined : Promise.allSettled([...this.#walks.keys()]);
  }
}
