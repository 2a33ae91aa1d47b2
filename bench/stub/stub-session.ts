import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import type { FrameCodec } from '../../src/protocol/wire/frame-codec.js';
import type { Frame } from '../../src/protocol/wire/frames.js';
import { parsePath } from '../../src/protocol/paths/path.js';
import { leafNumber } from './leaves.js';
import { webSocketFrames } from './web-socket-frames.js';

const PAGE_SIZE = 1000;
/** Answers that travel together, so that the client works on some while others are made. */
const ANSWERS_TOGETHER = 32;

interface Write {
  readonly op: string;
  readonly path: string;
  readonly path_segments: readonly string[];
  readonly value?: unknown;
  readonly client_op_id: string;
}

/** A store that remembers nothing: it counts, agrees to everything, and says so as a server does (PROTOCOL §4). */
export class StubSession {
  readonly #socket: WebSocket;
  readonly #tcp: Socket;
  readonly #codec: FrameCodec;
  readonly #leaves: number;
  #storeSeq: number;
  #topic = '';
  #joinRef: string | null = null;
  /** Writes that are to wait for their answers; undefined when none is. */
  #held: [ref: string | null, write: Write][] | undefined;
  /** Answers that have not been sent off yet. */
  #gathered = 0;

  /** @param storeSeq how many operations there are; the n-th wrote the leaf n, modulo `leaves` */
  constructor(socket: WebSocket, tcp: Socket, codec: FrameCodec, storeSeq: number, leaves: number) {
    this.#socket = socket;
    this.#tcp = tcp;
    this.#codec = codec;
    this.#storeSeq = storeSeq;
    this.#leaves = leaves;
  }

  receive(data: Buffer, isBinary: boolean): void {
    const [joinRef, ref, topic, event, payload] = this.#codec.decode(isBinary ? data : data.toString());
    switch (event) {
      case 'phx_join':
        this.#topic = topic;
        this.#joinRef = joinRef;
        this.#reply(ref, joined(this.#storeSeq));
        void this.#catchUp((payload as { last_store_seq: number }).last_store_seq);
        return;
      case 'write':
        if (this.#held === undefined) this.#answer(ref, payload as Write);
        else this.#held.push([ref, payload as Write]);
        return;
      case 'status':
        this.#reply(ref, { current_seq: this.#storeSeq });
        return;
      case 'heartbeat':
        this.#send([null, ref, topic, 'phx_reply', { status: 'ok', response: {} }]);
        return;
      default:
        this.#reply(ref, {});
    }
  }

  /** Answers no write until {@link release}. */
  hold(): void {
    this.#held = [];
  }

  /** Answers the writes that wait. Returns how many they were. */
  release(): number {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const [ref, write] of held) this.#answer(ref, write);
    return held.length;
  }

  /** Broadcasts so many operations of another client's, no faster than they are read; resolves when all are on their way. */
  async broadcast(count: number): Promise<void> {
    const last = this.#storeSeq + count;
    while (this.#storeSeq < last && this.#socket.readyState === this.#socket.OPEN) {
      const pageEnd = Math.min(last, this.#storeSeq + PAGE_SIZE);
      const page: Frame[] = [];
      while (this.#storeSeq < pageEnd) {
        page.push([null, null, this.#topic, 'event', this.#made(++this.#storeSeq)]);
      }
      await this.#sendPage(page);
    }
  }

  async #catchUp(after: number): Promise<void> {
    const through = this.#storeSeq;
    for (let seq = after; seq < through && this.#socket.readyState === this.#socket.OPEN;) {
      const pageEnd = Math.min(through, seq + PAGE_SIZE);
      const page: Frame[] = [];
      while (seq < pageEnd) page.push([this.#joinRef, null, this.#topic, 'event', this.#made(++seq)]);
      await this.#sendPage(page);
    }
    this.#send([this.#joinRef, null, this.#topic, 'catch_up_complete', { through_seq: through }]);
  }

  #answer(ref: string | null, { op, path, path_segments, value = null, client_op_id }: Write): void {
    this.#gather();
    const store_seq = ++this.#storeSeq;
    const event = { store_seq, op, path, path_segments, value, device_id: 'bench', client_op_id };
    if (op === 'lease') {
      this.#send([null, null, this.#topic, 'event', { ...event, value: { _type: 'lease' } }]);
      this.#reply(ref, { store_seq, token: store_seq, expires_at: 0, holder: null });
    } else {
      this.#send([null, null, this.#topic, 'event', event]);
      this.#reply(ref, { store_seq });
    }
    if (++this.#gathered === ANSWERS_TOGETHER) this.#sendOff();
  }

  #gather(): void {
    if (this.#gathered > 0) return;
    this.#tcp.cork();
    setImmediate(() => {
      this.#sendOff();
    });
  }

  #sendOff(): void {
    if (this.#gathered === 0) return;
    this.#gathered = 0;
    this.#tcp.uncork();
  }

  #made(store_seq: number): object {
    const { path, value } = leafNumber((store_seq - 1) % this.#leaves);
    const client_op_id = `other:${store_seq}`;
    return {
      store_seq,
      op: 'set',
      path,
      path_segments: parsePath(path),
      value,
      device_id: 'other',
      client_op_id,
    };
  }

  #reply(ref: string | null, response: object): void {
    this.#send([this.#joinRef, ref, this.#topic, 'phx_reply', { status: 'ok', response }]);
  }

  #send(frame: Frame): void {
    this.#socket.send(this.#codec.encode(frame));
  }

  /** Sends frames as one piece, past the WebSocket, which would spend more on them than the client does. */
  #sendPage(frames: readonly Frame[]): Promise<void> {
    const encoded = frames.map((frame) => this.#codec.encode(frame));
    const hasRoom = this.#tcp.write(webSocketFrames(encoded));
    return new Promise((resolve) => {
      if (hasRoom) setImmediate(resolve);
      else this.#tcp.once('drain', resolve);
    });
  }
}

function joined(store_seq: number): object {
  return {
    store_seq,
    capver: 3,
    capver_min: 3,
    permissions: { read: true, write: true },
    scopes: ['entries:read', 'entries:write'],
    store_access: { mode: 'all', store_ids: [] },
  };
}
