import { setImmediate as continuations } from 'node:timers/promises';
import { DataSource, DustError, EmbeddedTransport, silentLogger } from '../../../../src/index.js';
import { createMemoryStorage, Store } from '../../../../src/store/index.js';
import { TestClock } from '../../../../src/testing/test-clock.js';
import { Link, watched } from '../support.js';

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
    expect(await refusal).toMatchObject({ kind: 'aborted', path: 'answer' });
    expect(clock.pending).toBe(before);
    work.resolve(1);
    await first;
    expect(clock.pending).toBe(0);
  });
});

describe('singleFlight', () => {
  it('without realtime looks again after a third of the ttl, as often as it takes', async () => {
    const { clock, theirs, control, transport } = await twoManagers(false);
    const lease = await transport.lease('_dust:sf/answer', { ttl: 60_000 });
    const looks: number[] = [];
    const start = clock.now();
    control.before = (method) => method === 'get' && looks.push(clock.now() - start);
    const waiting = theirs.singleFlight('answer', () => 2, { ttl: 3000 });
    await settled();
    looks.length = 0;
    for (let i = 0; i < 5; i++) {
      await clock.advance(500);
      await settled();
    }
    expect(looks).toEqual([1000, 2000]);
    await transport.release('_dust:sf/answer', lease.token);
    await clock.advance(500);
    expect(await waiting).toBe(2);
  });

  it('can call its reads off, which wait for a connection unless the caller does without', async () => {
    const { theirs, control } = await twoManagers();
    const asked: unknown[] = [];
    control.before = (method, [, options]) => method === 'get' && asked.push(options);
    const { signal } = new AbortController();
    await theirs.singleFlight('one', () => 1, { signal });
    expect(asked).toEqual([
      { signal, forWrite: true },
      { signal, forWrite: true },
    ]);
    asked.length = 0;
    await theirs.singleFlight('two', () => 1, { onUnavailable: 'run' });
    expect(asked).toEqual([{ forWrite: false }, { forWrite: false }]);
  });

  it('has given its lease back before it resolves', async () => {
    const { theirs, control } = await twoManagers();
    let isReleased = false;
    control.before = async (method) => {
      if (method !== 'release') return;
      await settled();
      isReleased = true;
    };
    await theirs.singleFlight('answer', () => 1);
    expect(isReleased).toBe(true);
  });

  it.each<[string, DustError, object]>([
    ['that cannot be reached', new DustError('network', 'no route'), {}],
    ['that refuses', new DustError('forbidden', 'no'), { onUnavailable: 'run' }],
  ])('tells a computation that its lease could not be renewed at a store %s', async (_, error, options) => {
    const { clock, theirs, control } = await twoManagers();
    control.before = (method) => {
      if (method === 'renew') throw error;
    };
    const work = deferred<number>();
    let heard: AbortSignal | undefined;
    const flight = theirs.singleFlight(
      'answer',
      (signal) => {
        heard = signal;
        return work.promise;
      },
      { ttl: 3000, ...options },
    );
    await settled();
    await clock.advance(1000);
    expect([heard?.aborted, heard?.reason]).toEqual([true, error]);
    work.resolve(1);
    await flight;
  });

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

  it('publishes the value as one JSON string and nothing else, and releases its lease', async () => {
    const { mine, transport } = await twoManagers();
    await mine.singleFlight(['reports', '2026/01'], () => ({ nested: { empty: {} } }));
    const entry = await transport.get('reports/2026~101');
    expect(JSON.parse(entry?.value as string)).toEqual({ nested: { empty: {} } });
    expect(await transport.exists('_dust:sf-at')).toBe(false);
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

  it.each(['text', '', 42, true, ['"json"']])(
    'leaves a key that holds something else alone (%p)',
    async (value) => {
      const { mine, transport } = await twoManagers();
      await transport.set('answer', value);
      await expect(mine.singleFlight('answer', () => 1)).rejects.toMatchObject({
        kind: 'occupied',
        path: 'answer',
      });
      expect((await transport.get('answer'))?.value).toEqual(value);
    },
  );

  it('a map where the result belongs is left alone', async () => {
    const { mine, transport } = await twoManagers();
    await transport.set('answers/one', '1');
    await expect(mine.singleFlight('answers', () => 1)).rejects.toMatchObject({ kind: 'occupied' });
  });

  it.each([{ value: 1, at: 2 }, null, 'text', 0])(
    'is not taken in by a result that looks like what was published once (%p)',
    async (value) => {
      const { mine, theirs, transport } = await twoManagers();
      await mine.singleFlight('answer', () => value);
      expect(await theirs.singleFlight('answer', () => 'anew')).toEqual(value);
      expect((await transport.get('answer'))?.value).toBe(JSON.stringify(value));
    },
  );

  it('the time noted of one result is not taken for that of another', async () => {
    const { clock, mine, theirs, transport } = await twoManagers();
    await mine.singleFlight('answer', () => 'first', { staleAfter: 1000 });
    await transport.set('answer', '"of another client"');
    expect(await theirs.singleFlight('answer', () => 'anew', { staleAfter: 1000 })).toBe('anew');
    await clock.advance(500);
    expect(await mine.singleFlight('answer', () => 'third', { staleAfter: 1000 })).toBe('anew');
    expect(await mine.singleFlight('answer', () => 'third', { staleAfter: 500 })).toBe('third');
  });

  it('a lease that is granted after the caller gave up is given back', async () => {
    const { theirs, control, transport } = await twoManagers();
    const onTheWay = deferred<undefined>();
    control.before = (method) => (method === 'lease' ? onTheWay.promise : undefined);
    const controller = new AbortController();
    const compute = jest.fn(() => 1);
    const flight = theirs.singleFlight('answer', compute, { signal: controller.signal });
    const refusal = flight.catch((error: unknown) => error);
    await settled();
    controller.abort();
    expect(await refusal).toMatchObject({ kind: 'aborted', path: 'answer' });
    onTheWay.resolve(undefined);
    await settled();
    expect(compute).not.toHaveBeenCalled();
    await transport.lease('_dust:sf/answer');
  });

  describe('when the store cannot be reached', () => {
    const unreachable = new DustError('network', 'no route');
    const run = { onUnavailable: 'run' } as const;

    it.each(['get', 'lease', 'set'])(
      'rejects as ever (%s), and computes for the caller who says so',
      async (step) => {
        const { theirs, control, transport } = await twoManagers();
        control.before = (method) => {
          if (method === step) throw unreachable;
        };
        const compute = jest.fn(() => 1);
        await expect(theirs.singleFlight('answer', compute)).rejects.toBe(unreachable);
        compute.mockClear();
        expect(await theirs.singleFlight('answer', compute, run)).toBe(1);
        expect(compute).toHaveBeenCalledTimes(1);
        expect(await transport.get('answer')).toBeNull();
      },
    );

    it('computes nothing for a caller who has given up meanwhile', async () => {
      const { theirs, control } = await twoManagers();
      const controller = new AbortController();
      control.before = (method) => {
        if (method !== 'get') return;
        controller.abort();
        throw unreachable;
      };
      const compute = jest.fn(() => 1);
      const flight = theirs.singleFlight('answer', compute, { ...run, signal: controller.signal });
      await expect(flight).rejects.toMatchObject({ kind: 'aborted', path: 'answer' });
      expect(compute).not.toHaveBeenCalled();
    });

    it('does not wait for giving its lease back', async () => {
      const { theirs, control } = await twoManagers();
      const never = new Promise<never>(() => undefined);
      control.before = (method) => {
        if (method === 'set') throw unreachable;
        return method === 'release' ? never : undefined;
      };
      expect(await theirs.singleFlight('answer', () => 1, run)).toBe(1);
    });

    it('computes when that happens while it waits for another', async () => {
      const { clock, theirs, control, transport } = await twoManagers();
      await transport.lease('_dust:sf/answer', { ttl: 3000 });
      const waiting = theirs.singleFlight('answer', () => 'alone', { ttl: 3000, ...run });
      await settled();
      control.before = (method) => {
        if (method !== 'close') throw unreachable;
      };
      await clock.advance(3000);
      expect(await waiting).toBe('alone');
    });

    it('goes on computing when its lease cannot be renewed, and publishes when it can again', async () => {
      const { clock, theirs, control, transport } = await twoManagers();
      const work = deferred<string>();
      const heard = deferred<AbortSignal>();
      const flight = theirs.singleFlight(
        'answer',
        (signal) => {
          heard.resolve(signal);
          return work.promise;
        },
        { ttl: 3000, ...run },
      );
      const signal = await heard.promise;
      let refusals = 0;
      control.before = (method) => {
        if (method === 'renew' && refusals++ === 0) throw unreachable;
      };
      await clock.advance(1000);
      await clock.advance(1000);
      await clock.advance(1500);
      expect(refusals).toBeGreaterThan(1);
      expect(signal.aborted).toBe(false);
      work.resolve('shared');
      expect(await flight).toBe('shared');
      expect((await transport.get('answer'))?.value).toBe('"shared"');
    });

    it.each([
      new DustError('forbidden', 'no'),
      new DustError('occupied', 'no'),
      new DustError('http', 'odd', { status: 418 }),
    ])('is something else than being refused (%p)', async (refused) => {
      const { theirs, control } = await twoManagers();
      control.before = (method) => {
        if (method === 'lease') throw refused;
      };
      const compute = jest.fn(() => 1);
      await expect(theirs.singleFlight('answer', compute, run)).rejects.toBe(refused);
      expect(compute).not.toHaveBeenCalled();
    });

    it.each(['compute', 'fresh'])('is not what the same error means that %s throws', async (which) => {
      const { theirs, transport } = await twoManagers();
      const fail = (): never => {
        throw unreachable;
      };
      if (which === 'fresh') await transport.set('answer', '1');
      const compute = jest.fn(which === 'compute' ? fail : () => 1);
      const options = which === 'fresh' ? { ...run, fresh: fail } : run;
      await expect(theirs.singleFlight('answer', compute, options)).rejects.toBe(unreachable);
      expect(compute).toHaveBeenCalledTimes(which === 'compute' ? 1 : 0);
      await transport.lease('_dust:sf/answer');
    });
  });

  it.each([
    [{ fresh: 1 }, 'fresh'],
    [{ onUnavailable: 'wait' }, 'onUnavailable'],
    [{ abort: true }, 'abort'],
    [{ abort: new AbortController().signal, signal: new AbortController().signal }, 'signal and abort'],
    [{ ttl: 0 }, 'ttl'],
    [{ holder: 5 }, 'holder'],
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
