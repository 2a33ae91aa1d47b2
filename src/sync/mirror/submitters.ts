import type { DustError } from '../../errors.js';

interface Submitter {
  readonly last: number;
  readonly reject: (error: DustError) => void;
}

/** Who waits for operations that were committed beside the channel, until the mirror holds them or never will. */
export class Submitters {
  readonly #waiting = new Set<Submitter>();

  /** How many wait. */
  get size(): number {
    return this.#waiting.size;
  }

  /** @returns what ends the wait: false when it was ended before */
  add(last: number, reject: (error: DustError) => void): () => boolean {
    const submitter = { last, reject };
    this.#waiting.add(submitter);
    return () => this.#waiting.delete(submitter);
  }

  /** Rejects those who wait for operations beyond a seq. */
  rejectBeyond(storeSeq: number, error: DustError): void {
    for (const submitter of [...this.#waiting]) {
      if (submitter.last <= storeSeq) continue;
      this.#waiting.delete(submitter);
      submitter.reject(error);
    }
  }
}
