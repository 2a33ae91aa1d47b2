import type { Duplex } from 'node:stream';
import type { RawData, WebSocket } from 'ws';
import type { Clock } from '../../../clock.js';
import type { Budget } from '../../../protocol/requests/budget.js';
import { Share } from '../../../protocol/requests/budget.js';
import type { Amount } from '../../metrics/channel-load.js';
import { SilenceWatch } from '../silence-watch.js';

/** What may always come of a client, in bytes, however much came of others. */
const ALLOWANCE = 64 * 1024;

/** A message as it came. */
export interface RawMessage {
  readonly bytes: Buffer;
  readonly isBinary: boolean;
}

/** What a {@link SocketInlet} is made of. */
export interface SocketInletOptions {
  readonly socket: WebSocket;
  /** What the socket's bytes come through. */
  readonly connection: Duplex;
  /** What was received of all clients together and is not done. */
  readonly received: Budget;
  readonly clock: Clock;
  /** Milliseconds in which a message that has begun must go on. */
  readonly readTimeout: number;
  /** Whether a message of so many bytes may be read now; else it waits here as it came, and no more is taken. */
  readonly hasRoomFor: (bytes: number) => boolean;
  readonly onMessage: (message: RawMessage) => void;
  /** More has come than may wait, with what came of others. */
  readonly onOverflow: () => void;
  /** A message was begun and does not go on. */
  readonly onStalled: () => void;
}

/**
 * What comes in over a socket. While its messages cannot be read, nothing more is taken from the connection, so that the
 * client waits with the rest; what had come by then stays as it came, which takes less memory than what is made of it.
 */
export class SocketInlet {
  readonly #options: SocketInletOptions;
  readonly #parked: RawMessage[] = [];
  readonly #share: Share;
  /** Bytes of a message that has not come whole, at the most. */
  #partial = 0;
  #partialCounted = 0;
  #hasMessage = false;
  #isDraining = false;
  #isPaused = false;
  #isOver = false;
  #watch: SilenceWatch | undefined;

  constructor(options: SocketInletOptions) {
    this.#options = options;
    this.#share = new Share(options.received);
    options.socket.on('message', (data, isBinary) => {
      this.#receive({ bytes: bytesOf(data), isBinary });
    });
    // Behind the socket's own listener: its messages of this chunk have come by then.
    options.connection.on('data', this.#onData);
  }

  /** Whether messages wait here, so that nothing can be heard of the client. */
  get isHeld(): boolean {
    return this.#parked.length > 0;
  }

  /** What waits here. */
  get load(): Amount {
    return { count: this.#parked.length, bytes: this.#share.bytes };
  }

  /** Reads on: there may be room again. */
  drain(): void {
    if (this.#isDraining) return;
    this.#isDraining = true;
    for (let next = this.#parked[0]; next !== undefined; next = this.#parked[0]) {
      if (!this.#options.hasRoomFor(next.bytes.length)) break;
      this.#parked.shift();
      this.#share.give(next.bytes.length);
      this.#options.onMessage(next);
    }
    this.#isDraining = false;
    if (!this.#isPaused || this.#isOver || this.#parked.length > 0) return;
    this.#isPaused = false;
    this.#options.socket.resume();
  }

  /** Takes nothing more, and forgets what waits here. */
  close(): void {
    this.#isOver = true;
    this.#options.connection.off('data', this.#onData);
    this.#watch?.stop();
    this.#parked.length = 0;
    this.#share.release();
  }

  #receive(message: RawMessage): void {
    this.#hasMessage = true;
    if (this.#isOver) return;
    if (this.#parked.length === 0 && this.#options.hasRoomFor(message.bytes.length)) {
      this.#options.onMessage(message);
      return;
    }
    if (!this.#share.take(message.bytes.length)) {
      this.#options.onOverflow();
      return;
    }
    this.#parked.push(message);
    this.#isPaused = true;
    this.#options.socket.pause();
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#partial = this.#hasMessage ? chunk.length : this.#partial + chunk.length;
    this.#hasMessage = false;
    this.#countPartial();
    this.#watchSender();
  };

  /** A short beginning counts for nothing: most chunks are whole messages. */
  #countPartial(): void {
    if (this.#partialCounted > 0) this.#share.give(this.#partialCounted);
    this.#partialCounted = 0;
    if (this.#isOver || this.#partial <= ALLOWANCE) return;
    if (this.#share.take(this.#partial)) this.#partialCounted = this.#partial;
    else this.#options.onOverflow();
  }

  /** Only a long message is watched: whoever sends nothing at all sends no heartbeat either. */
  #watchSender(): void {
    this.#watch?.note();
    if (this.#partialCounted === 0 || this.#watch !== undefined) return;
    const { clock, readTimeout, onStalled } = this.#options;
    this.#watch = new SilenceWatch({
      clock,
      timeout: readTimeout,
      onSilence: () => {
        this.#watch = undefined;
        if (this.#partialCounted > 0 && !this.isHeld) onStalled();
        return false;
      },
    });
  }
}

function bytesOf(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}
