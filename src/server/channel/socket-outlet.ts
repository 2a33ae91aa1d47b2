import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { FrameCodec } from '../../protocol/frame-codec.js';
import type { Frame } from '../../protocol/frames.js';

/** Which part of the bound may be filled by a catch-up, which can wait: the rest is for what cannot. */
const SHARE_OF_CATCH_UP = 4;

/** What a {@link SocketOutlet} is made of. */
export interface SocketOutletOptions {
  readonly socket: WebSocket;
  /** What the socket's bytes go through. */
  readonly connection: Duplex;
  readonly codec: FrameCodec;
  /** Bytes that may wait to be read. */
  readonly bound: number;
}

/** What goes out over a socket, and how much of it waits to be read. */
export class SocketOutlet {
  readonly #options: SocketOutletOptions;
  readonly #waiting: (() => void)[] = [];
  #isGathering = false;

  constructor(options: SocketOutletOptions) {
    this.#options = options;
  }

  /** Sends a frame, of whatever size, unless more waits to be read than may. Returns whether it was sent. */
  send(frame: Frame): boolean {
    const { socket, codec, bound } = this.#options;
    if (socket.bufferedAmount > bound) return false;
    this.#gather();
    socket.send(codec.encode(frame), () => {
      this.#resume();
    });
    return true;
  }

  /** Whether so much waits to be read that a catch-up had better wait. */
  isCongested(): boolean {
    const { socket, bound } = this.#options;
    return socket.bufferedAmount * SHARE_OF_CATCH_UP > bound;
  }

  /** Calls `work` later, once little waits to be read; never after the socket's end. */
  whenDrained(work: () => void): void {
    if (this.isCongested()) this.#waiting.push(work);
    else setImmediate(work);
  }

  /** The frames of one turn of the event loop go to the system together: each of them alone would cost as much. */
  #gather(): void {
    if (this.#isGathering) return;
    const { connection } = this.#options;
    this.#isGathering = true;
    connection.cork();
    setImmediate(() => {
      this.#isGathering = false;
      connection.uncork();
    });
  }

  #resume(): void {
    if (this.#waiting.length === 0 || this.isCongested()) return;
    for (const work of this.#waiting.splice(0)) setImmediate(work);
  }
}
