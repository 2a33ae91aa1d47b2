import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import type { Subscription } from 'rxjs';
import { systemClock } from '../../src/clock.js';
import { silentLogger } from '../../src/logging.js';
import { jsonCodec } from '../../src/protocol/wire/frame-codec.js';
import { Pattern } from '../../src/protocol/paths/pattern.js';
import { toWireEvent } from '../../src/protocol/wire/frames.js';
import { createMemoryStorage } from '../../src/store/index.js';
import type { LinkHandlers, Linker } from '../../src/sync/index.js';
import { SyncEngine } from '../../src/sync/index.js';
import type { Group, Row } from '../measure.js';
import { median, rateRow } from '../measure.js';
import { PREFIX, slugNumber } from '../stub/leaves.js';
import type { Stub } from '../stub/while-stubbed.js';
import { whileStubbed } from '../stub/while-stubbed.js';
import type { Serialization } from './connect.js';
import { STORE, connect } from './connect.js';

const TARGET = 400_000;
const ROUNDS = 5;
const OPERATIONS = 100_000;
/** Operations that one chunk off a socket brings. */
const AT_ONCE = 250;
/** The records that operations are about, in turn: each is watched by one subscription at the most. */
const RECORDS = 10_000;
/** What a stub with {@link RECORDS} records of six fields broadcasts. */
const LEAVES = RECORDS * 6;

/** From the broadcast to the subscriber: first without a socket, then with one. */
export const applyRemote: Group = {
  name: 'channel: apply operations of others, each subscription on a record of its own',
  async run() {
    const rows: Row[] = [];
    for (const subscriptions of [1, 1_000, 10_000]) {
      const work = `engine, ${subscriptions.toLocaleString('en')} subscriptions`;
      rows.push(rateRow(work, await rateOfEngine(subscriptions), TARGET));
    }
    for (const serialization of ['json', 'messagepack'] as const) {
      const rate = await whileStubbed({ leaves: LEAVES }, (stub) => rateOverSocket(stub, serialization));
      rows.push(rateRow(`the same over a loopback socket, 10,000 subscriptions, ${serialization}`, rate));
    }
    return rows;
  },
};

/** Frames are decoded before the time runs: how fast JSON is read is not the engine's business. */
async function rateOfEngine(subscriptions: number): Promise<number> {
  const { engine, handlers } = await liveEngine();
  let heard = 0;
  for (let n = 0; n < subscriptions; n++) {
    engine.watch(Pattern.parse(`${PREFIX}/${slugNumber(n)}/**`), () => heard++);
  }
  const rates: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const payloads = Array.from({ length: OPERATIONS }, (_, i) => payloadOf(round * OPERATIONS + i + 1));
    const started = process.hrtime.bigint();
    for (let first = 0; first < OPERATIONS; first += AT_ONCE) {
      for (let i = first; i < first + AT_ONCE; i++) handlers.onMessage('event', payloads[i]);
      await turnOfTheLoop();
    }
    const seconds = Number(process.hrtime.bigint() - started) / 1e9;
    if (round > 0) rates.push(OPERATIONS / seconds);
  }
  assertHeard(heard, (OPERATIONS / RECORDS) * (ROUNDS + 1) * subscriptions);
  await engine.close();
  return median(rates);
}

/** An engine whose link is the caller. */
async function liveEngine(): Promise<{ engine: SyncEngine; handlers: LinkHandlers }> {
  let handlers: LinkHandlers | undefined;
  const linker: Linker = {
    open: (opened) => {
      handlers = opened;
      return {
        join: () => Promise.resolve(JOINED),
        push: () => Promise.resolve({ status: 'ok', response: {} }),
        close: () => undefined,
      };
    },
  };
  const engine = new SyncEngine({
    store: STORE,
    linker,
    reader: { getMany: () => Promise.reject(new Error('nothing is to be read again')) },
    storage: createMemoryStorage(),
    deviceId: 'bench',
    prefixes: [PREFIX],
    clock: systemClock,
    logger: silentLogger,
    random: Math.random,
  });
  const started = engine.start();
  await turnOfTheLoop();
  handlers!.onMessage('catch_up_complete', { through_seq: 0 });
  await started;
  return { engine, handlers: handlers! };
}

const JOINED = {
  store_seq: 0,
  capver: 3,
  capver_min: 3,
  permissions: { read: true, write: true },
  scopes: [],
  store_access: { mode: 'all', store_ids: [] },
};

/** As a codec hands it over. */
function payloadOf(storeSeq: number): unknown {
  const path = `${PREFIX}/${slugNumber(storeSeq % RECORDS)}/title`;
  const value = `title ${storeSeq}`;
  const event = {
    storeSeq,
    op: 'set',
    path,
    value,
    deviceId: 'other',
    clientOpId: `other:${storeSeq}`,
  } as const;
  const text = jsonCodec.encode([null, null, `store:${STORE}`, 'event', toWireEvent(event)]);
  return jsonCodec.decode(text)[4];
}

/** As a user has it: decoded, applied, told to Observables. */
async function rateOverSocket({ url, broadcast }: Stub, serialization: Serialization): Promise<number> {
  const dataSource = await connect(url, serialization);
  let heard = 0;
  const subscriptions: Subscription[] = [];
  for (let n = 0; n < RECORDS; n++) {
    subscriptions.push(dataSource.transport.watch(`${PREFIX}/${slugNumber(n)}/**`).subscribe(() => heard++));
  }
  const rates: number[] = [];
  const count = LEAVES * 2;
  for (let round = 0; round <= ROUNDS; round++) {
    const started = process.hrtime.bigint();
    await broadcast(count);
    while (heard < count * (round + 1)) await turnOfTheLoop();
    const seconds = Number(process.hrtime.bigint() - started) / 1e9;
    if (round > 0) rates.push(count / seconds);
  }
  assertHeard(heard, count * (ROUNDS + 1));
  for (const subscription of subscriptions) subscription.unsubscribe();
  await dataSource.destroy();
  return median(rates);
}

function assertHeard(heard: number, expected: number): void {
  if (heard !== expected) throw new Error(`subscriptions heard ${heard} times, not ${expected}`);
}
