import { inspect } from 'node:util';
import { isDustError } from '../../errors.js';
import type { Budget } from '../../protocol/requests/budget.js';
import type { Commit, CommittedOperation } from '../../protocol/requests/operation.js';
import { Pattern } from '../../protocol/paths/pattern.js';
import { WorkUnderWay } from '../../work-under-way.js';
import type { TypedJson } from '../http/typed-json.js';
import { ImitatedFailure } from '../imitation/errors.js';
import type { MakeSnapshot } from './catch-up/catch-up.js';
import { CatchUp } from './catch-up/catch-up.js';
import { LiveEvents } from './live-events.js';
import type { Admission } from './messages/join.js';
import type { Membership } from './messages/membership.js';
import { handleMessage } from './messages/messages.js';
import type { Outcome } from './messages/replies.js';
import { CRASH, done } from './messages/replies.js';
import type { Turns } from './turns.js';

/** A message to a joined channel. */
export interface ChannelMessage {
  readonly ref: string | null;
  readonly event: string;
  readonly payload: unknown;
  /** Its length on the wire. */
  readonly bytes: number;
  /** Its payload with what its text says of its numbers, where that counts. */
  readonly written?: TypedJson | undefined;
}

/** What a channel shares with the others of its connection. */
export interface ChannelParts {
  readonly turns: Turns;
  /** What was received and is not answered. */
  readonly unanswered: Budget;
  readonly snapshot?: MakeSnapshot | undefined;
}

/** Where a channel says what it says. */
export interface ChannelOutlet {
  /** What belongs to the join, answers included. */
  push(ref: string | null, event: string, payload: object): void;
  /** What everybody hears who has joined. */
  broadcast(operation: CommittedOperation): void;
  /** The channel is over; `event` is how the client is to be told. */
  over(event: 'phx_close' | 'phx_error'): void;
  /** More waits to be answered than anyone should ask for. */
  overflow(): void;
  /** Fewer messages wait than before. */
  room(): void;
}

/** Milliseconds that an operation of a catch-up takes where it is to be slow: 12,000 of them a minute. */
const TIME_OF_CAUGHT_UP = 5;

const EVERYTHING = Pattern.parse('**');

/**
 * One join to one store. Messages are handled in the order in which they came, and wait while the catch-up lasts. All of
 * them may be under way at once: the store keeps their order.
 */
export class StoreChannel {
  readonly #membership: Membership;
  readonly #outlet: ChannelOutlet;
  readonly #turns: Turns;
  readonly #unanswered: Budget;
  readonly #live: LiveEvents;
  readonly #endWatches: readonly (() => void)[];
  readonly #underWay = new WorkUnderWay();
  #mailbox: ChannelMessage[] = [];
  /** Undefined when the client is up to date. */
  #catchUp: CatchUp | undefined;
  /** The catch-up told everything up to here, so that no broadcast repeats it. */
  #toldThrough = 0;
  #callOffPage = (): void => undefined;
  /**
   * `leaving`: only what was asked before is still answered. `deaf`: the client has gone, and what it sent is still done.
   * `over`: nothing is.
   */
  #state: 'open' | 'leaving' | 'deaf' | 'over' = 'open';

  constructor({ membership, lastStoreSeq }: Admission, outlet: ChannelOutlet, shared: ChannelParts) {
    const { store, parts, vsn } = membership;
    const { imitation, features } = parts;
    const { turns, unanswered, snapshot } = shared;
    this.#membership = membership;
    this.#outlet = outlet;
    this.#turns = turns;
    this.#unanswered = unanswered;
    this.#catchUp = new CatchUp(
      store,
      { imitation, features, packs: vsn === '3.0.0', snapshot },
      lastStoreSeq,
      {
        push: (event, payload) => {
          outlet.push(null, event, payload);
        },
        isCongested: () => turns.isCongested(),
      },
    );
    this.#live = new LiveEvents(membership, outlet, turns, () => {
      this.#crash();
    });
    this.#endWatches = [
      store.watch(EVERYTHING, (commit) => {
        this.#hear(commit);
      }),
      // What follows does not go on from what was told: the client joins again, here or elsewhere, and catches up.
      store.onAnew(() => {
        this.#crash();
      }),
    ];
  }

  /** Whether messages wait for the end of the catch-up. */
  get isCatchingUp(): boolean {
    return this.#catchUp !== undefined;
  }

  /** Begins the catch-up. */
  begin(): void {
    this.#turns.betweenPages(() => {
      const { imitation } = this.#membership.parts;
      if (imitation.has('slow-catch-up')) this.#pushPageLater();
      else this.#pushPage();
    });
  }

  /** Takes a message; its answer goes to the outlet. */
  receive(message: ChannelMessage): void {
    if (this.#state !== 'open') return;
    if (!this.#unanswered.take(message.bytes)) {
      this.#outlet.overflow();
      return;
    }
    this.#mailbox.push(message);
    if (this.#catchUp === undefined) this.#giveTurn();
  }

  /** Ends at once. What was received and not yet begun is dropped, without a word (PROTOCOL §5.10). */
  end(): void {
    this.#state = 'over';
    this.#dropMailbox();
    this.#catchUp = undefined;
    this.#live.end();
    this.#callOffPage();
    for (const end of this.#endWatches) end();
  }

  /** The connection is gone. What was received before is still done, though nobody hears of it (PROTOCOL §5.5). */
  close(): void {
    if (!this.#isHeard()) return;
    this.#state = 'deaf';
    this.#callOffPage();
    for (const end of this.#endWatches) end();
    if (this.#catchUp !== undefined) this.#workOff();
  }

  #hear(commit: Commit): void {
    const isToBeCaughtUp = this.#catchUp !== undefined || commit.last <= this.#toldThrough;
    const { imitation } = this.#membership.parts;
    if (isToBeCaughtUp && !imitation.has('early-events')) return;
    this.#live.tell(commit);
  }

  /** A recorded server works out each page from the whole history (PROTOCOL §8). */
  #pushPageLater(): void {
    const { parts } = this.#membership;
    try {
      const size = this.#catchUp?.pageSize ?? 0;
      this.#callOffPage = parts.clock.schedule(() => {
        this.#pushPage();
      }, size * TIME_OF_CAUGHT_UP);
    } catch (error) {
      this.#crash(error);
    }
  }

  #pushPage(): void {
    const catchUp = this.#catchUp;
    if (catchUp === undefined) return;
    try {
      if (catchUp.pushPage()) {
        this.begin();
        return;
      }
      catchUp.pushEnd();
      // A client ahead of the store is told its own number, and everything that follows.
      this.#toldThrough = Math.min(catchUp.position, this.#membership.store.status().storeSeq);
      this.#workOff();
    } catch (error) {
      this.#crash(error);
    }
  }

  /** Ends the catch-up, and gives what waited for it its turns. */
  #workOff(): void {
    this.#catchUp = undefined;
    for (let waiting = this.#mailbox.length; waiting > 0; waiting--) this.#giveTurn();
    this.#outlet.room();
  }

  #giveTurn(): void {
    this.#turns.forMessage(() => {
      const message = this.#mailbox.shift();
      if (message === undefined) return;
      if (message.event === 'phx_leave') {
        this.#unanswered.give(message.bytes);
        this.#leave(message);
      } else {
        this.#track(this.#handle(message), message.bytes);
      }
    });
  }

  async #handle({ ref, event, payload, written }: ChannelMessage): Promise<void> {
    this.#answer(ref, await handleMessage(this.#membership, event, payload, written));
  }

  #track(work: Promise<void>, bytes: number): void {
    void this.#underWay.track(work).finally(() => {
      this.#unanswered.give(bytes);
      this.#outlet.room();
    });
  }

  #dropMailbox(): void {
    for (const { bytes } of this.#mailbox) this.#unanswered.give(bytes);
    this.#mailbox = [];
  }

  #answer(ref: string | null, outcome: Outcome): void {
    if (outcome === CRASH) this.#crash();
    else if (this.#isHeard()) this.#outlet.push(ref, 'phx_reply', outcome);
  }

  /** Goes when what was asked before has been answered; what was sent behind it is lost. */
  #leave({ ref }: ChannelMessage): void {
    this.#state = 'leaving';
    this.#dropMailbox();
    void Promise.resolve(this.#underWay.all()).then(() => {
      if (this.#state !== 'leaving') return;
      this.#outlet.push(ref, 'phx_reply', done());
      this.end();
      this.#outlet.over('phx_close');
    });
  }

  #isHeard(): boolean {
    return this.#state === 'open' || this.#state === 'leaving';
  }

  #crash(error?: unknown): void {
    if (this.#state === 'over') return;
    const isHeard = this.#isHeard();
    this.end();
    if (isHeard) this.#outlet.over('phx_error');
    if (error !== undefined && !isDustError(error, 'closed') && !(error instanceof ImitatedFailure)) {
      this.#membership.parts.logger.error(`a catch-up over the channel failed: ${inspect(error)}`);
    }
  }
}
