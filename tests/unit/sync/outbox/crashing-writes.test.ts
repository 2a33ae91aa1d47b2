import type { DustError } from '../../../../src/errors.js';
import { isDustError } from '../../../../src/errors.js';
import type { PushReply } from '../../../../src/sync/index.js';
import type { Arrival } from '../served-bench.js';
import { ServedBench } from '../served-bench.js';

let bench: ServedBench;

afterEach(async () => {
  await bench.close();
  expect(bench.clock.pending).toBe(0);
});

const isSecondFile = ({ event }: Arrival): boolean => event === 'put_file';
const file = { path: 'f/b', content: Buffer.from('hi'), filename: 'hi.txt' };
const increment = (n: number) => ({ op: 'increment', path: `c/${n % 10}`, value: 1 }) as const;

async function rejection(promise: Promise<unknown>): Promise<DustError> {
  try {
    await promise;
  } catch (error) {
    if (isDustError(error)) return error;
  }
  throw new Error('it was not rejected with a DustError');
}

describe('a write that the server crashes on (PROTOCOL §8)', () => {
  it('is given up after two crashes, soon and by its name, and the others are applied once each', async () => {
    bench = new ServedBench();
    bench.meet = (arrival) => (isSecondFile(arrival) ? 'crash' : undefined);
    await bench.goLive();
    const began = bench.clock.now();
    let failedAfter: number | undefined;
    const before = Array.from({ length: 50 }, (_, n) => bench.engine.write(increment(n)));
    const failed = rejection(bench.engine.putFile(file)).finally(() => {
      failedAfter = bench.clock.now() - began;
    });
    const behind = Array.from({ length: 50 }, (_, n) => bench.engine.write(increment(n)));
    let isDone = false;
    const others = Promise.all([...before, ...behind]).finally(() => (isDone = true));
    await bench.pass(30_000, () => isDone && failedAfter !== undefined);
    expect(failedAfter).toBeLessThan(5000);
    const error = await failed;
    expect(error).toMatchObject({
      kind: 'indeterminate',
      detail: 'channel_crashed',
      path: 'f/b',
      retryable: false,
    });
    expect(error.message).toContain('put_file "f/b"');
    expect(bench.crashes).toBe(2);
    const receipts = await others;
    expect(new Set(receipts.map(({ storeSeq }) => storeSeq)).size).toBe(100);
    const totals = Array.from({ length: 10 }, (_, n) => bench.store.get(`c/${n}`)?.value);
    expect(totals).toEqual(totals.map(() => 10));
  });

  it('is sent the second time with no other beside it, which would be lost with it', async () => {
    bench = new ServedBench();
    bench.meet = (arrival) => (isSecondFile(arrival) ? 'crash' : undefined);
    await bench.goLive();
    const failed = rejection(bench.engine.putFile(file));
    const other = bench.engine.write({ op: 'set', path: 'a', value: 1 });
    const files = (): string[] => bench.pushed.filter((what) => !/^(phx_join|ack_seq)/.test(what));
    expect(files()).toEqual(['put_file f/b', 'write a']);
    await bench.pass(5000, () => bench.crashes === 2, 1);
    expect(files()).toEqual(['put_file f/b']);
    await bench.pass(5000, () => bench.engine.status.pendingWrites === 0);
    expect(files()).toEqual(['write a']);
    await Promise.all([failed, other]);
  });

  it('is acknowledged when the catch-up shows it', async () => {
    bench = new ServedBench();
    bench.meet = async (arrival) => {
      if (!isSecondFile(arrival)) return undefined;
      if (bench.crashes === 1) await arrival.carryOut();
      return 'crash';
    };
    await bench.goLive();
    const stored = bench.engine.putFile(file);
    await bench.pass(5000, () => bench.engine.status.pendingWrites === 0);
    expect((await stored).storeSeq).toBe(1);
    expect(bench.crashes).toBe(2);
  });

  it('is not let off for an answer that says nothing of it', async () => {
    bench = new ServedBench();
    let times = 0;
    bench.meet = (arrival) => {
      if (!isSecondFile(arrival)) return undefined;
      const limited: PushReply = {
        status: 'error',
        response: { reason: 'rate_limited', retry_after_ms: 50 },
      };
      return ++times % 2 === 0 ? limited : 'crash';
    };
    await bench.goLive();
    const failed = rejection(bench.engine.putFile(file));
    await bench.pass(10_000, () => bench.engine.status.pendingWrites === 0);
    expect(await failed).toMatchObject({ detail: 'channel_crashed' });
    expect(bench.crashes).toBe(2);
  });

  it('is blamed for crashes in a row only', async () => {
    bench = new ServedBench();
    const crashOn = ['a', 'b', 'a'];
    bench.meet = ({ event, payload }) => {
      if (event !== 'write' || payload.path !== crashOn[0]) return undefined;
      crashOn.shift();
      return 'crash';
    };
    await bench.goLive();
    const first = bench.engine.write({ op: 'set', path: 'a', value: 1 });
    await bench.pass(200, () => bench.crashes === 1);
    await bench.pass(5000, () => bench.engine.status.pendingWrites === 0);
    expect((await first).storeSeq).toBe(1);
    for (const path of ['b', 'a']) {
      const write = bench.engine.write({ op: 'set', path, value: 1 });
      await bench.pass(5000, () => bench.engine.status.pendingWrites === 0);
      await write;
    }
    expect(bench.crashes).toBe(3);
  });

  it('is not blamed for connections that are lost otherwise', async () => {
    bench = new ServedBench();
    let times = 0;
    bench.meet = ({ event }) => {
      if (event !== 'write' || ++times > 4) return undefined;
      queueMicrotask(() => bench.cut());
      return { status: 'error', response: { reason: 'unmatched topic' } };
    };
    await bench.goLive();
    const write = bench.engine.write({ op: 'set', path: 'a', value: 1 });
    await bench.pass(20_000, () => bench.engine.status.pendingWrites === 0);
    expect((await write).storeSeq).toBe(1);
    expect(times).toBe(5);
  });
});
