import type { Clock } from '../../clock.js';
import { monotonicOf } from '../../clock.js';
import { Connection } from './connection.js';
import type { ResolvedLimits } from '../limits.js';
import { inboxOf } from '../limits.js';
import type { LinkEnd, Linker } from './link.js';
import type { JoinReply } from '../messages/read-messages.js';
import type { ReconnectPolicy } from './reconnect-policy.js';
import { LONGEST_AWAITED } from './reconnect-policy.js';

/** What a {@link PrimaryLink} is made of. */
export interface PrimaryLinkOptions {
  readonly linker: Linker;
  readonly clock: Clock;
  readonly limits: Pick<ResolvedLimits, 'pushTimeout' | 'inbox' | 'inboxBytes' | 'stablePeriod'>;
  readonly policy: ReconnectPolicy;
  /** The seq to join from. */
  readonly storeSeq: () => number;
  /** Whether writes wait for it. */
  readonly hasWrites: () => boolean;
  readonly onConnecting: () => void;
  readonly onJoined: (reply: JoinReply) => void;
  readonly onMessage: (event: string, payload: unknown) => void;
  /** The connection is lost; the next attempt is in `delay` milliseconds. */
  readonly onLost: (end: LinkEnd, delay: number) => void;
  /** The connection was refused; there will be no other. */
  readonly onRefused: (end: LinkEnd) => void;
}

/** The connection that is kept: when one is lost the next is opened, for as long as it is wanted. */
export class PrimaryLink {
  readonly #options: PrimaryLinkOptions;
  #connection: Connection | undefined;
  #wait: { readonly due: number; readonly cancel: () => void } | undefined;
  /** There while the mirror is whole over this connection. */
  #cancelStable: (() => void) | undefined;
  /** When a connection stood last, or was first wanted. */
  #stoodAt: number | undefined;

  constructor(options: PrimaryLinkOptions) {
    this.#options = options;
  }

  /** The connection that stands or is being made. */
  get connection(): Connection | undefined {
    return this.#connection;
  }

  /** Connects now. */
  open(): void {
    const { linker, clock, limits, storeSeq, onConnecting, onJoined, onMessage } = this.#options;
    this.close();
    this.#stoodAt ??= monotonicOf(clock);
    onConnecting();
    const handlers = {
      onJoined,
      onMessage,
      onEnd: (end: LinkEnd) => {
        this.#lost(end);
      },
    };
    this.#connection = new Connection(
      { linker, clock, pushTimeout: limits.pushTimeout, inbox: inboxOf(limits), handlers },
      storeSeq(),
    );
  }

  /** Connects after the wait that follows a lost connection. */
  openLater(reason: string): void {
    this.#lost({ kind: 'lost', reason });
  }

  /**
   * The mirror is whole: the next waits are short ones again. The first of them may be twice as long until it has stayed
   * connected for a while, for those that are lost as soon as they stand.
   */
  markLive(): void {
    const { clock, limits, policy } = this.#options;
    policy.reset(1);
    this.#cancelStable?.();
    this.#cancelStable = clock.schedule(() => {
      policy.reset();
    }, limits.stablePeriod);
  }

  /** There are writes now: they do not wait as long as nobody would. */
  hurry(): void {
    if (this.#wait === undefined) return;
    const left = this.#wait.due - monotonicOf(this.#options.clock);
    if (left <= LONGEST_AWAITED) return;
    this.#wait.cancel();
    this.#openIn(LONGEST_AWAITED);
  }

  /** Gives the connection up for another one. */
  lose(reason: string): void {
    this.#connection?.end({ kind: 'lost', reason });
  }

  /** Takes nothing more from the connection until it is told otherwise. */
  hold(isHeld: boolean): void {
    this.#connection?.hold(isHeld);
  }

  /** Ends the connection and what is waited for, without a word. */
  close(): void {
    this.#wait?.cancel();
    this.#wait = undefined;
    if (this.#cancelStable !== undefined) this.#stoodAt = monotonicOf(this.#options.clock);
    this.#cancelStable?.();
    this.#cancelStable = undefined;
    this.#connection?.close();
    this.#connection = undefined;
  }

  #lost(end: LinkEnd): void {
    const { policy, clock, hasWrites, onLost, onRefused } = this.#options;
    this.close();
    const outage = monotonicOf(clock) - (this.#stoodAt ?? monotonicOf(clock));
    const delay = policy.delayAfter(end, { outage, hasWrites: hasWrites() });
    if (delay === undefined) {
      onRefused(end);
      return;
    }
    onLost(end, delay);
    this.#openIn(delay);
  }

  #openIn(ms: number): void {
    const { clock } = this.#options;
    const open = (): void => {
      this.open();
    };
    // A lost connection ends no program that the connection kept alive.
    const cancel = clock.schedule(open, ms, { keepAlive: true });
    this.#wait = { due: monotonicOf(clock) + ms, cancel };
  }
}
