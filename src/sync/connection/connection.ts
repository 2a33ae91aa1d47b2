import type { Clock } from '../../clock.js';
import { monotonicOf } from '../../clock.js';
import { isDustError, messageOf } from '../../errors.js';
import type { Bound } from '../../protocol/requests/budget.js';
import { Budget } from '../../protocol/requests/budget.js';
import type { JsonObject } from '../../protocol/values/value.js';
import { weightOf } from '../../protocol/values/weight.js';
import { DEFAULT_LIMITS, inboxOf } from '../limits.js';
import { DeadlineQueue } from '../../deadline-queue.js';
import type { Link, LinkEnd, Linker, PushReply } from './link.js';
import type { JoinReply } from '../messages/read-messages.js';
import { readJoinReply } from '../messages/read-messages.js';
import { isRecord } from '../messages/read-operation.js';

/** What the owner of a {@link Connection} is told. Nothing after `onEnd` or {@link Connection.close}. */
export interface ConnectionHandlers {
  onJoined(reply: JoinReply): void;
  onMessage(event: string, payload: unknown): void;
  onEnd(end: LinkEnd): void;
}

/** What a {@link Connection} is made of. */
export interface ConnectionOptions {
  readonly linker: Linker;
  readonly clock: Clock;
  /** Milliseconds a reply may take, and a catch-up may be silent, before the connection counts as lost. */
  readonly pushTimeout: number;
  /** What may come before the join's reply was dealt with. Default: 10,000 messages of 16 MiB. */
  readonly inbox?: Bound | undefined;
  readonly handlers: ConnectionHandlers;
}

/** A link that is joined, in the order of what it tells, and that ends when it leaves a push without a reply. */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #deadlines: DeadlineQueue<string>;
  readonly #link: Link;
  /** What came before the join's reply was dealt with. */
  #held: [event: string, payload: unknown][] | undefined = [];
  readonly #room: Budget;
  #ended = false;
  #lastTraffic: number;
  #stopAwaitingCatchUp: (() => void) | undefined;

  /** Opens a link and joins from `lastStoreSeq`. Handlers are called from then on, never before this has returned. */
  constructor(options: ConnectionOptions, lastStoreSeq: number) {
    const { linker, clock, pushTimeout, inbox = inboxOf(DEFAULT_LIMITS) } = options;
    this.#options = options;
    this.#room = new Budget(inbox);
    this.#lastTraffic = monotonicOf(clock);
    this.#deadlines = new DeadlineQueue(clock, pushTimeout, (event) => {
      this.end({ kind: 'lost', reason: `no reply to ${event} within ${pushTimeout} ms` });
    });
    this.#link = linker.open({
      onMessage: (event, payload) => {
        this.#receive(event, payload);
      },
      onEnd: (end) => {
        this.#later(() => {
          this.end(end);
        });
      },
    });
    this.#join(lastStoreSeq);
  }

  /** When something was last heard, in milliseconds since the Unix epoch. */
  get lastTraffic(): number {
    return this.#lastTraffic;
  }

  get isOpen(): boolean {
    return !this.#ended;
  }

  /** Calls `onReply` with the server's reply, unless the connection ends before. */
  push(event: string, payload: JsonObject, onReply: (reply: PushReply) => void): void {
    if (this.#ended) return;
    const done = this.#deadlines.add(event);
    this.#link.push(event, payload).then(
      (reply) => {
        done();
        if (this.#ended) return;
        this.#lastTraffic = monotonicOf(this.#options.clock);
        onReply(reply);
      },
      (error: unknown) => {
        this.end({ kind: 'lost', reason: messageOf(error) });
      },
    );
  }

  /** Takes nothing more from the network until it is told otherwise. */
  hold(isHeld: boolean): void {
    if (!this.#ended) this.#link.hold?.(isHeld);
  }

  /** Ends the connection as though the network had. */
  end(end: LinkEnd): void {
    if (this.#ended) return;
    this.close();
    this.#options.handlers.onEnd(end);
  }

  /** Ends the connection without a word. */
  close(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#deadlines.clear();
    this.#stopAwaitingCatchUp?.();
    this.#link.close();
  }

  #join(lastStoreSeq: number): void {
    const done = this.#deadlines.add('join');
    this.#link.join(lastStoreSeq).then(
      (reply) => {
        done();
        if (!this.#ended) this.#joined(reply);
      },
      (error: unknown) => {
        // The link says so itself as well; whichever comes first decides, and both say the same.
        this.end(endOf(error));
      },
    );
  }

  #joined(reply: unknown): void {
    this.#lastTraffic = monotonicOf(this.#options.clock);
    this.#awaitCatchUp(this.#options.pushTimeout);
    try {
      this.#options.handlers.onJoined(readJoinReply(reply));
    } catch (error) {
      this.end({ kind: 'lost', reason: messageOf(error) });
      return;
    }
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const [event, payload] of held) {
      if (this.isOpen) this.#tell(event, payload);
    }
  }

  #receive(event: string, payload: unknown): void {
    if (this.#ended) return;
    this.#lastTraffic = monotonicOf(this.#options.clock);
    if (this.#held === undefined) this.#tell(event, payload);
    else if (this.#room.takeOrAlone(weightOf(payload))) this.#held.push([event, payload]);
    else this.end({ kind: 'lost', reason: 'the server said too much before it answered the join' });
  }

  #tell(event: string, payload: unknown): void {
    if (event === 'catch_up_complete') this.#stopAwaitingCatchUp?.();
    this.#options.handlers.onMessage(event, payload);
  }

  /** A catch-up answers no push: a connection that falls silent within one is lost all the same. */
  #awaitCatchUp(ms: number): void {
    const { clock, pushTimeout } = this.#options;
    this.#stopAwaitingCatchUp = clock.schedule(() => {
      const left = this.#lastTraffic + pushTimeout - monotonicOf(clock);
      if (left > 0) this.#awaitCatchUp(left);
      else this.end({ kind: 'lost', reason: `nothing was heard of the catch-up for ${pushTimeout} ms` });
    }, ms);
  }

  /** A link that fails while it is opened must not end before its owner knows it. */
  #later(work: () => void): void {
    void Promise.resolve().then(work);
  }
}

/** Why a join was rejected, in whichever form the link says it. */
function endOf(error: unknown): LinkEnd {
  if (isRecord(error) && (error.kind === 'lost' || error.kind === 'refused')) {
    return { kind: error.kind, reason: typeof error.reason === 'string' ? error.reason : messageOf(error) };
  }
  return { kind: isDustError(error, 'unauthorized') ? 'refused' : 'lost', reason: messageOf(error) };
}
