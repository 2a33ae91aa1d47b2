import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WebSocket } from 'ws';
import { WebSocketServer } from 'ws';
import type { FrameCodec } from '../../../../src/protocol/wire/frame-codec.js';
import { jsonCodec } from '../../../../src/protocol/wire/frame-codec.js';
import type { Frame } from '../../../../src/protocol/wire/frames.js';

/** What a join that succeeds is answered with. */
export const JOINED = {
  store_seq: 7,
  capver: 3,
  capver_min: 3,
  permissions: { read: true, write: true },
  scopes: ['entries:read'],
  store_access: { mode: 'all', store_ids: [] },
};

/** One client of a scripted server. */
export class Client {
  readonly query: URLSearchParams;
  readonly frames: Frame[] = [];
  readonly socket: WebSocket;
  readonly #codec: FrameCodec;

  constructor(socket: WebSocket, request: IncomingMessage, codec: FrameCodec) {
    this.socket = socket;
    this.#codec = codec;
    this.query = new URL(request.url ?? '', 'http://x').searchParams;
  }

  send(...frames: readonly Frame[]): void {
    // In one write, so that they arrive together.
    const { _socket: tcp } = this.socket as unknown as { _socket: { cork(): void; uncork(): void } };
    tcp.cork();
    for (const frame of frames) this.socket.send(this.#codec.encode(frame));
    tcp.uncork();
  }

  reply([joinRef, ref, topic]: Frame, status: 'ok' | 'error', response: object): void {
    this.send([joinRef, ref, topic, 'phx_reply', { status, response }]);
  }
}

/** How a scripted server answers a frame; heartbeats are answered before. */
export type Script = (client: Client, frame: Frame) => void;

/** Joins everybody and says nothing else. */
export const joinsAll: Script = (client, frame) => {
  if (frame[3] === 'phx_join') client.reply(frame, 'ok', JOINED);
};

export interface ScriptedServerOptions {
  readonly codec?: FrameCodec;
  /** The status that upgrades are refused with. */
  readonly refuse?: number;
  readonly answersHeartbeats?: boolean;
}

/** A WebSocket server on a free port that answers as a test says. */
export class ScriptedServer {
  readonly clients: Client[] = [];
  readonly port: number;
  readonly #close: () => Promise<void>;

  private constructor(port: number, close: () => Promise<void>) {
    this.port = port;
    this.#close = close;
  }

  static async open(script: Script = joinsAll, options: ScriptedServerOptions = {}): Promise<ScriptedServer> {
    const { codec = jsonCodec, refuse, answersHeartbeats = true } = options;
    const http = createServer();
    const sockets = new WebSocketServer({ noServer: true });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    const server = new ScriptedServer((http.address() as AddressInfo).port, async () => {
      for (const { socket } of server.clients) socket.terminate();
      await new Promise((resolve) => {
        http.close(resolve);
        http.closeAllConnections();
      });
    });
    http.on('upgrade', (request, tcp, head) => {
      if (refuse !== undefined) {
        tcp.end(`HTTP/1.1 ${refuse} No\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
        return;
      }
      sockets.handleUpgrade(request, tcp, head, (socket) => {
        const client = new Client(socket, request, codec);
        server.clients.push(client);
        socket.on('error', () => undefined);
        socket.on('message', (data: Buffer, isBinary: boolean) => {
          const frame = codec.decode(isBinary ? data : data.toString());
          client.frames.push(frame);
          if (frame[3] !== 'heartbeat') script(client, frame);
          else if (answersHeartbeats) client.reply(frame, 'ok', {});
        });
      });
    });
    return server;
  }

  get url(): string {
    return `ws://127.0.0.1:${this.port}/ws/sync/websocket`;
  }

  close(): Promise<void> {
    return this.#close();
  }
}
