import type { Bound } from '../../protocol/requests/budget.js';
import { Budget } from '../../protocol/requests/budget.js';
import { weightOf } from '../../protocol/values/weight.js';

/** A message for the owner of a link. */
export interface InboxItem {
  readonly event: string;
  readonly payload: unknown;
}

/**
 * Passes messages on in order. Until it is opened it keeps them: several messages may arrive in one turn of the event
 * loop, and whoever awaits the join goes on only after that turn. It keeps so many, and about so many bytes of them.
 */
export class Inbox {
  readonly #deliver: (item: InboxItem) => void;
  readonly #kept: InboxItem[] = [];
  readonly #room: Budget;
  #state: 'keeping' | 'open' | 'closed' = 'keeping';
  #opening: NodeJS.Immediate | undefined;

  constructor(deliver: (item: InboxItem) => void, bound: Bound) {
    this.#deliver = deliver;
    this.#room = new Budget(bound);
  }

  /** False when there is no room to keep it. */
  put(item: InboxItem): boolean {
    if (this.#state === 'open') this.#deliver(item);
    if (this.#state !== 'keeping') return true;
    if (!this.#room.takeOrAlone(weightOf(item.payload))) return false;
    this.#kept.push(item);
    return true;
  }

  /** Delivers what was kept in the next turn, and everything later at once. */
  open(): void {
    this.#opening = setImmediate(() => {
      for (const item of this.#kept.splice(0)) {
        // A delivery may close the inbox.
        if (this.#state === 'keeping') this.#deliver(item);
      }
      if (this.#state === 'keeping') this.#state = 'open';
    });
  }

  /** Delivers nothing more. */
  close(): void {
    clearImmediate(this.#opening);
    this.#state = 'closed';
  }
}
