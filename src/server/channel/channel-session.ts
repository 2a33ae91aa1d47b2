import { Budget } from '../../protocol/requests/budget.js';
import type { Frame } from '../../protocol/wire/frames.js';
import type { FrameCodec } from '../../protocol/wire/frame-codec.js';
import type { TypedJson } from '../http/typed-json.js';
import { wireEvent } from './wire-event.js';
import type { ServerParts } from '../environment.js';
import type { ChannelLoad } from '../metrics/channel-load.js';
import { addAmount } from '../metrics/channel-load.js';
import type { Access } from '../access/tokens.js';
import type { MakeSnapshot } from './catch-up/catch-up.js';
import { NOT_REACHED, admit, isStoreTopic, whenReached } from './messages/join.js';
import type { Reply } from './messages/replies.js';
import { UNMATCHED_TOPIC, done } from './messages/replies.js';
import { HEARTBEAT_TIMEOUT, JOIN_TIMEOUT, SilenceWatch } from './silence-watch.js';
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
  /**
   * Ends the connection. The session is closed already. `why` for one who can still be told; left out for a client that
   * fell silent.
   */
  readonly end: (why?: string) => void;
  /** Which serialisation is spoken. Default `2.0.0`, JSON. */
  readonly vsn?: FrameCodec['vsn'] | undefined;
  /** Default: an object for each. */
  readonly snapshot?: MakeSnapshot | undefined;
  /** Whether messages of the client wait outside, so that nothing is heard of it. Default: never. */
  readonly isHeld?: (() => boolean) | undefined;
  /** Messages were done: there may be room for others. */
  readonly onRoom?: (() => void) | undefined;
  /** Default: messages at once, pages as soon as the event loop has been around. */
  readonly turns?: Turns | undefined;
}

/** Messages of one connection that may wait for their answers, whatever their length. */
const MAX_UNANSWERED = 10_000;

/** Which part of them may wait before no more is taken. */
const SHARE_OF_UNANSWERED = 1 / 10;

/** How many of the longest messages may wait where nobody holds them back. */
const MAX_TOGETHER = 4;

interface Joined {
  readonly channel: StoreChannel;
  readonly joinRef: string | null;
}

/** The server's side of one connection of the channel, without the connection itself (PROTOCOL §4). */
export class ChannelSession {
  readonly #options: ChannelSessionOptions;
  readonly #turns: Turns;
  readonly #joined = new Map<string, Joined>();
  /** Of each shared store the last join that had to wait for this copy to reach what its client has seen. */
  readonly #joining = new Map<string, symbol>();
  /** What was received over this connection and is not answered, in all channels. */
  readonly #unanswered: Budget;
  readonly #watches: readonly SilenceWatch[];
  readonly #heartbeat: SilenceWatch;
  #closed = false;

  constructor(options: ChannelSessionOptions) {
    this.#options = options;
    this.#turns = options.turns ?? PROMPT_TURNS;
    const { bounds, clock } = options.parts;
    this.#unanswered = new Budget({ count: MAX_UNANSWERED, bytes: MAX_TOGETHER * bounds.body });
    this.#heartbeat = new SilenceWatch({
      clock,
      timeout: HEARTBEAT_TIMEOUT,
      onSilence: () => options.isHeld?.() === true || this.#end(),
    });
    const joining = new SilenceWatch({
      clock,
      timeout: JOIN_TIMEOUT,
      onSilence: () => this.#joined.size > 0 || this.#end('nothing was joined'),
    });
    this.#watches = [this.#heartbeat, joining];
  }

  /** The stores that the client has joined, `org/name`. */
  get stores(): readonly string[] {
    return Array.from(this.#joined.keys(), (topic) => topic.slice(topic.indexOf(':') + 1));
  }

  /**
   * Whether a message of so many bytes had better be taken now. One that is longer than may wait is taken alone, and not
   * while it would have to wait for a catch-up.
   */
  hasRoomFor(bytes: number): boolean {
    const { channelMessages } = this.#options.parts.bounds;
    const { count, bytes: waiting, bound } = this.#unanswered;
    if (waiting + bytes <= channelMessages) return count < bound.count * SHARE_OF_UNANSWERED;
    return count === 0 && ![...this.#joined.values()].some(({ channel }) => channel.isCatchingUp);
  }

  /** Adds what this connection carries. */
  addTo(load: ChannelLoad): void {
    addAmount(load.mailbox, this.#unanswered);
    for (const [topic, { channel }] of this.#joined) {
      const store = topic.slice(topic.indexOf(':') + 1);
      load.subscriptions.set(store, (load.subscriptions.get(store) ?? 0) + 1);
      if (channel.isCatchingUp) load.catchingUp += 1;
    }
  }

  /**
   * Takes a frame of so many bytes from the client. Never throws.
   *
   * @param written its payload with what its text says of its numbers, where that counts
   */
  receive([joinRef, ref, topic, event, payload]: Frame, bytes = 0, written?: TypedJson): void {
    if (this.#closed) return;
    this.#heartbeat.note();
    const joined = this.#joined.get(topic);
    // Either is the last word: a join that still waits is called off.
    if (event === 'phx_join' || event === 'phx_leave') this.#joining.delete(topic);
    if (event === 'phx_join' && isStoreTopic(topic)) this.#join(joinRef, ref, topic, payload);
    else if (joined !== undefined) joined.channel.receive({ ref, event, payload, bytes, written });
    else if (event === 'phx_leave') this.#reply(joinRef, ref, topic, done());
    else if (topic === 'phoenix' && event === 'heartbeat') this.#reply(null, ref, topic, done());
    else this.#reply(null, ref, topic, UNMATCHED_TOPIC);
  }

  /** The connection is gone, however it went. What was received before is still done (PROTOCOL §5.5). */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const watch of this.#watches) watch.stop();
    for (const { channel } of this.#joined.values()) channel.close();
  }

  /** A second join replaces the first, which is closed behind the new one's answer (PROTOCOL §4). */
  #join(joinRef: string | null, ref: string | null, topic: string, payload: unknown): void {
    const reached = whenReached(this.#options, topic, payload);
    if (reached === undefined) {
      this.#admit(joinRef, ref, topic, payload);
      return;
    }
    const joining = Symbol(topic);
    this.#joining.set(topic, joining);
    void reached.then((isReached) => {
      if (this.#closed || this.#joining.get(topic) !== joining) return;
      if (isReached) this.#admit(joinRef, ref, topic, payload);
      else this.#reply(joinRef, ref, topic, NOT_REACHED);
    });
  }

  #admit(joinRef: string | null, ref: string | null, topic: string, payload: unknown): void {
    const previous = this.#joined.get(topic);
    previous?.channel.end();
    this.#joined.delete(topic);
    const { parts, access, deviceId, vsn = '2.0.0' } = this.#options;
    const admission = admit({ parts, access, deviceId, vsn }, topic, payload);
    this.#reply(joinRef, ref, topic, admission.reply);
    if (previous !== undefined) this.#send([previous.joinRef, previous.joinRef, topic, 'phx_close', {}]);
    if (admission.membership === undefined) return;
    const channel = new StoreChannel(admission, this.#outlet(joinRef, topic), {
      turns: this.#turns,
      unanswered: this.#unanswered,
      snapshot: this.#options.snapshot,
    });
    this.#joined.set(topic, { channel, joinRef });
    channel.begin();
  }

  #outlet(joinRef: string | null, topic: string): ChannelOutlet {
    return {
      push: (ref, event, payload) => {
        this.#send([joinRef, ref, topic, event, payload]);
      },
      broadcast: (operation) => {
        this.#send([null, null, topic, 'event', wireEvent(operation, this.#options.parts.features)]);
      },
      over: (event) => {
        this.#joined.delete(topic);
        this.#send([joinRef, joinRef, topic, event, {}]);
      },
      overflow: () => {
        this.#end('too many messages wait for their answers');
      },
      room: () => {
        if (!this.#closed) this.#options.onRoom?.();
      },
    };
  }

  #reply(joinRef: string | null, ref: string | null, topic: string, reply: Reply): void {
    this.#send([joinRef, ref, topic, 'phx_reply', reply]);
  }

  #send(frame: Frame): void {
    if (!this.#closed) this.#options.send(frame);
  }

  /** Returns false: nothing is waited for any more. */
  #end(why?: string): boolean {
    this.close();
    this.#options.end(why);
    return false;
  }
}
