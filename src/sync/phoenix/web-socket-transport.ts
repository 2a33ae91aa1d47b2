import type { Socket } from 'node:net';
import type { TransportInstance } from 'phoenix';
import type { RawData, WebSocket } from 'ws';

/** A WebSocket's states, as far as phoenix asks. */
const OPEN = 1;
const CLOSED = 3;

/** What ended a WebSocket: a refused upgrade, an error with its code, or a close. */
export type SocketFault =
  | { readonly kind: 'upgrade'; readonly status: number | undefined; readonly isOfProxy: boolean }
  | { readonly kind: 'error'; readonly error: Error }
  | { readonly kind: 'close'; readonly code: number }
  | { readonly kind: 'heartbeat' };

/**
 * A `ws` socket as phoenix sees it. Its end is told to `onFault` and not to phoenix, which would begin to reconnect:
 * whoever hears of the fault drops this and disconnects phoenix, and by then this reads as closed, so that phoenix waits for nothing.
 */
export class WebSocketTransport implements TransportInstance {
  onopen: TransportInstance['onopen'] = null;
  onmessage: TransportInstance['onmessage'] = null;
  onerror: TransportInstance['onerror'] = null;
  onclose: TransportInstance['onclose'] = null;
  readonly #webSocket: WebSocket;
  readonly #onFault: (fault: SocketFault) => void;
  #tcp: Socket | undefined;
  #isGathering = false;
  #hasEnded = false;

  constructor(webSocket: WebSocket, onFault: (fault: SocketFault) => void) {
    this.#webSocket = webSocket;
    this.#onFault = onFault;
    webSocket.on('upgrade', ({ socket }) => {
      this.#tcp = socket;
    });
    webSocket.on('open', () => this.onopen?.());
    webSocket.on('message', (data, isBinary) => {
      this.#receive(data, isBinary);
    });
    webSocket.on('unexpected-response', (_request, response) => {
      response.resume();
      // A proxy's refusal to dig a tunnel comes on a socket that stands for none.
      const isOfProxy = response.socket.remoteAddress === undefined;
      this.#end({ kind: 'upgrade', status: response.statusCode, isOfProxy });
    });
    // Stays for good: a socket that is terminated while it connects emits one more error.
    webSocket.on('error', (error) => {
      this.#end({ kind: 'error', error });
    });
    webSocket.on('close', (code) => {
      this.#end({ kind: 'close', code });
    });
  }

  get readyState(): number {
    return this.#hasEnded ? CLOSED : this.#webSocket.readyState;
  }

  get bufferedAmount(): number {
    return this.#hasEnded ? 0 : this.#webSocket.bufferedAmount;
  }

  /** What is sent in one turn of the event loop travels together: pushes come in bursts, as their replies do. */
  send(data: string | Uint8Array): void {
    if (this.readyState !== OPEN) return;
    this.#gather();
    const isText = typeof data === 'string';
    // As bytes a frame goes out in one piece, as a text in two.
    this.#webSocket.send(isText ? Buffer.from(data) : data, { binary: !isText });
  }

  /** Takes nothing more from the network until it is told otherwise. */
  hold(isHeld: boolean): void {
    if (isHeld) this.#webSocket.pause();
    else this.#webSocket.resume();
  }

  /** Phoenix closes by itself only when a heartbeat went unanswered. */
  close(): void {
    this.#end({ kind: 'heartbeat' });
  }

  /** Ends the connection once what was sent has left, or a moment later. Nothing is heard from it any more. */
  finish(): void {
    this.#hasEnded = true;
    this.#webSocket.close();
  }

  #gather(): void {
    if (this.#isGathering) return;
    this.#isGathering = true;
    this.#tcp?.cork();
    process.nextTick(() => {
      this.#isGathering = false;
      this.#tcp?.uncork();
    });
  }

  #receive(data: RawData, isBinary: boolean): void {
    if (this.#hasEnded) return;
    const bytes = bytesOf(data);
    this.onmessage?.({ data: isBinary ? bytes : bytes.toString() });
  }

  #end(fault: SocketFault): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#onFault(fault);
  }

  /** Ends the connection at once. Nothing is heard from it any more. */
  drop(): void {
    this.#hasEnded = true;
    this.#webSocket.terminate();
  }
}

function bytesOf(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}
