import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { FrameCodec } from '../../../../src/protocol/wire/frame-codec.js';
import { jsonCodec } from '../../../../src/protocol/wire/frame-codec.js';
import type { Frame } from '../../../../src/protocol/wire/frames.js';
import { STORE, TOKEN } from '../running.js';

export const TOPIC = `store:${STORE}`;

const opened: WebSocket[] = [];

/** A client over a real WebSocket. */
export class SocketClient {
  readonly heard: Frame[] = [];
  /** The code the socket was closed with. */
  readonly closed: Promise<number>;
  #awaited: { readonly test: (frame: Frame) => boolean; readonly resolve: (frame: Frame) => void }[] = [];
  #ref = 0;

  constructor(
    readonly socket: WebSocket,
    readonly codec: FrameCodec,
  ) {
    socket.on('message', (data: Buffer, isBinary) => {
      this.#hear(codec.decode(isBinary ? data : data.toString()));
    });
    this.closed = once(socket, 'close').then(([code]: number[]) => code ?? 0);
  }

  send(event: string, payload: unknown, topic = TOPIC): string {
    const ref = String(++this.#ref);
    this.socket.send(this.codec.encode(['1', ref, topic, event, payload]));
    return ref;
  }

  async ask(event: string, payload: unknown = {}, topic = TOPIC): Promise<any> {
    const ref = this.send(event, payload, topic);
    const frame = await this.next((each) => each[1] === ref && each[3] === 'phx_reply');
    return frame[4];
  }

  async join(lastStoreSeq = 0): Promise<void> {
    const caughtUp = this.next((frame) => frame[3] === 'catch_up_complete');
    await this.ask('phx_join', { last_store_seq: lastStoreSeq });
    await caughtUp;
  }

  /** The next frame that passes, among those that have not come yet. */
  next(test: (frame: Frame) => boolean): Promise<Frame> {
    return new Promise((resolve) => this.#awaited.push({ test, resolve }));
  }

  #hear(frame: Frame): void {
    this.heard.push(frame);
    const [met, rest] = [true, false].map((passes) =>
      this.#awaited.filter(({ test }) => test(frame) === passes),
    );
    this.#awaited = rest ?? [];
    for (const { resolve } of met ?? []) resolve(frame);
  }
}

export function socketUrl(url: string, query: Readonly<Record<string, string | undefined>> = {}): URL {
  const target = new URL('/ws/sync/websocket', url.replace('http', 'ws'));
  const all = { token: TOKEN, device_id: 'dev', capver: '3', vsn: '2.0.0', ...query };
  for (const [name, value] of Object.entries(all)) {
    if (value !== undefined) target.searchParams.set(name, value);
  }
  return target;
}

export async function connect(
  url: string,
  { codec = jsonCodec, ...query }: { codec?: FrameCodec; token?: string; device_id?: string } = {},
): Promise<SocketClient> {
  const socket = new WebSocket(socketUrl(url, { ...query, vsn: codec.vsn }));
  opened.push(socket);
  const client = new SocketClient(socket, codec);
  await once(socket, 'open');
  return client;
}

/** With which status a socket is refused; 101 when it is not. */
export function statusOf(target: URL): Promise<number> {
  const socket = new WebSocket(target);
  opened.push(socket);
  socket.on('error', () => undefined);
  return new Promise((resolve) => {
    socket.once('open', () => {
      resolve(101);
    });
    socket.once('unexpected-response', (request, response) => {
      request.destroy();
      resolve(response.statusCode ?? 0);
    });
  });
}

/** To be called after each test, before the servers close. */
export function disconnectAll(): void {
  for (const socket of opened.splice(0)) socket.terminate();
}
