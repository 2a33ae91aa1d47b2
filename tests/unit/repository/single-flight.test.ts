import { setImmediate as continuations } from 'node:timers/promises';
import { DataSource, EmbeddedTransport, silentLogger } from '../../../src/index.js';
import { createMemoryStorage, Store } from '../../../src/store/index.js';
import { TestClock } from '../../../src/testing/test-clock.js';
import { Link, watched } from './support.js';

/** A promise to be settled by hand. */
function deferred<T>() {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise<T>((res, rej) => {
    resolve = res;
    reject = rej;
  });
  return { promise, resolve, reject };
}

const open: DataSource[] = [];
afterEach(async () => {
  for (const dataSource of open.splice(0)) await dataSource.destroy();
});

/** Two processes on one store, so to speak. */
async function twoManagers(realtime = true) {
  const clock = new TestClock();
  const store = new Store({ storage: createMemoryStorage(), clock });
  const connect = async () => {
    const control = watched(new EmbeddedTransport({ store }), { realtime });
    const dataSource = new DataSource({
      entities: [Link],
      transport: control.transport,
      clock,
      logger: silentLogger,
    });
    open.push(dataSource);
    await dataSource.initialize();
    return { manager: dataSource.manager, control };
  };
  const [mine, theirs] = [await connect(), await connect()];
  return {
    clock,
    mine: mine.manager,
    theirs: theirs.manager,
    control: theirs.control,
    transport: mine.control.transport,
  };
}

const settled = async (): Promise<void> => {
  for (let i = 0; i < 5; i++) await continuations();
};

describe.each([true, false])('singleFlight (realtime: %p)', (realtime) => {
  it('the loser waits and takes what the winner published', async () => {
    const { clock, mine, theirs } = await twoManagers(realtime);
    const work = deferred<number>();
    const second = jest.fn(() => 2);
    const first = mine.singleFlight('answer', () => work.promise);
    await settled();
    const waiting = theirs.singleFlight('answer', second);
    await settled();
    work.resolve(1);
    await settled();
    if (!realtime) await clock.advance(10_000);
    expect(await Promise.all([first, waiting])).toEqual([1, 1]);
    expect(second).not.toHaveBeenCalled();
  });

  it('when the winner fails, only it hears of it and a waiter takes over', async () => {
    const { clock, mine, theirs } = await twoManagers(realtime);
    const work = deferred<number>();
    const first = mine.singleFlight('answer', () => work.promise);
    const failure = first.catch((error: unknown) => error);
    await settled();
    const waiting = theirs.singleFlight('answer', () => 2);
    await settled();
    work.reject(new RangeError('no luck'));
    await settled();
    if (!realtime) await clock.advance(10_000);
    expect(await failure).toEqual(new RangeError('no luck'));
    expect(await waiting).toBe(2);
  });

  it('when the winner vanishes, a waiter takes over after the ttl', async () => {
    const { clock, theirs, transport } = await twoManagers(realtime);
    await transport.lease('_dust:sf/answer', { ttl: 3000 });
    const compute = jest.fn(() => 2);
    const waiting = theirs.singleFlight('answer', compute, { ttl: 3000 });
    await clock.advance(2999);
    await settled();
    expect(compute).not.toHaveBeenCalled();
    await clock.advance(3000);
    expect(await waiting).toBe(2);
  });

  it('a waiter that gives up rejects, and leaves no timer behind', async () => {
    const { clock, mine, theirs } = await twoManagers(realtime);
    const work = deferred<number>();
    const first = mine.singleFlight('answer', () => work.promise);
    await settled();
    const before = clock.pending;
    const controller = new AbortController();
    const waiting = theirs.singleFlight('answer', () => 2, { signal: controller.signal });
    const refusal = waiting.catch((error: unknown) => error);
    await settled();
    expect(clock.pending).toBe(before + 1);
    controller.abort();
    expect(await refusal).toMatchObject({ kind: 'aborted' });
    expect(clock.pending).toBe(before);
    work.resolve(1);
    await first;
    expect(clock.pending).toBe(0);
  });
});

describe('singleFlight', () => {
  it('looks again after taking the right to compute: the last winner may just have published', async () => {
    const { mine, theirs, control } = await twoManagers();
    control.before = async (method) => {
      if (method !== 'lease') return;
      control.before = () => undefined;
      await mine.singleFlight('answer', () => 1);
    };
    const compute = jest.fn(() => 2);
    expect(await theirs.singleFlight('answer', compute)).toBe(1);
    expect(compute).not.toHaveBeenCalled();
  });

  it('a computation that lost its lease hears of it, publishes nothing, and yields to what was published', async () => {
    const { clock, mine, theirs, transport } = await twoManagers();
    const work = deferred<string>();
    const heard = deferred<AbortSignal>();
    const first = mine.singleFlight(
      'answer',
      (signal) => {
        heard.resolve(signal);
        return work.promise;
      },
      { ttl: 3000 },
    );
    const signal = await heard.promise;
    await transport.delete('_dust:sf/answer');
    expect(await theirs.singleFlight('answer', () => 'theirs', { ttl: 3000 })).toBe('theirs');
    expect(signal.aborted).toBe(false);
    await clock.advance(1000);
    expect(signal.aborted).toBe(true);
    work.resolve('mine');
    expect(await first).toBe('theirs');
    expect(await mine.singleFlight('answer', () => 'third')).toBe('theirs');
  });

  it('a computation that lost its lease keeps its result when nobody published another', async () => {
    const { mine, transport } = await twoManagers();
    const result = await mine.singleFlight('answer', async () => {
      await transport.delete('_dust:sf/answer');
      return 'mine';
    });
    expect(result).toBe('mine');
    expect(await transport.get('answer')).toBeNull();
  });

  it('publishes one JSON string, and releases its lease', async () => {
    const { clock, mine, transport } = await twoManagers();
    await mine.singleFlight(['reports', '2026/01'], () => ({ nested: { empty: {} } }));
    const entry = await transport.get('reports/2026~101');
    expect(JSON.parse(entry?.value as string)).toEqual({ value: { nested: { empty: {} } }, at: clock.now() });
    expect(await transport.release('_dust:sf/reports/2026~101', 1)).toBe(false);
    await transport.lease('_dust:sf/reports/2026~101');
  });

  it.each([
    ['undefined', () => undefined, /undefined at "result"/],
    ['a Date inside', () => ({ when: new Date(0) }), /an instance of Date at "result.when"/],
  ])('refuses a result that is not JSON (%s), and lets the next one try', async (_, compute, message) => {
    const { mine, theirs } = await twoManagers();
    await expect(mine.singleFlight('answer', compute)).rejects.toMatchObject({
      kind: 'invalid_value',
      message: expect.stringMatching(message),
    });
    expect(await theirs.singleFlight('answer', () => 1)).toBe(1);
  });

  it.each(['text', 42, '{"value":1}', '"json"'])(
    'leaves a key that holds something else alone (%p)',
    async (value) => {
      const { mine, transport } = await twoManagers();
      await transport.set('answer', value);
      await expect(mine.singleFlight('answer', () => 1)).rejects.toMatchObject({
        kind: 'occupied',
        path: 'answer',
      });
      expect((await transport.get('answer'))?.value).toBe(value);
    },
  );

  it.each([
    [{ ttl: 0 }, 'ttl'],
    [{ staleAfter: -1 }, 'staleAfter'],
    [{ tll: 1 }, 'tll'],
  ])('refuses the options %p', async (options, name) => {
    const { mine } = await twoManagers();
    await expect(mine.singleFlight('answer', () => 1, options as object)).rejects.toMatchObject({
      kind: 'invalid_options',
      message: expect.stringContaining(name),
    });
  });
});

describe('keys of leases and single flights', () => {
  it.each(['reading/links', 'reading/links/a', 'reading'])(
    'may not be, hold or lie in an entity prefix: %p',
    async (key) => {
      const { mine } = await twoManagers();
      const refusal = {
        kind: 'invalid_params',
        detail: 'key_inside_entity',
        message: expect.stringContaining('Link'),
      };
      await expect(mine.lease(key)).rejects.toMatchObject(refusal);
      await expect(mine.singleFlight(key, () => 1)).rejects.toMatchObject(refusal);
    },
  );

  it('may be segments', async () => {
    const { mine } = await twoManagers();
    expect((await mine.lease(['jobs', 'a/b'])).key).toBe('jobs/a~1b');
  });

  it('leases are released at the end of their block', async () => {
    const { mine } = await twoManagers();
    const lease = await mine.lease('jobs/nightly', { ttl: 5000 });
    await lease[Symbol.asyncDispose]();
    await mine.lease('jobs/nightly');
  });
});
