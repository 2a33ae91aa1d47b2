import { headers } from '@nats-io/transport-node';
import type {
  NatsClient,
  NatsConnectOptions,
  NatsDriver,
} from '../../../../../src/cluster/logs/nats/driver.js';
import type { Answer } from './fake-stream.js';
import { FakeStream, refused } from './fake-stream.js';

/** What becomes of a request: it does not arrive, its answer does not, or nothing ever comes of it. */
export type Fate = 'lost' | 'unanswered' | 'silent' | Answer | undefined;

const NO_STREAM = refused(10_059, 'stream not found');

function failed(name: string): Error {
  return Object.assign(new Error(name), { name });
}

/** Servers of NATS without a network, and a driver that connects to them. */
export class FakeNats implements NatsDriver {
  readonly streams = new Map<string, FakeStream>();
  /** What was asked of each server, without the payloads. */
  readonly asked: string[] = [];
  readonly connects: NatsConnectOptions[] = [];
  /** The servers that take no connection. */
  readonly down = new Set<string>();
  readonly clients = new Set<FakeClient>();
  info: { max_payload: number; cluster?: string } = { max_payload: 1_048_576 };
  now = 1_000_000;
  /** What connecting waits for. */
  connecting: Promise<unknown> = Promise.resolve();
  /** Decides over each request. */
  fateOf: (subject: string, server: string) => Fate = () => undefined;
  readonly headers = headers;

  async connect(options: NatsConnectOptions): Promise<NatsClient> {
    this.connects.push(options);
    await this.connecting;
    const server = options.servers.find((each) => !this.down.has(each));
    if (server === undefined) throw failed('ConnectionError');
    const client = new FakeClient(this, server);
    this.clients.add(client);
    return client;
  }

  /** All connections end. */
  cut(): void {
    for (const client of this.clients) void client.close();
  }

  answer(
    subject: string,
    payload: Uint8Array | string,
    given: ReturnType<typeof headers> | undefined,
  ): Answer {
    const [, op = '', name = ''] = /^\$JS\.API\.(.*)\.([^.]+)$/.exec(subject) ?? [];
    if (op === '') return this.#publish(subject, Buffer.from(payload), given);
    const request = JSON.parse(String(payload)) as Record<string, never>;
    if (op === 'STREAM.CREATE') {
      this.streams.set(name, new FakeStream(request));
      return {};
    }
    const stream = this.streams.get(name);
    if (stream === undefined) return NO_STREAM;
    if (op === 'STREAM.INFO') return stream.info(request.subjects_filter);
    if (op === 'STREAM.PURGE') return stream.purge(request);
    return stream.message(request);
  }

  tell(subject: string, text: string): void {
    for (const client of this.clients) client.hear(subject, text);
  }

  #publish(subject: string, bytes: Uint8Array, given: ReturnType<typeof headers> | undefined): Answer {
    const stream = [...this.streams.values()].find(({ config }) =>
      (config.subjects as string[]).some((own) =>
        own.endsWith('.>') ? subject.startsWith(own.slice(0, -1)) : own === subject,
      ),
    );
    if (stream === undefined) throw failed('NoResponders');
    if (given?.get('Nats-Expected-Stream') !== stream.config.name) {
      return refused(10_060, 'expected stream does not match');
    }
    const isFirst = given?.get('Nats-Expected-Last-Subject-Sequence') === '0';
    return stream.publish(subject, bytes, isFirst, this.now);
  }
}

class FakeClient implements NatsClient {
  readonly info;
  readonly #nats: FakeNats;
  readonly #server: string;
  readonly #listeners = new Map<string, (error: null, message: { data: Uint8Array }) => void>();
  readonly #ended: Promise<undefined>;
  #end: () => void = () => undefined;
  #isClosed = false;

  constructor(nats: FakeNats, server: string) {
    this.#nats = nats;
    this.#server = server;
    this.info = nats.info;
    this.#ended = new Promise((resolve) => {
      this.#end = () => {
        resolve(undefined);
      };
    });
  }

  async request(
    subject: string,
    payload: Uint8Array | string,
    { headers: given }: { timeout: number; headers?: ReturnType<typeof headers> },
  ): Promise<{ data: Uint8Array }> {
    this.#assertOpen();
    this.#nats.asked.push(subject);
    const fate = this.#nats.fateOf(subject, this.#server);
    await Promise.resolve();
    if (fate === 'silent') await new Promise(() => undefined);
    if (fate === 'lost') throw failed('TimeoutError');
    const answer = typeof fate === 'object' ? fate : this.#nats.answer(subject, payload, given);
    await Promise.resolve();
    if (fate === 'unanswered') throw failed('TimeoutError');
    this.#assertOpen();
    return { data: Buffer.from(JSON.stringify(answer)) };
  }

  publish(subject: string, text: string): void {
    this.#assertOpen();
    this.#nats.tell(subject, text);
  }

  subscribe(
    subject: string,
    { callback }: { callback: (error: null, message: { data: Uint8Array }) => void },
  ): void {
    this.#listeners.set(subject, callback);
  }

  hear(subject: string, text: string): void {
    this.#listeners.get(subject)?.(null, { data: Buffer.from(text) });
  }

  closed(): Promise<undefined> {
    return this.#ended;
  }

  close(): Promise<void> {
    this.#isClosed = true;
    this.#nats.clients.delete(this);
    this.#end();
    return Promise.resolve();
  }

  #assertOpen(): void {
    if (this.#isClosed) throw failed('ClosedConnectionError');
  }
}
