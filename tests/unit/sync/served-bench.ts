import { setImmediate as turn } from 'node:timers/promises';
import { silentLogger } from '../../../src/logging.js';
import type { Frame, WireJoinReply } from '../../../src/protocol/wire/frames.js';
import type { JsonObject } from '../../../src/protocol/values/value.js';
import { ChannelSession } from '../../../src/server/channel/index.js';
import { serverParts } from '../../../src/server/server-parts.js';
import { Store, createMemoryStorage } from '../../../src/store/index.js';
import type { Link, LinkEnd, LinkHandlers, PushReply, SyncEngineOptions } from '../../../src/sync/index.js';
import { SyncEngine } from '../../../src/sync/index.js';
import { TestClock } from '../../../src/testing/test-clock.js';

const STORE = 'acme/served';
const TOPIC = `store:${STORE}`;
const TOKEN = 'dust_tok_of_the_served';

const HEARTBEAT = 30_000;

/** What becomes of a push: the server dies of it, it is answered in place of the server, or (undefined) it gets through. */
export type Fate = 'crash' | PushReply | undefined;

/** A push as it reaches the server. */
export interface Arrival {
  readonly event: string;
  readonly payload: Readonly<Record<string, any>>;
  /** Has the server carry it out. */
  carryOut(): Promise<PushReply>;
}

/** An engine over a local server's channel in this process, with a test that decides what reaches the server. */
export class ServedBench {
  readonly clock = new TestClock(0);
  readonly store = new Store({ storage: createMemoryStorage(), clock: this.clock });
  readonly engine: SyncEngine;
  /** The connections there have been. */
  connections = 0;
  crashes = 0;
  /** What has been sent over the present connection, whether or not the server has come to it. */
  pushed: string[] = [];
  isDown = false;
  /** Whether a refusal is there before the answers to what was pushed earlier and is still being committed, as from the local server. */
  refusesAtOnce = false;
  meet: (arrival: Arrival) => Fate | Promise<Fate> = () => undefined;
  #link: SessionLink | undefined;

  constructor(options: Partial<SyncEngineOptions> = {}) {
    this.engine = new SyncEngine({
      store: STORE,
      linker: { open: (handlers) => this.#open(handlers) },
      reader: { getMany: (paths) => Promise.resolve(this.store.getMany(paths)) },
      storage: createMemoryStorage(),
      deviceId: 'me',
      clock: this.clock,
      logger: silentLogger,
      random: () => 0.5,
      ...options,
    });
  }

  /** Lets time pass, step by step, until `isDone` or for so long. Returns how long it took. */
  async pass(ms: number, isDone: () => boolean = () => false, step = 10): Promise<number> {
    const start = this.clock.now();
    while (!isDone() && this.clock.now() - start < ms) {
      await this.clock.advance(step);
      await turn();
      await turn();
    }
    return this.clock.now() - start;
  }

  async goLive(): Promise<void> {
    void this.engine.start().catch(() => undefined);
    await this.pass(1000, () => this.engine.status.state === 'live');
  }

  /** Ends the connection that stands. */
  cut(end?: LinkEnd): void {
    this.#link?.cut(end);
  }

  async close(): Promise<void> {
    let isClosed = false;
    const closed = this.engine.close().finally(() => (isClosed = true));
    await this.pass(10_000, () => isClosed);
    await closed;
    await this.store.close();
  }

  #open(handlers: LinkHandlers): Link {
    this.connections++;
    this.pushed = [];
    const parts = serverParts({
      stores: { [STORE]: this.store },
      tokens: [{ token: TOKEN }],
      rateLimits: false,
      clock: this.clock,
      logger: silentLogger,
    });
    const access = parts.tokens.find(TOKEN)!;
    const link: SessionLink = new SessionLink(
      handlers,
      (what) => {
        this.pushed.push(what);
        return this.refusesAtOnce;
      },
      async (arrival) => {
        const fate = await this.meet(arrival);
        if (fate === 'crash') this.crashes++;
        return fate;
      },
      (send) => {
        const end = (): void => {
          link.cut();
        };
        return new ChannelSession({ parts, access, deviceId: 'me', send, end });
      },
      this.clock,
    );
    this.#link = link;
    if (this.isDown) void turn().then(() => link.cut());
    return link;
  }
}

/** A connection to a session in this process: each frame arrives in a turn of its own, in order. */
class SessionLink implements Link {
  readonly #handlers: LinkHandlers;
  /** Returns whether it is not to wait for its turn. */
  readonly #onPush: (what: string) => boolean;
  readonly #meet: (arrival: Arrival) => Promise<Fate>;
  readonly #session: ChannelSession;
  readonly #replies = new Map<string, (reply: PushReply) => void>();
  #arrivals: Promise<void> = Promise.resolve();
  #mailbox: Promise<void> = Promise.resolve();
  #stopBeating: () => void;
  #ref = 0;
  #isOver = false;

  constructor(
    handlers: LinkHandlers,
    onPush: (what: string) => boolean,
    meet: (arrival: Arrival) => Promise<Fate>,
    connect: (send: (frame: Frame) => void) => ChannelSession,
    clock: TestClock,
  ) {
    this.#handlers = handlers;
    this.#onPush = onPush;
    this.#meet = meet;
    this.#session = connect((frame) => {
      this.#arrivals = this.#arrivals.then(() => turn()).then(() => this.#receive(frame));
    });
    const beat = (): void => {
      this.#session.receive([null, 'beat', 'phoenix', 'heartbeat', {}]);
      this.#stopBeating = clock.schedule(beat, HEARTBEAT);
    };
    this.#stopBeating = clock.schedule(beat, HEARTBEAT);
  }

  async join(last_store_seq: number): Promise<WireJoinReply> {
    const { response } = await this.push('phx_join', { last_store_seq });
    return response as unknown as WireJoinReply;
  }

  /** Works off what is pushed one by one, as a server's channel does. */
  push(event: string, payload: JsonObject): Promise<PushReply> {
    const isAtOnce = this.#onPush(`${event} ${typeof payload.path === 'string' ? payload.path : ''}`.trim());
    return new Promise((resolve) => {
      if (isAtOnce) {
        void this.#workOff(event, payload, resolve);
        return;
      }
      this.#mailbox = this.#mailbox.then(() => this.#workOff(event, payload, resolve));
    });
  }

  async #workOff(event: string, payload: JsonObject, resolve: (reply: PushReply) => void): Promise<void> {
    if (this.#isOver) return;
    const carryOut = (): Promise<PushReply> => this.#push(event, payload);
    const fate = await this.#meet({ event, payload, carryOut });
    if (fate === 'crash') this.cut({ kind: 'lost', reason: 'phx_error', isCrash: true });
    else if (fate !== undefined) resolve(fate);
    else resolve(await carryOut());
  }

  close(): void {
    this.#isOver = true;
    this.#stopBeating();
    this.#session.close();
  }

  cut(end: LinkEnd = { kind: 'lost', reason: 'the wire was cut' }): void {
    if (this.#isOver) return;
    this.close();
    this.#handlers.onEnd(end);
  }

  #push(event: string, payload: JsonObject): Promise<PushReply> {
    const ref = String(++this.#ref);
    return new Promise((resolve) => {
      this.#replies.set(ref, resolve);
      this.#session.receive(['1', ref, TOPIC, event, payload]);
    });
  }

  #receive([, ref, , event, payload]: Frame): void {
    if (this.#isOver) return;
    if (event !== 'phx_reply') this.#handlers.onMessage(event, payload);
    else this.#replies.get(ref ?? '')?.(payload as PushReply);
  }
}
