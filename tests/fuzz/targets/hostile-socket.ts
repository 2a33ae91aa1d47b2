import { EventEmitter } from 'node:events';
import * as phoenix from 'phoenix';
import type * as Ws from 'ws';
import type { Packages } from '../../../src/sync/phoenix/phoenix-connection.js';

const [CONNECTING, OPEN, CLOSED] = [0, 1, 3];

/** A WebSocket without a network, whose other end is `onSend`. */
export class HostileSocket extends EventEmitter {
  readyState = CONNECTING;
  readonly bufferedAmount = 0;
  readonly #onSend: (data: Buffer) => void;

  constructor(onSend: (data: Buffer) => void) {
    super();
    this.#onSend = onSend;
  }

  open(): void {
    this.readyState = OPEN;
    this.emit('upgrade', { socket: { cork: () => undefined, uncork: () => undefined } });
    this.emit('open');
  }

  /** Says something to the client, unless it is gone. */
  say(bytes: Uint8Array, isBinary: boolean): void {
    if (this.readyState === OPEN) this.emit('message', Buffer.from(bytes), isBinary);
  }

  send(data: Uint8Array): void {
    this.#onSend(Buffer.from(data));
  }

  close(): void {
    this.readyState = CLOSED;
    this.emit('close', 1000);
  }

  terminate(): void {
    this.close();
  }
}

/** The packages of a link, with sockets that lead to `create` instead of a network. */
export function packagesWith(create: () => HostileSocket): Packages {
  function WebSocket(): HostileSocket {
    return create();
  }
  return { phoenix, ws: { WebSocket } as unknown as typeof Ws };
}
