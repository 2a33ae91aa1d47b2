import type { Agent } from 'node:http';
import type * as Phoenix from 'phoenix';
import type { Message, Socket } from 'phoenix';
import type * as Ws from 'ws';
import type { FrameCodec } from '../../protocol/wire/frame-codec.js';
import type { LinkEnd } from '../connection/link.js';
import { endOf, isMessageTooLong, unreadable } from './link-ends.js';
import { WebSocketTransport } from './web-socket-transport.js';

/** How long a socket that is closed in order may take for it, in milliseconds. */
const CLOSE_TIMEOUT = 1000;

/** Where a socket leads, and what bounds it. */
export interface SocketSettings {
  /** The socket's url without its last part, `/websocket`, which phoenix appends. */
  readonly endPoint: string;
  /** The query of the url, but for the token. */
  readonly params: Readonly<Record<string, string>>;
  readonly codec: FrameCodec;
  /** Milliseconds between heartbeats, and as many until one counts as unanswered. */
  readonly heartbeatInterval: number;
  /** Milliseconds until the server must have accepted the socket. */
  readonly openTimeout: number;
  /** The longest message that is accepted, in bytes. */
  readonly maxPayload: number;
  /** What the proxy that the socket goes through is called in messages. */
  readonly proxyName?: string | undefined;
}

/** What a connection tells. Nothing after `onEnd`. */
export interface ConnectionHandlers {
  onOpen(): void;
  onMessage(message: Message): void;
  /** A message was longer than the server takes; `onEnd` follows. */
  onTooLong(): void;
  onEnd(end: LinkEnd): void;
}

/** The packages that a connection is made with. */
export interface Packages {
  readonly phoenix: typeof Phoenix;
  readonly ws: typeof Ws;
}

/** What one connection needs beside its settings. */
export interface Prepared extends Packages {
  readonly token: string;
  /** Digs the tunnel through a proxy. */
  readonly agent?: Agent | undefined;
}

/** Browsers' phoenix notes in the session's storage that it should poll; this one never does. */
const NO_STORAGE = { getItem: () => null, setItem: () => undefined };

/**
 * One phoenix socket over one WebSocket, for as long as that lasts: from a transport that has ended nothing is heard. Phoenix counts
 * references, sends heartbeats and waits for their replies; it is disconnected before it could reconnect, and it has nothing to poll with.
 */
export class PhoenixConnection {
  readonly #socket: Socket;
  readonly #handlers: ConnectionHandlers;
  #transport: WebSocketTransport | undefined;

  /** Begins to connect. */
  constructor(
    { phoenix, ws, token, agent }: Prepared,
    settings: SocketSettings,
    handlers: ConnectionHandlers,
  ) {
    const { endPoint, params, codec, heartbeatInterval, openTimeout, maxPayload, proxyName } = settings;
    const bounds = {
      handshakeTimeout: openTimeout,
      closeTimeout: CLOSE_TIMEOUT,
      maxPayload,
      perMessageDeflate: false,
      agent,
    };
    const adopt = (transport: WebSocketTransport): void => {
      this.#transport = transport;
    };
    const fail = (end: LinkEnd): void => {
      this.#fail(end);
    };
    class Transport extends WebSocketTransport {
      constructor(url: string) {
        super(new ws.WebSocket(url, bounds), (fault) => {
          if (isMessageTooLong(fault)) handlers.onTooLong();
          fail(endOf(fault, proxyName));
        });
        adopt(this);
      }
    }
    this.#handlers = handlers;
    this.#socket = new phoenix.Socket(endPoint, {
      transport: Transport,
      params: { ...params, token },
      vsn: codec.vsn,
      heartbeatIntervalMs: heartbeatInterval,
      sessionStorage: NO_STORAGE,
      encode: ({ join_ref = null, ref, topic, event, payload }, callback) => {
        callback(codec.encode([join_ref, ref, topic, event, payload]));
      },
      decode: (data, callback) => {
        const message = this.#decode(codec, data);
        if (message !== undefined) callback(message);
      },
    });
    this.#socket.onOpen(() => {
      handlers.onOpen();
    });
    this.#socket.onMessage((message) => {
      handlers.onMessage(message);
    });
    this.#socket.connect();
  }

  /** A reference that no other message of this connection has. */
  makeRef(): string {
    return this.#socket.makeRef();
  }

  /** Sends a message over the open connection. Throws what the codec throws. */
  send(message: Message): void {
    this.#socket.push(message);
  }

  /** Takes nothing more from the network until it is told otherwise. */
  hold(isHeld: boolean): void {
    this.#transport?.hold(isHeld);
  }

  /** Ends the connection when what was sent has left, or a moment later; `onEnd` is not called. */
  finish(): void {
    this.#transport?.finish();
    this.#socket.disconnect();
  }

  /** Ends the connection at once; `onEnd` is not called. */
  drop(): void {
    this.#transport?.drop();
    this.#socket.disconnect();
  }

  #decode(codec: FrameCodec, data: string | Uint8Array): Message | undefined {
    try {
      const [join_ref, ref, topic, event, payload] = codec.decode(data);
      return { join_ref, ref, topic, event, payload };
    } catch (error) {
      this.#fail(unreadable(error));
      return undefined;
    }
  }

  #fail(end: LinkEnd): void {
    this.drop();
    this.#handlers.onEnd(end);
  }
}
