import { isDustError } from '../../../../src/errors.js';
import type { PushReply } from '../../../../src/sync/index.js';
import type { Arrival } from '../served-bench.js';
import { ServedBench } from '../served-bench.js';

/** What a server of version 0.1 answers when its writer takes too long (PROTOCOL §8). */
const BUSY: PushReply = {
  status: 'error',
  response: { reason: '{:writer_unavailable, {:timeout, {GenServer, :call, [#PID<0.1.0>, :write, 5000]}}}' },
};

let bench: ServedBench;

afterEach(async () => {
  await bench.close();
  expect(bench.clock.pending).toBe(0);
});

const increment = { op: 'increment', path: 'c', value: 1 } as const;
const isIncrement = ({ payload }: Arrival): boolean => payload.op === 'increment';

/** What has become of all of them, in words. */
async function outcomesOf(writes: readonly Promise<unknown>[]): Promise<string[]> {
  const settled = Promise.allSettled(writes);
  await bench.pass(30_000, () => bench.engine.status.pendingWrites === 0);
  return (await settled).map((outcome) => {
    if (outcome.status === 'fulfilled') return 'committed';
    return isDustError(outcome.reason) ? outcome.reason.kind : String(outcome.reason);
  });
}

describe('a write that a busy server gave up waiting for', () => {
  it.each([
    ['was committed after all', true],
    ['was not committed', false],
  ])('is applied once when it %s, over the same connection', async (_name, isCommitted) => {
    bench = new ServedBench();
    let times = 0;
    bench.meet = async (arrival) => {
      if (!isIncrement(arrival) || ++times > 1) return undefined;
      if (isCommitted) await arrival.carryOut();
      return BUSY;
    };
    await bench.goLive();
    const writes = [bench.engine.write(increment), bench.engine.write(increment)];
    expect(await outcomesOf(writes)).toEqual(['committed', 'committed']);
    expect(bench.store.get('c')?.value).toBe(2);
    expect(bench.connections).toBe(1);
  });

  it('is applied once when it is committed before the end of the session, long after the answer', async () => {
    bench = new ServedBench();
    const late: Arrival[] = [];
    let times = 0;
    bench.meet = async (arrival) => {
      if (isIncrement(arrival) && ++times === 1) {
        late.push(arrival);
        return BUSY;
      }
      // The writer has one queue: what it was asked for before comes before.
      if (arrival.payload.op === 'release') for (const before of late.splice(0)) await before.carryOut();
      return undefined;
    };
    await bench.goLive();
    expect(await outcomesOf([bench.engine.write(increment)])).toEqual(['committed']);
    expect(bench.store.get('c')?.value).toBe(1);
    expect(times).toBe(1);
  });

  it('is sent again when it may be, without a session', async () => {
    bench = new ServedBench();
    let times = 0;
    bench.meet = ({ payload }) => (payload.op === 'set' && ++times < 3 ? BUSY : undefined);
    await bench.goLive();
    expect(await outcomesOf([bench.engine.write({ op: 'set', path: 'a', value: 1 })])).toEqual(['committed']);
    expect(times).toBe(3);
  });

  it("is indeterminate under the caller's fence, unless it is there by then", async () => {
    bench = new ServedBench();
    const lease = { op: 'lease', path: 'lock' } as const;
    await bench.goLive();
    const leased = bench.engine.write(lease);
    await bench.pass(1000, () => bench.engine.status.pendingWrites === 0);
    const fence = { key: 'lock', token: Number((await leased).response.token) };
    bench.meet = async ({ payload, carryOut }) => {
      if (payload.op !== 'set') return undefined;
      if (payload.path === 'there') await carryOut();
      return BUSY;
    };
    const writes = ['there', 'not'].map((path) => bench.engine.write({ op: 'set', path, value: 1, fence }));
    expect(await outcomesOf(writes)).toEqual(['committed', 'indeterminate']);
  });

  it('is found out about although the server is still busy when it is asked', async () => {
    bench = new ServedBench();
    const answers = new Map([
      ['increment', 1],
      ['release', 2],
      ['lease', 1],
    ]);
    bench.meet = async ({ payload, carryOut }) => {
      const left = answers.get(String(payload.op)) ?? 0;
      if (left === 0) return undefined;
      answers.set(String(payload.op), left - 1);
      await carryOut();
      return BUSY;
    };
    await bench.goLive();
    expect(await outcomesOf([bench.engine.write(increment)])).toEqual(['committed']);
    expect(bench.store.get('c')?.value).toBe(1);
  });

  it('is found out about over the next connection when the present one is lost meanwhile', async () => {
    bench = new ServedBench();
    let times = 0;
    bench.meet = async (arrival) => {
      if (!isIncrement(arrival) || ++times > 1) return undefined;
      await arrival.carryOut();
      setImmediate(() => {
        bench.cut();
      });
      return BUSY;
    };
    await bench.goLive();
    expect(await outcomesOf([bench.engine.write(increment), bench.engine.write(increment)])).toEqual([
      'committed',
      'committed',
    ]);
    expect(bench.store.get('c')?.value).toBe(2);
    expect(bench.connections).toBe(2);
  });
});
