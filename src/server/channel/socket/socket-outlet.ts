import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Clock } from '../../../clock.js';
import type { Budget } from '../../../protocol/requests/budget.js';
import { Share } from '../../../protocol/requests/budget.js';
import type { FrameCodec } from '../../../protocol/wire/frame-codec.js';
import type { Frame } from '../../../protocol/wire/frames.js';
import { aroundPayload } from '../../../protocol/wire/snapshot-pieces.js';
import { EncodedSnapshot } from '../catch-up/shared-snapshots.js';
import type { Amount } from '../../metrics/channel-load.js';
import { SilenceWatch } from '../silence-watch.js';
import { PiecewiseMessage } from './piecewise-message.js';

/** Which part of the bound may be filled by a catch-up, which can wait: the rest is for what cannot. */
const SHARE_OF_CATCH_UP = 1 / 4;

/** Which part of what may wait for all clients leaves room for catch-ups. */
const SHARE_OF_ALL = 1 / 2;

/** What may always wait for a client, in bytes, however much waits for others. */
const ALLOWANCE = 64 * 1024;

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
  /** What waits to be read by all clients together. */
  readonly unread: Budget;
  readonly clock: Clock;
  /** Milliseconds in which the client must take something of what waits for it. */
  readonly readTimeout: number;
  /** The client has taken nothing for so long. */
  readonly onStalled: () => void;
}

/** What is to be sent: a frame, with the bytes of it that count, or a snapshot. */
type Outgoing = { readonly data: string | Uint8Array; readonly counted: number } | PiecewiseMessage;

/**
 * What goes out over a socket, and how much of it waits to be read. A snapshot goes piece by piece as it is read, whatever
 * its length: its bytes are shared with all who are sent it and count for nobody, and what is sent behind it waits here.
 */
export class SocketOutlet {
  readonly #options: SocketOutletOptions;
  readonly #counted: Share;
  readonly #waiting: (() => void)[] = [];
  #inPieces: PiecewiseMessage | undefined;
  /** Bytes of the piece that is on its way. */
  #pieceBytes = 0;
  #behind: Outgoing[] = [];
  #behindBytes = 0;
  #underWay = 0;
  #gathered = 0;
  #watch: SilenceWatch | undefined;

  constructor(options: SocketOutletOptions) {
    this.#options = options;
    this.#counted = new Share(options.unread);
  }

  /** Sends a frame, of whatever size, unless more waits to be read than may. Returns whether it was sent. */
  send(frame: Frame): boolean {
    const { codec, bound } = this.#options;
    const waiting = this.#waitingBytes;
    if (waiting > bound) return false;
    const [, , , , payload] = frame;
    if (payload instanceof EncodedSnapshot) {
      this.#put(new PiecewiseMessage(payload.pieces, aroundPayload(codec, frame)));
      return true;
    }
    const data = codec.encode(frame);
    const bytes = Buffer.byteLength(data);
    const isCounted = this.#counted.take(bytes);
    if (!isCounted && waiting + bytes > ALLOWANCE) return false;
    this.#put({ data, counted: isCounted ? bytes : 0 });
    return true;
  }

  /** Whether so much waits to be read that a catch-up had better wait. */
  isCongested(): boolean {
    const { bound, unread } = this.#options;
    const waiting = this.#waitingBytes;
    return (
      this.#inPieces !== undefined ||
      waiting > bound * SHARE_OF_CATCH_UP ||
      (waiting > ALLOWANCE && unread.isFilledBeyond(SHARE_OF_ALL))
    );
  }

  /** Calls `work` later, once little waits to be read; never after the socket's end. */
  whenDrained(work: () => void): void {
    if (this.isCongested()) this.#waiting.push(work);
    else setImmediate(work);
  }

  /** What waits: messages that are on their way to the system or behind a snapshot, and their bytes. */
  get load(): Amount {
    return { count: this.#underWay + this.#behind.length, bytes: this.#waitingBytes };
  }

  /** The socket is gone: nothing waits any more. */
  close(): void {
    this.#counted.release();
    this.#watch?.stop();
    this.#waiting.length = 0;
    this.#inPieces = undefined;
  }

  /** Bytes that wait, but for those of snapshots. */
  get #waitingBytes(): number {
    return this.#options.socket.bufferedAmount - this.#pieceBytes + this.#behindBytes;
  }

  #put(outgoing: Outgoing): void {
    if (this.#inPieces === undefined) {
      this.#sendNow(outgoing);
      return;
    }
    this.#behind.push(outgoing);
    this.#behindBytes += lengthOf(outgoing);
  }

  #sendNow(outgoing: Outgoing): void {
    if (outgoing instanceof PiecewiseMessage) {
      this.#inPieces = outgoing;
      this.#sendPiece();
      return;
    }
    this.#gather();
    this.#send(outgoing.data, {}, () => {
      if (outgoing.counted > 0) this.#counted.give(outgoing.counted);
      this.#resume();
    });
    if (this.#gathered === FRAMES_TOGETHER) this.#sendOff();
  }

  /** One piece at a time: the next when the system has taken this one. */
  #sendPiece(): void {
    const piece = this.#inPieces?.take();
    if (piece === undefined) return;
    const { data, isLast } = piece;
    this.#pieceBytes = data.length;
    this.#send(data, { fin: isLast, binary: this.#options.codec.vsn === '3.0.0' }, () => {
      this.#pieceBytes = 0;
      if (!isLast) this.#sendPiece();
      else if (this.#inPieces !== undefined) this.#goOnBehind();
      this.#resume();
    });
  }

  /** The snapshot is sent: now what came behind it, up to the next one. */
  #goOnBehind(): void {
    this.#inPieces = undefined;
    const behind = this.#behind;
    this.#behind = [];
    this.#behindBytes = 0;
    for (const outgoing of behind) this.#put(outgoing);
  }

  #send(data: string | Uint8Array, options: { fin?: boolean; binary?: boolean }, taken: () => void): void {
    this.#watchReader();
    this.#underWay++;
    this.#options.socket.send(data, options, () => {
      this.#underWay--;
      this.#watch?.note();
      taken();
    });
  }

  #watchReader(): void {
    const { clock, readTimeout, onStalled } = this.#options;
    if (this.#watch !== undefined && this.#underWay > 0) return;
    // It was quiet: time counts from now on.
    this.#watch?.note();
    this.#watch ??= new SilenceWatch({
      clock,
      timeout: readTimeout,
      onSilence: () => {
        this.#watch = undefined;
        if (this.#underWay > 0) onStalled();
        return false;
      },
    });
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

function lengthOf(outgoing: Outgoing): number {
  return outgoing instanceof PiecewiseMessage ? 0 : Buffer.byteLength(outgoing.data);
}
