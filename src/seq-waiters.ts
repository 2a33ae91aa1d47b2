interface Waiter {
  storeSeq: number;
  isDone: boolean;
  readonly onReached: () => void;
}

/** Who waits for a store, or a copy of one, to hold everything up to a seq. */
export class SeqWaiters {
  /** Ascending by seq; those of one seq in the order they came. */
  readonly #waiters: Waiter[] = [];

  /** The least seq that is waited for. */
  get first(): number | undefined {
    return this.#waiters[0]?.storeSeq;
  }

  /** Calls `onReached` once, when {@link reach} is called with this seq or a greater one. Returns what calls it off. */
  add(storeSeq: number, onReached: () => void): () => void {
    const waiter = { storeSeq, isDone: false, onReached };
    let at = this.#waiters.length;
    while (at > 0 && this.#waiters[at - 1]!.storeSeq > storeSeq) at--;
    this.#waiters.splice(at, 0, waiter);
    return () => {
      if (waiter.isDone) return;
      waiter.isDone = true;
      const index = this.#waiters.indexOf(waiter);
      // One that is about to be told is none of them any more.
      if (index !== -1) this.#waiters.splice(index, 1);
    };
  }

  /** The store moved backwards to `storeSeq`: nobody waits for more than that. */
  clamp(storeSeq: number): void {
    for (const waiter of this.#waiters) waiter.storeSeq = Math.min(waiter.storeSeq, storeSeq);
  }

  /** Everything up to `storeSeq` is there. */
  reach(storeSeq: number): void {
    let count = 0;
    while (count < this.#waiters.length && this.#waiters[count]!.storeSeq <= storeSeq) count++;
    if (count === 0) return;
    const reached = this.#waiters.splice(0, count);
    for (const waiter of reached) {
      if (waiter.isDone) continue;
      waiter.isDone = true;
      waiter.onReached();
    }
  }
}
