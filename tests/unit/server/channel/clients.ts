import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import type { Frame } from '../../../../src/protocol/wire/frames.js';
import { topicOf } from '../../../../src/protocol/wire/frames.js';
import { ChannelSession } from '../../../../src/server/channel/index.js';
import type { AccessToken, DustServerOptions } from '../../../../src/server/index.js';
import { serverParts } from '../../../../src/server/server-parts.js';
import type { LogLimits, WriteReceipt } from '../../../../src/store/index.js';
import { Store, createMemoryStorage } from '../../../../src/store/index.js';
import { TestClock } from '../../../../src/testing/index.js';

export const NAME = 'acme/demo';
export const TOPIC = topicOf(NAME);
export const TOKEN = 'the-token-of-these-tests';

/** A client of a session without a socket. */
export class Client {
  readonly session: ChannelSession;
  /** All frames so far. */
  readonly heard: Frame[] = [];
  ended = false;
  isCongested = false;
  /** Whether messages that arrive wait for {@link takeUp}. */
  holdsMessages = false;
  readonly #held: (() => void)[] = [];
  readonly #pages: (() => void)[];
  #ref = 0;

  constructor(
    parts: ReturnType<typeof serverParts>,
    pages: (() => void)[],
    token: string,
    readonly deviceId: string,
  ) {
    const access = parts.tokens.find(token);
    if (access === undefined) throw new Error('no such token');
    this.#pages = pages;
    this.session = new ChannelSession({
      parts,
      access,
      deviceId,
      send: (frame) => {
        this.heard.push(JSON.parse(JSON.stringify(frame)));
      },
      end: () => {
        this.ended = true;
      },
      turns: {
        betweenPages: (work) => {
          this.#pages.push(work);
        },
        isCongested: () => this.isCongested,
        forMessage: (work) => {
          if (this.holdsMessages) this.#held.push(work);
          else work();
        },
      },
    });
  }

  /** Joins the store without waiting for the catch-up. */
  join(lastStoreSeq: unknown = 0, topic = TOPIC): string {
    const ref = this.#nextRef();
    this.session.receive([ref, ref, topic, 'phx_join', { last_store_seq: lastStoreSeq }]);
    return ref;
  }

  /** Sends without waiting. */
  push(event: string, payload: unknown = {}, topic = TOPIC): string {
    const ref = this.#nextRef();
    this.session.receive(['1', ref, topic, event, payload]);
    return ref;
  }

  /** Sends, and gives the answer. */
  async ask(event: string, payload: unknown = {}): Promise<any> {
    const ref = this.push(event, payload);
    await turnOfTheLoop();
    return this.replyTo(ref);
  }

  /** Writes, and gives the answer. */
  write(payload: object): Promise<any> {
    return this.ask('write', { client_op_id: `op-${this.deviceId}-${this.#ref}`, ...payload });
  }

  replyTo(ref: string): any {
    return this.heard.find((frame) => frame[1] === ref && frame[3] === 'phx_reply')?.[4];
  }

  /** The payloads of all frames of an event so far. */
  all(event: string): any[] {
    return this.heard.filter((frame) => frame[3] === event).map((frame) => frame[4]);
  }

  /** The seqs of all operations heard of so far. */
  get seqs(): number[] {
    return this.all('event').map(({ store_seq }) => store_seq);
  }

  /** Takes up the messages that were held. */
  takeUp(): void {
    for (const work of this.#held.splice(0)) work();
  }

  #nextRef(): string {
    return String(++this.#ref);
  }
}

/** A store and its sessions, in which nothing happens by itself. */
export class Room {
  readonly clock = new TestClock();
  readonly store: Store;
  readonly logged: string[] = [];
  /** The pages of catch-ups that wait for their turn. */
  readonly pages: (() => void)[] = [];
  readonly #parts: ReturnType<typeof serverParts>;

  constructor({
    log,
    ...options
  }: Partial<DustServerOptions> & {
    readonly log?: Partial<LogLimits>;
    readonly tokens?: readonly AccessToken[];
  } = {}) {
    const say = (message: string): void => {
      this.logged.push(message);
    };
    this.store = new Store({ storage: createMemoryStorage(), clock: this.clock, log });
    this.#parts = serverParts({
      stores: { [NAME]: this.store },
      tokens: [{ token: TOKEN }],
      rateLimits: false,
      clock: this.clock,
      logger: { debug: say, info: say, warn: say, error: say },
      ...options,
    });
  }

  client(deviceId = 'dev', token = TOKEN): Client {
    return new Client(this.#parts, this.pages, token, deviceId);
  }

  /** A client that has joined and is up to date. */
  async joined(deviceId = 'dev', token = TOKEN): Promise<Client> {
    const client = this.client(deviceId, token);
    client.join();
    await this.caughtUp();
    return client;
  }

  /** Lets one page of one catch-up go out. */
  async page(): Promise<void> {
    this.pages.shift()?.();
    await turnOfTheLoop();
  }

  /** Lets all catch-ups end. */
  async caughtUp(): Promise<void> {
    while (this.pages.length > 0) await this.page();
    await turnOfTheLoop();
  }

  /** Writes `count` leaves that nobody is told of. */
  async fill(count: number, prefix = 'k'): Promise<void> {
    for (let i = 0; i < count; i++) await this.set(`${prefix}/${i}`, i, false);
  }

  set(path: string, value: any, announce = true): Promise<WriteReceipt> {
    return this.store.write({ op: 'set', path, value, announce });
  }
}
