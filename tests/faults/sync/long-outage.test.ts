import { setImmediate as turn } from 'node:timers/promises';
import { silentLogger } from '../../../src/logging.js';
import type { Frame, WireJoinReply } from '../../../src/protocol/wire/frames.js';
import type { JsonObject } from '../../../src/protocol/values/value.js';
import { ChannelSession } from '../../../src/server/channel/index.js';
import { serverParts } from '../../../src/server/server-parts.js';
import { Store, createMemoryStorage } from '../../../src/store/index.js';
import type { Link, LinkHandlers, PushReply } from '../../../src/sync/index.js';
import { SyncEngine } from '../../../src/sync/index.js';
import { TestClock } from '../../../src/testing/test-clock.js';

const STORE = 'acme/outage';
const TOPIC = `store:${STORE}`;
const TOKEN = 'dust_tok_of_the_outage';
const MINUTE = 60_000;
const WRITES = 1000;

/** The local server's side of the channel, and a wire to it that can be taken away. */
class Wire {
  readonly #clock: TestClock;
  readonly #store: Store;
  readonly #links = new Set<SessionLink>();
  isDown = false;

  constructor(clock: TestClock, store: Store) {
    this.#clock = clock;
    this.#store = store;
  }

  open(handlers: LinkHandlers): Link {
    const parts = serverParts({
      stores: { [STORE]: this.#store },
      tokens: [{ token: TOKEN }],
      rateLimits: false,
      clock: this.#clock,
      logger: silentLogger,
    });
    const access = parts.tokens.find(TOKEN)!;
    const link = new SessionLink(handlers, (send) => {
      const end = (): void => link.cut();
      return new ChannelSession({ parts, access, deviceId: 'me', send, end });
    });
    if (this.isDown) void turn().then(() => link.cut());
    else this.#links.add(link);
    return link;
  }

  /** What was sent has arrived; no answer comes back. */
  cut(): void {
    this.isDown = true;
    for (const link of this.#links) link.cut();
    this.#links.clear();
  }
}

/** A connection to a session in this process. Each frame to the client arrives in a turn of its own. */
class SessionLink implements Link {
  readonly #handlers: LinkHandlers;
  readonly #session: ChannelSession;
  readonly #replies = new Map<string, (reply: PushReply) => void>();
  #arrivals: Promise<void> = Promise.resolve();
  #ref = 0;
  #isOver = false;

  constructor(handlers: LinkHandlers, connect: (send: (frame: Frame) => void) => ChannelSession) {
    this.#handlers = handlers;
    this.#session = connect((frame) => {
      this.#arrivals = this.#arrivals.then(() => turn()).then(() => this.#receive(frame));
    });
  }

  async join(last_store_seq: number): Promise<WireJoinReply> {
    const { response } = await this.push('phx_join', { last_store_seq });
    return response as unknown as WireJoinReply;
  }

  push(event: string, payload: JsonObject): Promise<PushReply> {
    const ref = String(++this.#ref);
    return new Promise((resolve) => {
      this.#replies.set(ref, resolve);
      this.#session.receive(['1', ref, TOPIC, event, payload]);
    });
  }

  close(): void {
    this.#isOver = true;
    this.#session.close();
  }

  cut(): void {
    if (this.#isOver) return;
    this.close();
    this.#handlers.onEnd({ kind: 'lost', reason: 'the wire was cut' });
  }

  #receive([, ref, , event, payload]: Frame): void {
    if (this.#isOver) return;
    if (event !== 'phx_reply') this.#handlers.onMessage(event, payload);
    else this.#replies.get(ref ?? '')?.(payload as PushReply);
  }
}

it('1,000 writes queued through an outage of half an hour are each applied once', async () => {
  const clock = new TestClock();
  const store = new Store({ storage: createMemoryStorage(), clock });
  const wire = new Wire(clock, store);
  const engine = new SyncEngine({
    store: STORE,
    linker: wire,
    reader: { getMany: async (paths) => store.getMany(paths) },
    storage: createMemoryStorage(),
    deviceId: 'me',
    limits: { writeTimeout: 60 * MINUTE },
    clock,
    logger: silentLogger,
    random: () => 0.5,
  });
  const pass = async (ms: number, steps: number): Promise<void> => {
    for (let step = 0; step < steps; step++) {
      await clock.advance(ms / steps);
      await turn();
    }
  };
  void engine.start();
  await pass(1000, 20);
  expect(engine.status.state).toBe('live');

  const increment = (n: number) => engine.write({ op: 'increment', path: `c/${n % 10}`, value: 1 });
  const before = Array.from({ length: 100 }, (_, n) => increment(n));
  // The session's lease is granted and the first of them are on their way, then all answers are lost.
  await pass(1, 2);
  expect(engine.status.pendingWrites).toBe(before.length);
  wire.cut();
  const during = Array.from({ length: WRITES - before.length }, (_, n) => increment(n));
  await pass(30 * MINUTE, 300);
  expect(engine.status.state).toBe('reconnecting');
  // The lease and a window of increments: applied without an answer, they are what must not be applied again.
  expect(store.status().storeSeq).toBe(1 + 64);

  wire.isDown = false;
  const writes = Promise.all([...before, ...during]);
  let isDone = false;
  void writes.finally(() => (isDone = true));
  for (let step = 0; step < 20_000 && !isDone; step++) await pass(10, 1);
  const receipts = await writes;

  expect(new Set(receipts.map(({ storeSeq }) => storeSeq)).size).toBe(WRITES);
  const totals = Array.from({ length: 10 }, (_, n) => store.get(`c/${n}`)?.value as number);
  expect(totals).toEqual(totals.map(() => WRITES / 10));
  expect(totals.map((_, n) => engine.reads.get(`c/${n}`)?.value)).toEqual(totals);

  const closed = engine.close();
  await pass(10_000, 100);
  await closed;
  await store.close();
  expect(clock.pending).toBe(0);
});
