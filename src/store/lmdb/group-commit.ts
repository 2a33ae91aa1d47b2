/** What a group of work is run in. */
export interface GroupTransaction {
  /** The number of writes made so far, ever. */
  writes(): number;
  /** Runs `body` in one transaction: committed when `run` returns, undone when it throws, with the error to report. */
  run(body: () => void): void;
  /** The error for work that was undone because other work threw `cause`. */
  undone(cause: unknown): Error;
}

interface PendingWork {
  /** Does the work; the returned function hands its result to the caller. */
  run(): () => void;
  reject(error: unknown): void;
}

/** A group is closed when it has made this many writes, so that it blocks the event loop for a moment only. */
const WRITES_PER_GROUP = 4_000;

/**
 * Group commit: the work of one turn of the event loop shares one transaction, because a transaction costs a trip to
 * the disk and a write next to nothing.
 */
export class GroupCommit {
  readonly #transaction: GroupTransaction;
  #pending: PendingWork[] = [];
  #scheduled = false;

  constructor(transaction: GroupTransaction) {
    this.#transaction = transaction;
  }

  /** Runs `work` in the next group, behind all work added before; resolves when the group is committed. */
  add<T>(work: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#pending.push({
        run: () => {
          const result = work();
          return () => {
            resolve(result);
          };
        },
        reject,
      });
      this.#schedule();
    });
  }

  /** Commits all that is pending, now. */
  drain(): void {
    while (this.#pending.length > 0) this.#commitGroup();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      if (this.#pending.length > 0) this.#commitGroup();
      if (this.#pending.length > 0) this.#schedule();
    });
  }

  #commitGroup(): void {
    const pending = this.#pending;
    const group: PendingWork[] = [];
    const settlements: (() => void)[] = [];
    let running: PendingWork | undefined;
    try {
      this.#transaction.run(() => {
        const end = this.#transaction.writes() + WRITES_PER_GROUP;
        for (const work of pending) {
          if (this.#transaction.writes() >= end) break;
          group.push(work);
          running = work;
          settlements.push(this.#attempt(work));
        }
        running = undefined;
      });
    } catch (error) {
      this.#pending = group.length === 0 ? [] : pending.slice(group.length);
      const others = running === undefined ? error : this.#transaction.undone(error);
      for (const work of group.length === 0 ? pending : group) work.reject(work === running ? error : others);
      return;
    }
    this.#pending = pending.slice(group.length);
    for (const settle of settlements) settle();
  }

  /** Work that fails before its first write harms only itself. */
  #attempt(work: PendingWork): () => void {
    const before = this.#transaction.writes();
    try {
      return work.run();
    } catch (error) {
      if (this.#transaction.writes() !== before) throw error;
      return () => {
        work.reject(error);
      };
    }
  }
}
