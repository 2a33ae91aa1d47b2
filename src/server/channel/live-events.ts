import type { Commit, CommittedOperation } from '../../protocol/requests/operation.js';
import { isUnpackable } from '../imitation/unpackable.js';
import type { Membership } from './messages/membership.js';
import type { Turns } from './turns.js';

/** What a client hears of commits as they are made. */
export class LiveEvents {
  readonly #membership: Membership;
  readonly #outlet: { broadcast(operation: CommittedOperation): void };
  readonly #turns: Turns;
  readonly #onUnpackable: () => void;
  /** Heard of, and kept back behind what follows it. */
  #late: Commit | undefined;

  /** @param onUnpackable what is to be told cannot be, and the channel is to end */
  constructor(
    membership: Membership,
    outlet: { broadcast(operation: CommittedOperation): void },
    turns: Turns,
    onUnpackable: () => void,
  ) {
    this.#membership = membership;
    this.#outlet = outlet;
    this.#turns = turns;
    this.#onUnpackable = onUnpackable;
  }

  tell(commit: Commit): void {
    if (this.#membership.parts.imitation.has('unordered-events')) this.#tellOutOfOrder(commit);
    else this.#tell(commit);
  }

  /** Tells nothing more. */
  end(): void {
    this.#late = undefined;
  }

  #tell({ operations }: Commit): void {
    const { parts, vsn } = this.#membership;
    for (const operation of operations) {
      if (vsn === '3.0.0' && isUnpackable(operation, parts.imitation, 'live')) {
        this.#onUnpackable();
        return;
      }
      this.#outlet.broadcast(operation);
    }
  }

  /** What others write comes behind the next commit, or with the next turn where none is near (PROTOCOL §5.3). */
  #tellOutOfOrder(commit: Commit): void {
    const isOwn = commit.operations.some(({ deviceId }) => deviceId === this.#membership.deviceId);
    if (this.#late === undefined && !isOwn) {
      this.#late = commit;
      this.#turns.betweenPages(() => {
        this.#tellLate();
      });
      return;
    }
    this.#tell(commit);
    this.#tellLate();
  }

  #tellLate(): void {
    const late = this.#late;
    this.#late = undefined;
    if (late !== undefined) this.#tell(late);
  }
}
