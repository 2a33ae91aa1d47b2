import { setImmediate as continuations } from 'node:timers/promises';
import { filter, firstValueFrom } from 'rxjs';
import type { DataSource, TransportFactory } from '../../../src/index.js';
import { DustError } from '../../../src/index.js';
import type { Transport } from '../../../src/transport/transport.js';
import { describeContract } from '../describe-contract.js';
import { defineNote } from '../entities.js';
import { overlay } from '../rows/overlay.js';

/** Milliseconds that no test takes, not even where it waits for a server's limits: what must not run out meanwhile. */
const LONG = 300_000;

describeContract(
  'leases',
  (context) => {
    let mine: DataSource;
    let theirs: DataSource;
    let other: Transport;
    let key: string;

    beforeEach(async () => {
      const entity = defineNote(context.uniquePrefix());
      mine = await context.connect([entity]);
      theirs = await context.connect([entity]);
      other = await context.otherWriter();
      key = `${context.uniquePrefix().join('/')}/lock`;
    });

    it('is one holder at a time', async () => {
      const lease = await mine.manager.lease(key, { ttl: LONG, holder: 'me' });
      expect(lease).toMatchObject({ key, holder: 'me' });
      await expect(theirs.manager.lease(key, { ttl: LONG })).rejects.toMatchObject({ kind: 'held' });
      expect(await lease.release()).toBe(true);
      const next = await theirs.manager.lease(key, { ttl: LONG });
      expect(next.token).toBeGreaterThan(lease.token);
    });

    context.itWith('clock', 'runs out, and is then free for the next', async () => {
      const lease = await mine.manager.lease(key, { ttl: 1000 });
      expect(lease.expiresAt).toBe(context.clock.now() + 1000);
      await context.clock.advance(999);
      await expect(theirs.manager.lease(key)).rejects.toMatchObject({ kind: 'held' });
      await context.clock.advance(1);
      await theirs.manager.lease(key);
      await expect(lease.renew()).rejects.toMatchObject({ kind: 'not_held' });
      expect(await lease.release()).toBe(false);
    });

    context.itWith('clock', 'lasts longer when it is renewed', async () => {
      const lease = await mine.manager.lease(key, { ttl: 1000 });
      await context.clock.advance(900);
      await lease.renew();
      expect(lease.expiresAt).toBe(context.clock.now() + 1000);
      await context.clock.advance(900);
      await expect(theirs.manager.lease(key)).rejects.toMatchObject({ kind: 'held' });
    });

    it('keeps its token when it is renewed, and can be renewed no more once it is released', async () => {
      const lease = await mine.manager.lease(key, { ttl: LONG });
      const { token, expiresAt } = lease;
      await lease.renew();
      expect(lease.token).toBe(token);
      expect(lease.expiresAt).toBeGreaterThanOrEqual(expiresAt);
      await lease.release();
      await expect(lease.renew()).rejects.toMatchObject({ kind: 'not_held' });
    });

    context.itWith('clock', 'lasts 30 seconds when no time is given', async () => {
      const lease = await mine.manager.lease(key);
      expect(lease.expiresAt).toBe(context.clock.now() + 30_000);
    });

    it('is not given where the key holds something else', async () => {
      await other.set(key, 'occupied');
      await expect(mine.manager.lease(key)).rejects.toMatchObject({ kind: 'occupied' });
    });

    it('releasing twice does no harm', async () => {
      const lease = await mine.manager.lease(key, { ttl: LONG });
      expect(await lease.release()).toBe(true);
      expect(await lease.release()).toBe(false);
    });

    it('a fence lets a write through until its lease is released', async () => {
      const lease = await mine.manager.lease(key, { ttl: LONG });
      const path = `${key}-data`;
      await other.set(path, 'fenced in', { fence: lease.fence });
      await lease.release();
      const late = { kind: 'fenced' };
      await expect(other.set(path, 'too late', { fence: lease.fence })).rejects.toMatchObject(late);
      const next = await theirs.manager.lease(key, { ttl: LONG });
      await expect(other.set(path, 'too late', { fence: lease.fence })).rejects.toMatchObject(late);
      await other.set(path, 'next', { fence: next.fence });
      expect((await other.get(path))?.value).toBe('next');
    });

    context.itWith('clock', 'a fence lets no write through once its lease has run out', async () => {
      const lease = await mine.manager.lease(key, { ttl: 1000 });
      const path = `${key}-data`;
      await other.set(path, 'fenced in', { fence: lease.fence });
      await context.clock.advance(1000);
      await expect(other.set(path, 'too late', { fence: lease.fence })).rejects.toMatchObject({
        kind: 'fenced',
      });
      const next = await theirs.manager.lease(key);
      await expect(other.set(path, 'too late', { fence: lease.fence })).rejects.toMatchObject({
        kind: 'fenced',
      });
      await other.set(path, 'next', { fence: next.fence });
      expect((await other.get(path))?.value).toBe('next');
    });

    it.each([86_400_001, 2 ** 53 - 1])('refuses to last for %d ms', async (ttl) => {
      const refused = { kind: 'invalid_params', detail: 'invalid_ttl' };
      await expect(mine.manager.lease(key, { ttl })).rejects.toMatchObject(refused);
      await expect(mine.manager.singleFlight(key, () => 1, { ttl })).rejects.toMatchObject(refused);
      await expect(other.lease(key, { ttl })).rejects.toMatchObject(refused);
      const lease = await mine.manager.lease(key, { ttl: LONG });
      await expect(lease.renew(ttl)).rejects.toMatchObject(refused);
      expect(await lease.release()).toBe(true);
    });

    it.each(['', 'a//b', '/a'])('refuses the key %p', async (bad) => {
      await expect(mine.manager.lease(bad)).rejects.toMatchObject({ kind: 'invalid_params' });
    });
  },
  { needs: 'leases' },
);

describeContract(
  'single flight',
  (context) => {
    const setUp = async () => {
      const entity = defineNote(context.uniquePrefix());
      const [mine, theirs] = [await context.connect([entity]), await context.connect([entity])];
      return {
        mine: mine.manager,
        theirs: theirs.manager,
        key: `${context.uniquePrefix().join('/')}/result`,
      };
    };

    it('computes once for callers at the same time, and shares the result', async () => {
      const { mine, theirs, key } = await setUp();
      const compute = jest.fn(async () => ({ answer: 42 }));
      const results = await Promise.all([
        mine.singleFlight(key, compute, { ttl: LONG }),
        mine.singleFlight(key, compute, { ttl: LONG }),
        theirs.singleFlight(key, compute, { ttl: LONG }),
      ]);
      expect(results).toEqual([{ answer: 42 }, { answer: 42 }, { answer: 42 }]);
      expect(compute).toHaveBeenCalledTimes(1);
    });

    it('later callers take what was computed', async () => {
      const { mine, theirs, key } = await setUp();
      await mine.singleFlight(key, () => 'first', { ttl: LONG });
      expect(await theirs.singleFlight(key, () => 'second', { ttl: LONG })).toBe('first');
    });

    it('computes anew when the result is stale', async () => {
      const { mine, theirs, key } = await setUp();
      await mine.singleFlight(key, () => 'first', { staleAfter: 1000, ttl: LONG });
      await context.clock.advance(999);
      expect(await theirs.singleFlight(key, () => 'second', { staleAfter: 1000, ttl: LONG })).toBe('first');
      await context.clock.advance(1);
      expect(await theirs.singleFlight(key, () => 'second', { staleAfter: 1000, ttl: LONG })).toBe('second');
    });

    it('the result lies at the key as one JSON string, and may have been put there by any client', async () => {
      const { mine, theirs, key } = await setUp();
      const other = await context.otherWriter();
      await mine.singleFlight(key, () => ({ answer: [42, {}] }), { ttl: LONG });
      expect((await other.get(key))?.value).toBe('{"answer":[42,{}]}');
      await other.set(key, '"of another client"');
      expect(await theirs.singleFlight(key, () => 'anew', { ttl: LONG })).toBe('of another client');
    });

    it('a result that version 0.1 published is taken for what it holds, and for as old as it is', async () => {
      const { mine, theirs, key } = await setUp();
      const other = await context.otherWriter();
      await other.set(key, JSON.stringify({ value: { answer: 1 }, at: context.clock.now() }));
      const flight = { ttl: LONG, staleAfter: 1000 };
      expect(await mine.singleFlight(key, () => 'anew', flight)).toEqual({ answer: 1 });
      await context.clock.advance(1000);
      expect(await theirs.singleFlight(key, () => 'anew', { ttl: LONG })).toEqual({ answer: 1 });
      expect(await theirs.singleFlight(key, () => 'anew', flight)).toBe('anew');
      expect((await other.get(key))?.value).toBe('"anew"');
    });

    it('a result whose time nobody noted is stale for those who go by it', async () => {
      const { mine, theirs, key } = await setUp();
      await mine.singleFlight(key, () => 'first', { ttl: LONG });
      const flight = { ttl: LONG, staleAfter: 1000 };
      expect(await theirs.singleFlight(key, () => 'second', flight)).toBe('second');
      expect(await mine.singleFlight(key, () => 'third', flight)).toBe('second');
    });

    it('a result is fresh when the caller says so, by what it holds', async () => {
      const { mine, theirs, key } = await setUp();
      const counting = (count: number) => ({ ttl: LONG, fresh: (value: number) => value >= count });
      expect(await mine.singleFlight(key, () => 1, counting(5))).toBe(1);
      expect(await theirs.singleFlight(key, () => 2, counting(1))).toBe(1);
      expect(await theirs.singleFlight(key, () => 2, counting(2))).toBe(2);
      const asked = { ttl: LONG, fresh: (value: number) => Promise.resolve(value === 2) };
      expect(await mine.singleFlight(key, () => 3, asked)).toBe(2);
    });

    it.each(['signal', 'abort'])('a caller gives up waiting by %s, and the others go on', async (option) => {
      const { mine, theirs, key } = await setUp();
      let finish: (value: string) => void = () => {};
      let started: () => void = () => {};
      const running = new Promise<void>((resolve) => (started = resolve));
      const compute = (): Promise<string> => {
        started();
        return new Promise((resolve) => (finish = resolve));
      };
      const first = mine.singleFlight(key, compute, { ttl: LONG });
      await running;
      const controller = new AbortController();
      const never = jest.fn(() => 'second');
      const second = theirs.singleFlight(key, never, { ttl: LONG, [option]: controller.signal });
      const refusal = second.catch((error: unknown) => error);
      controller.abort();
      expect(await refusal).toMatchObject({ kind: 'aborted' });
      finish('first');
      expect(await first).toBe('first');
      expect(await theirs.singleFlight(key, never, { ttl: LONG })).toBe('first');
      expect(never).not.toHaveBeenCalled();
    });

    it('a computation that is called off hears of it, and lets the next one try', async () => {
      const { mine, theirs, key } = await setUp();
      const controller = new AbortController();
      const compute = (signal: AbortSignal): Promise<string> => {
        queueMicrotask(() => {
          controller.abort(new RangeError('enough'));
        });
        return new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            reject(signal.reason as Error);
          });
        });
      };
      const flight = mine.singleFlight(key, compute, { ttl: LONG, abort: controller.signal });
      await expect(flight).rejects.toThrow(new RangeError('enough'));
      expect(await theirs.singleFlight(key, () => 'second', { ttl: LONG })).toBe('second');
    });

    it.each(['get', 'lease', 'set'] as const)(
      'a caller who says so computes alone when the store cannot be reached (%s)',
      async (step) => {
        const { theirs, key } = await setUp();
        const unreachable = new DustError('network', 'no route');
        const fail = (): Promise<never> => Promise.reject(unreachable);
        const transport: TransportFactory = (options) =>
          overlay(context.transport(options), { [step]: fail });
        const entity = defineNote(context.uniquePrefix());
        const { manager } = await context.connect([entity], { transport });
        await expect(manager.singleFlight(key, () => 'alone', { ttl: LONG })).rejects.toBe(unreachable);
        const options = { ttl: LONG, onUnavailable: 'run' } as const;
        expect(await manager.singleFlight(key, () => 'alone', options)).toBe('alone');
        expect(await theirs.singleFlight(key, () => 'shared', { ttl: LONG })).toBe('shared');
      },
    );

    it('rejects for the caller whose computation failed, and lets the next one try', async () => {
      const { mine, theirs, key } = await setUp();
      const failing = mine.singleFlight(key, () => Promise.reject(new RangeError('no luck')), { ttl: LONG });
      await expect(failing).rejects.toThrow(new RangeError('no luck'));
      expect(await theirs.singleFlight(key, () => 'second', { ttl: LONG })).toBe('second');
    });

    context.itWith('clock', 'keeps its lease while a long computation goes on', async () => {
      const { mine, theirs, key } = await setUp();
      let finish: (value: string) => void = () => {};
      let started: () => void = () => {};
      const running = new Promise<void>((resolve) => (started = resolve));
      const first = mine.singleFlight(
        key,
        () => {
          started();
          return new Promise<string>((resolve) => (finish = resolve));
        },
        { ttl: 3000 },
      );
      await running;
      const second = theirs.singleFlight(key, () => 'second', { ttl: 3000 });
      const other = await context.otherWriter();
      for (let elapsed = 0; elapsed < 10_000; elapsed += 1000) {
        const renewed = firstValueFrom(
          other
            .watch(`_dust:sf/${key}`)
            .pipe(filter(({ operations }) => operations.some(({ op }) => op === 'renew'))),
        );
        await context.clock.advance(1000);
        await renewed;
        // The holder's client has answers in order: it has that of its renewal now, too.
        await mine.lease(`${key}-${elapsed}`, { ttl: LONG });
        await continuations();
      }
      finish('first');
      expect(await Promise.all([first, second])).toEqual(['first', 'first']);
    });
  },
  { needs: 'leases' },
);
