/** A message for the owner of a link. */
export interface InboxItem {
  readonly event: string;
  readonly payload: unknown;
}

/**
 * Passes messages on in order. Until it is opened it keeps them: several messages may arrive in one turn of the event
 * loop, and whoever awaits the join goes on only after that turn.
 */
export class Inbox {
  readonly #deliver: (item: InboxItem) => void;
  readonly #kept: InboxItem[] = [];
  #state: 'keeping' | 'open' | 'closed' = 'keeping';
  #opening: NodeJS.Immediate | undefined;

  constructor(deliver: (item: InboxItem) => void) {
    this.#deliver = deliver;
  }

  put(item: InboxItem): void {
    if (this.#state === 'open') this.#deliver(item);
    else if (this.#state === 'keeping') this.#kept.push(item);
  }

  /** Delivers what was kept in the next turn, and everything later at once. */
  open(): void {
    this.#opening = setImmediate(() => {
      for (const item of this.#kept) {
        // A delivery may close the inbox.
        if (this.#state === 'keeping') this.#deliver(item);
      }
      this.#kept.length = 0;
      if (this.#state === 'keeping') this.#state = 'open';
    });
  }

  /** Delivers nothing more. */
  close(): void {
    clearImmediate(this.#opening);
    this.#state = 'closed';
  }
}
