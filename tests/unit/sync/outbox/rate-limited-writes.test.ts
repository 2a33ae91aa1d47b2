import { isDustError } from '../../../../src/errors.js';
import type { Arrival, Fate } from '../served-bench.js';
import { ServedBench } from '../served-bench.js';

const WINDOW = 60_000;

let bench: ServedBench;

afterEach(async () => {
  await bench.close();
  expect(bench.clock.pending).toBe(0);
});

/** The limit of a server of version 0.1: so many writes in a window, and always the whole window for an answer (PROTOCOL §8). */
class Limit {
  readonly #perWindow: number;
  readonly #isExact: boolean;
  #window = -1;
  #used = 0;
  refused = 0;

  /** `isExact`: it answers with what is left of the window, as the local server does. */
  constructor(perWindow: number, isExact = false) {
    this.#perWindow = perWindow;
    this.#isExact = isExact;
  }

  readonly meet = ({ event }: Arrival): Fate => {
    if (event !== 'write') return undefined;
    const window = Math.floor(bench.clock.now() / WINDOW);
    if (window !== this.#window) this.#used = 0;
    this.#window = window;
    if (++this.#used <= this.#perWindow) return undefined;
    this.refused++;
    const left = this.#isExact ? WINDOW - (bench.clock.now() % WINDOW) : WINDOW;
    return { status: 'error', response: { reason: 'rate_limited', retry_after_ms: left } };
  };
}

const set = (n: number) => ({ op: 'set', path: `a/${n}`, value: n }) as const;
const increment = (n: number) => ({ op: 'increment', path: `c/${n % 7}`, value: 1 }) as const;

describe('writes that a rate limit holds back', () => {
  it.each([
    ['sets', set],
    ['increments', increment],
  ])('all land, one after the other: 150 %s at 100 a minute', async (_name, write) => {
    bench = new ServedBench();
    const limit = new Limit(100);
    bench.meet = limit.meet;
    await bench.goLive();
    let landed = 0;
    const all = (async () => {
      for (let n = 0; n < 150; n++) {
        await bench.engine.write(write(n));
        landed++;
      }
    })();
    const took = await bench.pass(5 * WINDOW, () => landed === 150, 50);
    await all;
    expect(took).toBeLessThan(2 * WINDOW);
    // Asking costs little: one write every few seconds.
    expect(limit.refused).toBeLessThan(30);
  });

  it('all land that are made at once: 300 at 100 a minute', async () => {
    bench = new ServedBench();
    bench.meet = new Limit(100).meet;
    await bench.goLive();
    let isDone = false;
    const all = Promise.all(Array.from({ length: 300 }, (_, n) => bench.engine.write(increment(n)))).finally(
      () => (isDone = true),
    );
    await bench.pass(6 * WINDOW, () => isDone, 50);
    const receipts = await all;
    expect(new Set(receipts.map(({ storeSeq }) => storeSeq)).size).toBe(300);
    const total = Array.from({ length: 7 }, (_, n) => Number(bench.store.get(`c/${n}`)?.value));
    expect(total.reduce((sum, value) => sum + value)).toBe(300);
  });

  it.each([
    ['sets', 'the whole window', set, false],
    ['sets', 'what is left of it', set, true],
    ['increments', 'the whole window', increment, false],
    ['increments', 'what is left of it', increment, true],
  ])(
    'all land in order where refusals overtake answers: %s at 3 a minute, told %s',
    async (_name, _told, write, isExact) => {
      bench = new ServedBench();
      bench.refusesAtOnce = true;
      bench.meet = new Limit(3, isExact).meet;
      await bench.goLive();
      for (const count of [8, 20]) {
        const outcomes: unknown[] = [];
        for (let n = 0; n < count; n++) {
          bench.engine.write(write(n)).then(
            ({ storeSeq }) => outcomes.push(storeSeq),
            (error: unknown) => outcomes.push(error),
          );
        }
        await bench.pass(15 * WINDOW, () => outcomes.length === count, 100);
        expect(outcomes).toEqual(Array.from({ length: count }, () => expect.any(Number)));
        expect(outcomes).toEqual([...outcomes].sort((a, b) => Number(a) - Number(b)));
      }
    },
  );

  it('fail with the truth when nothing gets through beyond the window', async () => {
    bench = new ServedBench();
    bench.meet = new Limit(0).meet;
    await bench.goLive();
    let error: unknown;
    bench.engine.write(set(1)).catch((thrown: unknown) => (error = thrown));
    let orElse: unknown;
    bench.engine.write(increment(1)).catch((thrown: unknown) => (orElse = thrown));
    const took = await bench.pass(5 * WINDOW, () => error !== undefined && orElse !== undefined, 50);
    expect(took).toBeGreaterThanOrEqual(2 * WINDOW);
    expect(took).toBeLessThan(2 * WINDOW + 6000);
    for (const thrown of [error, orElse]) {
      expect(thrown).toMatchObject({ kind: 'rate_limited', retryable: true });
      expect(isDustError(thrown) && thrown.message).toMatch(/rate limit of the token .* Nothing was written/);
    }
  });

  it('do not wait longer for being limited over one connection after the other', async () => {
    bench = new ServedBench();
    bench.meet = new Limit(0).meet;
    await bench.goLive();
    let error: unknown;
    bench.engine.write(set(1)).catch((thrown: unknown) => (error = thrown));
    let took = 0;
    while (error === undefined && took < 5 * WINDOW) {
      took += await bench.pass(20_000, () => error !== undefined, 50);
      bench.cut();
    }
    expect(error).toMatchObject({ kind: 'rate_limited' });
    expect(took).toBeLessThan(2 * WINDOW + 6000);
  });

  it('have their whole time again when the connection is lost meanwhile, and fail for what is true then', async () => {
    bench = new ServedBench();
    bench.meet = new Limit(0).meet;
    await bench.goLive();
    let error: unknown;
    bench.engine.write(set(1)).catch((thrown: unknown) => (error = thrown));
    await bench.pass(30_000);
    bench.isDown = true;
    bench.cut();
    const took = await bench.pass(5 * WINDOW, () => error !== undefined, 50);
    expect(took).toBeGreaterThan(WINDOW - 1000);
    expect(took).toBeLessThan(WINDOW + 1000);
    expect(error).toMatchObject({
      kind: 'timeout',
      message: expect.stringContaining('no connection stands'),
    });
  });

  it('wait for as long as the server says when it says less than the window', async () => {
    bench = new ServedBench();
    const moments: number[] = [];
    bench.meet = ({ event }) => {
      if (event !== 'write') return undefined;
      moments.push(bench.clock.now());
      if (moments.length > 1) return undefined;
      return { status: 'error', response: { reason: 'rate_limited', retry_after_ms: 35_000 } };
    };
    await bench.goLive();
    let isDone = false;
    const write = bench.engine.write(set(1)).finally(() => (isDone = true));
    await bench.pass(5 * WINDOW, () => isDone, 50);
    await write;
    expect(moments[1]! - moments[0]!).toBeGreaterThanOrEqual(35_000);
    expect(moments[1]! - moments[0]!).toBeLessThan(35_200);
  });

  it('that wait for others say so when their time is up', async () => {
    bench = new ServedBench({ limits: { inFlight: 1, writeTimeout: 5000, pushTimeout: 60_000 } });
    bench.meet = ({ event }) => (event === 'write' ? new Promise(() => undefined) : undefined);
    await bench.goLive();
    const errors: unknown[] = [];
    for (const n of [1, 2]) bench.engine.write(set(n)).catch((thrown: unknown) => errors.push(thrown));
    await bench.pass(6000, () => errors.length === 2);
    expect(errors[1]).toMatchObject({
      kind: 'timeout',
      retryable: true,
      message: expect.stringContaining('the writes before it'),
    });
  });
});
