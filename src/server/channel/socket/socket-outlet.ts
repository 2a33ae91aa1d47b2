import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { FrameCodec } from '../../../protocol/frame-codec.js';
import type { Frame } from '../../../protocol/frames.js';

/** Which part of the bound may be filled by a catch-up, which can wait: the rest is for what cannot. */
const SHARE_OF_CATCH_UP = 4;

/** Frames that go together at the most, so that a client works on some of its answers while others are made. */
const FRAMES_TOGETHER = 64;

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
  #gathered = 0;
  /** Bytes of snapshots that wait: each is one frame as long as its store, and says nothing of how the client reads. */
  #snapshotBytes = 0;

  constructor(options: SocketOutletOptions) {
    this.#options = options;
  }

  /** Sends a frame, of whatever size, unless more waits to be read than may. Returns whether it was sent. */
  send(frame: Frame): boolean {
    const { socket, codec, bound } = this.#options;
    if (socket.bufferedAmount - this.#snapshotBytes > bound) return false;
    this.#gather();
    const data = codec.encode(frame);
    const snapshotBytes = frame[3] === 'snapshot' ? Buffer.byteLength(data) : 0;
    this.#snapshotBytes += snapshotBytes;
    socket.send(data, () => {
      this.#snapshotBytes -= snapshotBytes;
      this.#resume();
    });
    if (this.#gathered === FRAMES_TOGETHER) this.#sendOff();
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
    this.#gathered++;
    if (this.#gathered > 1) return;
    this.#options.connection.cork();
    setImmediate(() => {
      this.#sendOff();
    });
  }

  #sendOff(): void {
    if (this.#gathered === 0) return;
    this.#gathered = 0;
    this.#options.connection.uncork();
  }

  #resume(): void {
    if (this.#waiting.length === 0 || this.isCongested()) return;
    for (const work of this.#waiting.splice(0)) setImmediate(work);
  }
}
