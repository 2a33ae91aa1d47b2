import type { Message } from 'phoenix';
import type { Frame, WireJoinReply } from '../../protocol/wire/frames.js';
import type { Bound } from '../../protocol/requests/budget.js';
import { protocolError } from '../../protocol/wire/errors.js';
import type { JsonObject } from '../../protocol/values/value.js';
import type { Link, LinkEnd, LinkHandlers, PushReply } from '../connection/link.js';
import { TransientMap } from '../../transient-map.js';
import { joinFailed, misused } from './errors.js';
import { Inbox } from './inbox.js';
import { channelEnded, connectFailed, joinRefused, unreadable } from './link-ends.js';
import type { Prepared, SocketSettings } from './phoenix-connection.js';
import { PhoenixConnection } from './phoenix-connection.js';
import { isJoinReply, pushReplyIn } from './replies.js';

/** What a link connects with, and to which topic. */
export interface PhoenixLinkSettings extends SocketSettings {
  readonly topic: string;
  /** What is kept before the join is answered. */
  readonly inbox: Bound;
  /** Takes the token out of what the server said. */
  readonly scrub: (text: string) => string;
}

interface Join {
  readonly lastStoreSeq: number;
  readonly resolve: (reply: WireJoinReply) => void;
  readonly reject: (error: Error) => void;
}

/** What was sent and has no reply. */
interface Waiting {
  readonly frame: Frame;
  readonly onReply: (reply: PushReply) => void;
}

/**
 * One connection, joined once. It talks over phoenix's socket and does without phoenix's channel, which is made to join
 * again: its timers for pushes cannot be called off, and it forgets a join's reference when the join fails.
 */
export class PhoenixLink implements Link {
  readonly #settings: PhoenixLinkSettings;
  readonly #handlers: LinkHandlers;
  readonly #inbox: Inbox;
  readonly #waiting = new TransientMap<string, Waiting>();
  #connection: PhoenixConnection | undefined;
  #isOpen = false;
  #join: Join | undefined;
  #joinRef: string | undefined;
  /** Why the link is no more; `closed` when its owner wanted it so. */
  #end: LinkEnd | 'closed' | undefined;

  /** Begins to connect as soon as what it needs is there. */
  constructor(prepared: Promise<Prepared>, settings: PhoenixLinkSettings, handlers: LinkHandlers) {
    this.#settings = settings;
    this.#handlers = handlers;
    this.#inbox = new Inbox(({ event, payload }) => {
      handlers.onMessage(event, payload);
    }, settings.inbox);
    void this.#connect(prepared);
  }

  join(lastStoreSeq: number): Promise<WireJoinReply> {
    return new Promise((resolve, reject) => {
      if (this.#join !== undefined) throw misused('is joined once');
      if (this.#end !== undefined && this.#end !== 'closed') throw joinFailed(this.#end);
      this.#join = { lastStoreSeq, resolve, reject };
      if (this.#isOpen) this.#sendJoin(this.#join);
    });
  }

  push(event: string, payload: JsonObject): Promise<PushReply> {
    return new Promise((resolve) => {
      if (this.#end !== undefined) return;
      if (this.#joinRef === undefined) throw misused('is joined before anything is pushed');
      this.#send(event, payload, resolve);
    });
  }

  hold(isHeld: boolean): void {
    this.#connection?.hold(isHeld);
  }

  close(): void {
    if (this.#end !== undefined) return;
    this.#end = 'closed';
    this.#inbox.close();
    const { topic } = this.#settings;
    const connection = this.#connection;
    if (connection === undefined) return;
    const join_ref = this.#joinRef;
    if (join_ref !== undefined) {
      connection.send({ join_ref, ref: connection.makeRef(), topic, event: 'phx_leave', payload: {} });
    }
    connection.finish();
  }

  async #connect(prepared: Promise<Prepared>): Promise<void> {
    try {
      const ready = await prepared;
      if (this.#end !== undefined) return;
      this.#connection = new PhoenixConnection(ready, this.#settings, {
        onOpen: () => {
          this.#isOpen = true;
          if (this.#join !== undefined) this.#sendJoin(this.#join);
        },
        onMessage: (message) => {
          this.#receive(message);
        },
        onTooLong: () => {
          this.#refuseLongest();
        },
        onEnd: (end) => {
          this.#finish(end);
        },
      });
    } catch (error) {
      this.#finish(connectFailed(error));
    }
  }

  #sendJoin({ lastStoreSeq, resolve }: Join): void {
    this.#send('phx_join', { last_store_seq: lastStoreSeq }, ({ status, response }) => {
      if (status === 'error') {
        const { reason } = response;
        this.#fail(
          joinRefused(this.#settings.scrub(typeof reason === 'string' ? reason : 'no reason given')),
        );
      } else if (isJoinReply(response)) {
        resolve(response);
        this.#inbox.open();
      } else {
        this.#fail(unreadable(protocolError('an answer to the join that says too little')));
      }
    });
  }

  #send(event: string, payload: JsonObject, onReply: (reply: PushReply) => void): void {
    const connection = this.#connection;
    if (connection === undefined) return;
    const ref = connection.makeRef();
    this.#joinRef ??= ref;
    const { topic } = this.#settings;
    connection.send({ join_ref: this.#joinRef, ref, topic, event, payload });
    this.#waiting.set(ref, { frame: [this.#joinRef, ref, topic, event, payload], onReply });
  }

  /** What has another join's reference is of a join before this one, and none of our business (PROTOCOL §4). */
  #receive({ join_ref = null, ref, topic, event, payload }: Message): void {
    if (topic !== this.#settings.topic) return;
    if (join_ref !== null && join_ref !== this.#joinRef) return;
    if (event === 'phx_close' || event === 'phx_error') this.#fail(channelEnded(event));
    else if (event === 'phx_reply') this.#receiveReply(ref, payload);
    else if (!this.#inbox.put({ event, payload })) {
      this.#fail(unreadable(protocolError('more than a client has room for before it answered the join')));
    }
  }

  #receiveReply(ref: string | null, payload: unknown): void {
    const waiting = ref === null ? undefined : this.#waiting.take(ref);
    if (waiting === undefined) return;
    const reply = pushReplyIn(payload);
    if (reply === undefined) this.#fail(unreadable(protocolError('a reply without a status')));
    else waiting.onReply(reply);
  }

  /**
   * A server that ends the connection over a message does not say which. Of those it has not answered it is the longest;
   * sent again, it would end the next connection too.
   */
  #refuseLongest(): void {
    const { codec } = this.#settings;
    let longest: Waiting | undefined;
    let most = 0;
    for (const waiting of this.#waiting.values()) {
      const bytes = Buffer.byteLength(codec.encode(waiting.frame));
      if (bytes > most) [longest, most] = [waiting, bytes];
    }
    longest?.onReply({ status: 'error', response: { reason: 'too_large' } });
  }

  #fail(end: LinkEnd): void {
    this.#connection?.drop();
    this.#finish(end);
  }

  #finish(end: LinkEnd): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    this.#inbox.close();
    this.#handlers.onEnd(end);
    this.#join?.reject(joinFailed(end));
  }
}
