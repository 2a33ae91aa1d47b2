import { signal } from '@preact/signals';

/** How long a changed row is marked, in milliseconds: as long as its animation. */
const FLASH_TIME = 1_600;

/** Rows that have just changed, by slug. */
export class Flashes {
  /** How often each marked slug has changed: the animation of a second change begins anew. */
  readonly marked = signal<ReadonlyMap<string, number>>(new Map());
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();

  /** Marks a row for a moment. */
  mark(slug: string): void {
    clearTimeout(this.#timers.get(slug));
    const times = (this.marked.peek().get(slug) ?? 0) + 1;
    this.marked.value = new Map(this.marked.peek()).set(slug, times);
    const timer = setTimeout(() => {
      this.#timers.delete(slug);
      const left = new Map(this.marked.peek());
      left.delete(slug);
      this.marked.value = left;
    }, FLASH_TIME);
    this.#timers.set(slug, timer);
  }

  /** Ends all marks. */
  close(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }
}
