import type {
  DustConnectionMessage,
  DustRepairMessage,
  DustResendMessage,
  LogLevel,
} from '../../../src/index.js';
import { CONNECTION_CHANNEL, REPAIR_CHANNEL, RESEND_CHANNEL } from '../../../src/index.js';
import type { SyncEngineOptions } from '../../../src/sync/index.js';
import type { FakeLink } from '../sync/engine-bench.js';
import { EngineBench, calm, ok, refused } from '../sync/engine-bench.js';
import { heardOn, stopListening } from './listening.js';

let bench: EngineBench;
let log: string[];
let states: DustConnectionMessage[];
let repairs: DustRepairMessage[];
let resends: DustResendMessage[];

beforeEach(() => {
  log = [];
  states = heardOn(CONNECTION_CHANNEL);
  repairs = heardOn(REPAIR_CHANNEL);
  resends = heardOn(RESEND_CHANNEL);
});

afterEach(async () => {
  await bench.close();
  stopListening();
});

function begin(options: Partial<SyncEngineOptions> = {}): void {
  const say = (level: LogLevel) => (message: string) => void log.push(`${level}: ${message}`);
  const logger = { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') };
  bench = new EngineBench({ logger, ...options });
}

/** An engine that is live and stands at `storeSeq`. */
async function liveAt(storeSeq: number): Promise<FakeLink> {
  const link = await bench.goLive();
  for (let seq = 1; seq <= storeSeq; seq++) link.event(seq, 'set', 'z', seq);
  await calm();
  return link;
}

const noticed = (): string[] => log.filter((line) => !line.startsWith('debug'));
const increment = { op: 'increment', path: 'c', value: 1 } as const;
const lastWrite = (link: FakeLink) => link.writes.at(-1)!;

async function grant(link: FakeLink, seq: number): Promise<void> {
  const { payload, reply } = lastWrite(link);
  expect(payload).toMatchObject({ op: 'lease' });
  const value = { _type: 'lease', token: seq, expires_at: 120_000, holder: payload.holder! };
  link.event(seq, 'lease', String(payload.path), value, String(payload.client_op_id));
  reply(ok({ store_seq: seq, token: seq, expires_at: 120_000, holder: payload.holder! }));
  await calm();
}

describe('the channel of connection states', () => {
  it('tells each state with the one before it, and why and for how long there is no connection', async () => {
    const origin = 'https://dust.example';
    begin({ origin, random: () => 0.5, limits: { backoff: { base: 300, max: 1000 } } });
    const link = await liveAt(3);
    link.end({ kind: 'lost', reason: 'the socket closed' });
    await bench.reconnect();
    await bench.catchUp(3);
    await bench.close();
    expect(states.map(({ previous, state }) => `${previous} ${state}`)).toEqual([
      'connecting joining',
      'joining catchingUp',
      'catchingUp live',
      'live reconnecting',
      'reconnecting connecting',
      'connecting joining',
      'joining catchingUp',
      'catchingUp live',
      'live closed',
    ]);
    expect(states[3]).toEqual({
      store: 'acme/main',
      origin,
      connection: expect.any(String),
      state: 'reconnecting',
      previous: 'live',
      storeSeq: 3,
      reason: 'the socket closed',
      delay: 150,
    });
    expect(new Set(states.map(({ connection }) => connection)).size).toBe(1);
    expect(noticed()).toEqual([
      'info: the channel of the store acme/main is connected, and its mirror holds everything up to 0',
      'info: the channel of the store acme/main has lost its connection (the socket closed), the next attempt is in 150 ms',
      'info: the channel of the store acme/main is connected, and its mirror holds everything up to 3',
      'info: the channel of the store acme/main is closed',
    ]);
  });
});

describe('the channel of repairs', () => {
  it('tells of a hole that is found, is left open, and is filled', async () => {
    begin({ random: () => 0.5, limits: { gapTimeout: 1000, idleTimeout: 60_000 } });
    const first = await bench.goLive();
    log = [];
    first.event(2, 'set', 'b', 2);
    await bench.clock.advance(1000);
    bench.link.end({ kind: 'lost', reason: 'the socket closed' });
    await bench.reconnect();
    bench.link.accept(2);
    await calm();
    bench.link.event(1, 'set', 'a', 1);
    bench.link.complete(2);
    await calm();
    expect(repairs).toEqual([
      { store: 'acme/main', kind: 'gap_found', storeSeq: 0, highestKnown: 2 },
      {
        store: 'acme/main',
        kind: 'gap_left_open',
        storeSeq: 0,
        reason: 'the socket closed',
        delay: expect.any(Number),
      },
      { store: 'acme/main', kind: 'gap_filled', storeSeq: 2, highestKnown: 2 },
    ]);
    expect(states.slice(-2).map(({ state }) => state)).toEqual(['repairing', 'live']);
    expect(noticed()).toEqual([
      'info: operation 1 of the store acme/main is missing and is being fetched',
      'warn: a hole in the operations of the store acme/main was not filled, trying again: the socket closed',
      'info: the hole in the operations of the store acme/main is filled',
    ]);
  });

  it('tells when a failed repair was overtaken by the operations themselves', async () => {
    begin({ limits: { gapTimeout: 1000, idleTimeout: 60_000 } });
    const first = await bench.goLive();
    first.event(2, 'set', 'b', 2);
    await bench.clock.advance(1000);
    bench.link.end();
    first.event(1, 'set', 'a', 1);
    await bench.clock.advance(60_000);
    expect(repairs.map(({ kind }) => kind)).toEqual(['gap_found', 'gap_left_open', 'gap_filled']);
  });

  it('tells nothing of a hole that closes by itself', async () => {
    begin({ limits: { gapTimeout: 1000 } });
    const link = await bench.goLive();
    link.event(2, 'set', 'b', 2);
    link.event(1, 'set', 'a', 1);
    await bench.clock.advance(2000);
    expect(repairs).toEqual([]);
  });

  it('tells when a silent server turns out to be ahead, and not when it is not', async () => {
    begin({ limits: { idleTimeout: 30_000, gapTimeout: 1000 } });
    const link = await liveAt(5);
    const answer = async (current_seq: number): Promise<void> => {
      await bench.clock.advance(30_000);
      link.pushes
        .filter(({ event }) => event === 'status')
        .at(-1)!
        .reply(ok({ current_seq }));
      await calm();
    };
    await answer(5);
    expect(repairs).toEqual([]);
    await answer(7);
    expect(repairs).toEqual([{ store: 'acme/main', kind: 'behind_when_idle', storeSeq: 5, currentSeq: 7 }]);
    expect(log).toContain('info: operation 6 of the store acme/main did not come: the server stands at 7');
  });

  it('tells of a store that moved backwards', async () => {
    begin();
    const link = await liveAt(3);
    link.end();
    const regressed = await bench.reconnect();
    regressed.accept(2);
    await calm();
    expect(repairs).toEqual([{ store: 'acme/main', kind: 'regression', storeSeq: 3, currentSeq: 2 }]);
    expect(states.find(({ reason }) => reason === 'the store moved backwards')).toMatchObject({
      state: 'reconnecting',
      delay: undefined,
    });
    expect(log).toContain('warn: the store acme/main moved backwards to 2, so the mirror begins again');
  });

  it('tells of values that are read again, and of why that did not do', async () => {
    begin();
    bench.readable = undefined;
    void bench.engine.start();
    bench.link.accept(3);
    await calm();
    bench.link.event(1, 'increment', 'c', 2);
    bench.link.event(2, 'set', 'c', 10);
    bench.link.event(3, 'increment', 'c', 3);
    bench.link.complete(3);
    await calm();
    bench.readable = new Map([['c', { path: 'c', value: 10, type: 'counter', revision: 2 }]]);
    await bench.clock.advance(1000);
    bench.readable = new Map([['c', { path: 'c', value: 11, type: 'counter', revision: 3 }]]);
    await bench.clock.advance(60_000);
    const outcomes = repairs.map((repair) =>
      repair.kind === 'values_reread' ? repair.outcome : repair.kind,
    );
    expect([...new Set(outcomes)]).toEqual(['failed', 'outdated', 'read']);
    expect(repairs[0]).toEqual({
      store: 'acme/main',
      kind: 'values_reread',
      storeSeq: 2,
      values: 1,
      outcome: 'failed',
      reason: 'no route',
    });
    expect(noticed().find((line) => line.startsWith('warn'))).toBe(
      'warn: counters and sets of the store acme/main could not be read again, so the mirror waits: ' +
        'the reader answered an older state of "c" than the channel',
    );
  });
});

describe('the channel of writes without acknowledgement', () => {
  it('tells which was found behind the fence, and which is sent again', async () => {
    begin();
    const link = await bench.goLive();
    const writes = [1, 2].map(() => bench.engine.write(increment));
    await grant(link, 1);
    const [first, second] = link.writes.slice(1).map(({ payload }) => String(payload.client_op_id));
    link.end();
    const next = await bench.reconnect();
    await bench.catchUp(1);
    expect(resends).toEqual([]);
    next.event(2, 'increment', 'c', 1, first);
    lastWrite(next).reply(ok({ store_seq: 3 }));
    await calm();
    next.event(3, 'release', String(next.writes[0]!.payload.path), null);
    await calm();
    const about = { store: 'acme/main', op: 'increment', path: 'c', reason: 'connection_lost' };
    expect(resends).toEqual([
      { ...about, clientOpId: first, outcome: 'found', storeSeq: 2 },
      { ...about, clientOpId: second, outcome: 'resent', storeSeq: undefined },
    ]);
    expect(log).toContain(
      'debug: increment "c" in the store acme/main was not acknowledged (connection_lost) and is sent again',
    );
    await grant(next, 4);
    lastWrite(next).reply(ok({ store_seq: 5 }));
    next.event(5, 'increment', 'c', 1, second);
    await Promise.all(writes);
  });

  it('tells which nobody knows the outcome of', async () => {
    begin();
    const link = await bench.goLive();
    const write = bench.engine.write({ op: 'set', path: 'a', value: 1, fence: { key: 'lock', token: 7 } });
    const failure = write.catch((error: unknown) => error);
    link.end();
    await bench.reconnect();
    await bench.catchUp(0);
    expect(await failure).toMatchObject({ kind: 'indeterminate' });
    expect(resends).toMatchObject([{ op: 'set', path: 'a', outcome: 'unknown', reason: 'connection_lost' }]);
  });

  it('tells which was refused for now', async () => {
    begin({ limits: { idleTimeout: 1e9 } });
    const link = await bench.goLive();
    const write = bench.engine.write(increment);
    await grant(link, 1);
    lastWrite(link).reply(refused('fenced'));
    await calm();
    await grant(link, 2);
    lastWrite(link).reply(refused('rate_limited', { retry_after: 1 }));
    await bench.clock.advance(2000);
    expect(resends.map(({ outcome, reason }) => `${outcome} ${reason}`)).toEqual([
      'resent fenced',
      'resent rate_limited',
    ]);
    lastWrite(link).reply(ok({ store_seq: 3 }));
    link.event(3, 'increment', 'c', 1);
    await write;
  });
});
