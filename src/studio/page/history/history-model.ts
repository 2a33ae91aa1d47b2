import { signal } from '@preact/signals';
import type { HistoryEntry } from '../../api/messages.js';
import { api } from '../wire/client.js';

/** Entries per request, and how many are kept. */
const PAGE = 30;
const MOST_ENTRIES = 600;

/** The operations that changed a path, newest first, read page by page. */
export class HistoryModel {
  readonly entries = signal<readonly HistoryEntry[]>([]);
  /** Where older ones begin; null when there are none, undefined before the first page. */
  readonly nextBefore = signal<number | null | undefined>(undefined);
  readonly firstSeq = signal(1);
  readonly failure = signal<unknown>(undefined);
  readonly isLoading = signal(false);
  #controller = new AbortController();

  constructor(readonly path: string) {}

  /** Reads the newest ones anew; those that were opened below are forgotten. */
  begin(): Promise<void> {
    this.#controller.abort();
    this.#controller = new AbortController();
    return this.#read(undefined);
  }

  /** Reads older ones. */
  older(): Promise<void> {
    const before = this.nextBefore.peek();
    return before === null || before === undefined ? Promise.resolve() : this.#read(before);
  }

  /** Whether older ones are there that may still be opened. */
  get hasOlder(): boolean {
    return typeof this.nextBefore.value === 'number' && this.entries.value.length < MOST_ENTRIES;
  }

  /** Ends what is under way. */
  close(): void {
    this.#controller.abort();
  }

  async #read(before: number | undefined): Promise<void> {
    const { signal: aborted } = this.#controller;
    this.isLoading.value = true;
    this.failure.value = undefined;
    try {
      const page = await api.history({ path: this.path, before, limit: PAGE }, aborted);
      if (aborted.aborted) return;
      this.entries.value = before === undefined ? page.entries : [...this.entries.peek(), ...page.entries];
      this.nextBefore.value = page.nextBefore;
      this.firstSeq.value = page.firstSeq;
    } catch (error) {
      if (!aborted.aborted) this.failure.value = error;
    } finally {
      if (!aborted.aborted) this.isLoading.value = false;
    }
  }
}
