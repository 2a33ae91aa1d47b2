import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import type { WebSocket } from 'ws';
import { WebSocketServer } from 'ws';
import type { ServerParts } from '../../environment.js';
import type { ChannelLoad } from '../../metrics/channel-load.js';
import { noLoad } from '../../metrics/channel-load.js';
import type { AddLoad } from './serve-socket.js';
import { serveSocket } from './serve-socket.js';
import { clientOf } from './upgrade.js';

/** The code with which a server takes its leave (RFC 6455, §7.4.1). */
const GOING_AWAY = 1001;

/** Milliseconds that clients have to answer a farewell. */
const FAREWELL_TIME = 2_000;

const STATUS_TEXT = {
  403: 'Forbidden',
  404: 'Not Found',
  429: 'Too Many Requests',
  503: 'Service Unavailable',
} as const;

/** The channel of a server: the sockets that its HTTP server is asked for (PROTOCOL §4). */
export class ChannelServer {
  readonly #parts: ServerParts;
  readonly #sockets: WebSocketServer;
  readonly #open = new Map<WebSocket, AddLoad>();
  #closing: Promise<void> | undefined;

  constructor(parts: ServerParts) {
    this.#parts = parts;
    this.#sockets = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: parts.bounds.body,
    });
  }

  /** Opens the socket that a request asks for, or answers why not. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // Until the handshake is made, nobody else hears of a connection that breaks.
    const ignore = (): void => undefined;
    socket.on('error', ignore);
    const isEnding = this.#closing !== undefined || this.#parts.phase.isDraining;
    const client = isEnding ? 503 : clientOf(request, this.#parts.entrance);
    if (typeof client === 'number') {
      refuse(socket, client);
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (opened) => {
      socket.off('error', ignore);
      opened.once('close', () => this.#open.delete(opened));
      this.#open.set(opened, serveSocket(opened, socket, client, this.#parts));
    });
  }

  /** What all connections carry just now. */
  load(): ChannelLoad {
    const load = noLoad();
    load.sockets = this.#open.size;
    for (const addTo of this.#open.values()) addTo(load);
    return load;
  }

  /**
   * Opens no more sockets, lets the writes under way be answered, and says goodbye to all clients; resolves when they are
   * gone, and cuts off those that do not answer within two seconds. Calling it again waits along.
   */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await Promise.all([...this.#parts.stores.values()].map((store) => store.settled()));
    // The last answers are still on their way to the sockets.
    await turnOfTheLoop();
    const gone = [...this.#open.keys()].map(
      (socket) =>
        new Promise<void>((resolve) => {
          socket.once('close', () => {
            resolve();
          });
          socket.close(GOING_AWAY, 'the server is closing');
        }),
    );
    const callOff = this.#parts.clock.schedule(
      () => {
        for (const socket of this.#open.keys()) socket.terminate();
      },
      FAREWELL_TIME,
      { keepAlive: true },
    );
    await Promise.all(gone);
    callOff();
  }
}

function refuse(socket: Duplex, status: keyof typeof STATUS_TEXT): void {
  const text = STATUS_TEXT[status];
  socket.once('finish', () => {
    socket.destroy();
  });
  socket.end(
    `HTTP/1.1 ${status} ${text}\r\nConnection: close\r\nContent-Type: text/plain\r\n` +
      `Content-Length: ${text.length}\r\n\r\n${text}`,
  );
}
