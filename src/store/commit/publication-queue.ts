/** Something to be published as soon as it and all before it are known to be committed. */
export interface Publication {
  /** Whether it was committed. Once and for all. */
  settle(committed: boolean): void;
}

interface Entry<T> extends Publication {
  readonly item: T;
  committed: boolean | undefined;
  next: Entry<T> | undefined;
}

/** Publishes items in the order in which they were enqueued, whatever the order in which their commits settle. */
export class PublicationQueue<T> {
  readonly #publish: (item: T) => void;
  #head: Entry<T> | undefined;
  #tail: Entry<T> | undefined;

  constructor(publish: (item: T) => void) {
    this.#publish = publish;
  }

  enqueue(item: T): Publication {
    const entry: Entry<T> = {
      item,
      committed: undefined,
      next: undefined,
      settle: (committed) => {
        entry.committed = committed;
        this.#drain();
      },
    };
    if (this.#tail === undefined) this.#head = entry;
    else this.#tail.next = entry;
    this.#tail = entry;
    return entry;
  }

  #drain(): void {
    for (let entry = this.#head; entry?.committed !== undefined; entry = this.#head) {
      this.#head = entry.next;
      if (this.#head === undefined) this.#tail = undefined;
      if (entry.committed) this.#publish(entry.item);
    }
  }
}
