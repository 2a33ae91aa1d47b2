import type { Frame } from '../../protocol/frames.js';
import { toWireEvent } from '../../protocol/frames.js';
import type { ServerParts } from '../environment.js';
import type { Access } from '../access/tokens.js';
import { HeartbeatWatch } from './heartbeat-watch.js';
import { admit, isStoreTopic } from './messages/join.js';
import type { Reply } from './messages/replies.js';
import { UNMATCHED_TOPIC, done } from './messages/replies.js';
import { StoreChannel } from './store-channel.js';
import type { ChannelOutlet } from './store-channel.js';
import type { Turns } from './turns.js';
import { PROMPT_TURNS } from './turns.js';

/** What a {@link ChannelSession} is made of. */
export interface ChannelSessionOptions {
  readonly parts: ServerParts;
  /** Whom the connection's token belongs to. */
  readonly access: Access;
  /** Who writes over this connection. */
  readonly deviceId: string;
  /** Sends a frame to the client. May be called from within `receive`. */
  readonly send: (frame: Frame) => void;
  /** Ends the connection: the client fell silent, or asks for more than it should. The session is closed already. */
  readonly end: () => void;
  /** Default: messages at once, pages as soon as the event loop has been around. */
  readonly turns?: Turns | undefined;
}

interface Joined {
  readonly channel: StoreChannel;
  readonly joinRef: string | null;
}

/** The server's side of one connection of the channel, without the connection itself (PROTOCOL §4). */
export class ChannelSession {
  readonly #options: ChannelSessionOptions;
  readonly #turns: Turns;
  readonly #joined = new Map<string, Joined>();
  readonly #heartbeat: HeartbeatWatch;
  #closed = false;

  constructor(options: ChannelSessionOptions) {
    this.#options = options;
    this.#turns = options.turns ?? PROMPT_TURNS;
    this.#heartbeat = new HeartbeatWatch(options.parts.clock, () => {
      this.#end();
    });
  }

  /** Takes a frame from the client. Never throws. */
  receive([joinRef, ref, topic, event, payload]: Frame): void {
    if (this.#closed) return;
    this.#heartbeat.note();
    const joined = this.#joined.get(topic);
    if (event === 'phx_join' && isStoreTopic(topic)) this.#join(joinRef, ref, topic, payload);
    else if (joined !== undefined) joined.channel.receive({ ref, event, payload });
    else if (event === 'phx_leave') this.#reply(joinRef, ref, topic, done());
    else if (topic === 'phoenix' && event === 'heartbeat') this.#reply(null, ref, topic, done());
    else this.#reply(null, ref, topic, UNMATCHED_TOPIC);
  }

  /** The connection is gone, however it went. What was received before is still done (PROTOCOL §5.5). */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#heartbeat.stop();
    for (const { channel } of this.#joined.values()) channel.close();
    this.#joined.clear();
  }

  /** A second join replaces the first, which is closed behind the new one's answer (PROTOCOL §4). */
  #join(joinRef: string | null, ref: string | null, topic: string, payload: unknown): void {
    const previous = this.#joined.get(topic);
    previous?.channel.end();
    this.#joined.delete(topic);
    const admission = admit(this.#options, topic, payload);
    this.#reply(joinRef, ref, topic, admission.reply);
    if (previous !== undefined) this.#send([previous.joinRef, previous.joinRef, topic, 'phx_close', {}]);
    if (admission.membership === undefined) return;
    const channel = new StoreChannel(admission, this.#outlet(joinRef, topic), this.#turns);
    this.#joined.set(topic, { channel, joinRef });
    channel.begin();
  }

  #outlet(joinRef: string | null, topic: string): ChannelOutlet {
    return {
      push: (ref, event, payload) => {
        this.#send([joinRef, ref, topic, event, payload]);
      },
      broadcast: (operation) => {
        this.#send([null, null, topic, 'event', toWireEvent(operation)]);
      },
      over: (event) => {
        this.#joined.delete(topic);
        this.#send([joinRef, joinRef, topic, event, {}]);
      },
      overflow: () => {
        this.#end();
      },
    };
  }

  #reply(joinRef: string | null, ref: string | null, topic: string, reply: Reply): void {
    this.#send([joinRef, ref, topic, 'phx_reply', reply]);
  }

  #send(frame: Frame): void {
    if (!this.#closed) this.#options.send(frame);
  }

  #end(): void {
    this.close();
    this.#options.end();
  }
}
