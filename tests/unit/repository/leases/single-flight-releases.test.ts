import { getEventListeners } from 'node:events';
import { setImmediate as continuations } from 'node:timers/promises';
import { DataSource, EmbeddedTransport, isDustError, silentLogger } from '../../../../src/index.js';
import { createMemoryStorage } from '../../../../src/store/index.js';
import { TestClock } from '../../../../src/testing/test-clock.js';
import { CountedStore } from '../../../endurance/counted.js';
import { Link } from '../support.js';

const KEY = 'answer';

let store: CountedStore;
let clock: TestClock;
const open: DataSource[] = [];

beforeEach(() => {
  clock = new TestClock();
  store = new CountedStore({ storage: createMemoryStorage(), clock });
});
afterEach(async () => {
  for (const dataSource of open.splice(0)) await dataSource.destroy();
});

async function manager() {
  const transport = new EmbeddedTransport({ store });
  const dataSource = new DataSource({ entities: [Link], transport, clock, logger: silentLogger });
  open.push(dataSource);
  return (await dataSource.initialize()).manager;
}

const settled = async (): Promise<void> => {
  for (let i = 0; i < 5; i++) await continuations();
};

/** Somebody computes; another waits with the signal until `end` happens. What is left is counted. */
async function wait(end: (finish: (value: number) => void, controller: AbortController) => void) {
  const controller = new AbortController();
  const { signal } = controller;
  let finish: (value: number) => void = () => undefined;
  const work = new Promise<number>((resolve) => (finish = resolve));
  const [mine, theirs] = [await manager(), await manager()];
  const first = mine.singleFlight(KEY, () => work, { signal });
  await settled();
  const waiting = theirs.singleFlight(KEY, () => 2, { signal }).catch((error: unknown) => error);
  await settled();
  expect(store.watching).toBe(2);
  expect(getEventListeners(signal, 'abort')).toHaveLength(2);
  end(finish, controller);
  const outcome = await waiting;
  finish(1);
  await first.catch(() => undefined);
  await settled();
  return {
    outcome,
    watching: store.watching,
    listeners: getEventListeners(signal, 'abort'),
    timers: clock.pending,
  };
}

const NOTHING = { watching: 0, listeners: [], timers: 0 };

describe('who has waited for a single flight', () => {
  it('watches and listens no longer when there is a result', async () => {
    expect(
      await wait((finish) => {
        finish(1);
      }),
    ).toEqual({ outcome: 1, ...NOTHING });
  });

  it('watches and listens no longer when the wait was called off', async () => {
    const { outcome, ...left } = await wait((_finish, controller) => {
      controller.abort();
    });
    expect(isDustError(outcome, 'aborted')).toBe(true);
    expect(left).toEqual(NOTHING);
  });

  it('is told of what it computes itself that it was called off, before and meanwhile', async () => {
    const one = await manager();
    const controller = new AbortController();
    let heard: AbortSignal | undefined;
    const flight = one.singleFlight(
      KEY,
      (signal) => {
        heard = signal;
        controller.abort('enough');
        return 1;
      },
      { signal: controller.signal },
    );
    await flight;
    expect([heard?.aborted, heard?.reason]).toEqual([true, 'enough']);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });
});
