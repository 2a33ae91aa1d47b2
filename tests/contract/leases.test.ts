import { randomUUID } from 'node:crypto';
import { setImmediate as continuations } from 'node:timers/promises';
import { filter, firstValueFrom } from 'rxjs';
import type { DataSource } from '../../src/index.js';
import type { Transport } from '../../src/transport/transport.js';
import { describeContract } from './describe-contract.js';
import { defineNote } from './entities.js';

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
      key = `_dust:test/${randomUUID()}`;
    });

    it('is one holder at a time', async () => {
      const lease = await mine.manager.lease(key, { ttl: 1000, holder: 'me' });
      expect(lease).toMatchObject({ key, holder: 'me', expiresAt: context.clock.now() + 1000 });
      await expect(theirs.manager.lease(key, { ttl: 1000 })).rejects.toMatchObject({ kind: 'held' });
      expect(await lease.release()).toBe(true);
      const next = await theirs.manager.lease(key, { ttl: 1000 });
      expect(next.token).toBeGreaterThan(lease.token);
    });

    it('runs out, and is then free for the next', async () => {
      const lease = await mine.manager.lease(key, { ttl: 1000 });
      await context.clock.advance(999);
      await expect(theirs.manager.lease(key)).rejects.toMatchObject({ kind: 'held' });
      await context.clock.advance(1);
      await theirs.manager.lease(key);
      await expect(lease.renew()).rejects.toMatchObject({ kind: 'not_held' });
      expect(await lease.release()).toBe(false);
    });

    it('lasts longer when it is renewed, with the same token', async () => {
      const lease = await mine.manager.lease(key, { ttl: 1000 });
      const { token } = lease;
      await context.clock.advance(900);
      await lease.renew();
      expect(lease).toMatchObject({ token, expiresAt: context.clock.now() + 1000 });
      await context.clock.advance(900);
      await expect(theirs.manager.lease(key)).rejects.toMatchObject({ kind: 'held' });
    });

    it('lasts 30 seconds when no time is given', async () => {
      const lease = await mine.manager.lease(key);
      expect(lease.expiresAt).toBe(context.clock.now() + 30_000);
    });

    it('is not given where the key holds something else', async () => {
      await other.set(key, 'occupied');
      await expect(mine.manager.lease(key)).rejects.toMatchObject({ kind: 'occupied' });
    });

    it('releasing twice does no harm', async () => {
      const lease = await mine.manager.lease(key);
      expect(await lease.release()).toBe(true);
      expect(await lease.release()).toBe(false);
    });

    it('a fence lets a write through while its lease is live, and no longer', async () => {
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
      return { mine: mine.manager, theirs: theirs.manager, key: `test-flight/${randomUUID()}` };
    };

    it('computes once for callers at the same time, and shares the result', async () => {
      const { mine, theirs, key } = await setUp();
      const compute = jest.fn(async () => ({ answer: 42 }));
      const results = await Promise.all([
        mine.singleFlight(key, compute),
        mine.singleFlight(key, compute),
        theirs.singleFlight(key, compute),
      ]);
      expect(results).toEqual([{ answer: 42 }, { answer: 42 }, { answer: 42 }]);
      expect(compute).toHaveBeenCalledTimes(1);
    });

    it('later callers take what was computed', async () => {
      const { mine, theirs, key } = await setUp();
      await mine.singleFlight(key, () => 'first');
      expect(await theirs.singleFlight(key, () => 'second')).toBe('first');
    });

    it('computes anew when the result is stale', async () => {
      const { mine, theirs, key } = await setUp();
      await mine.singleFlight(key, () => 'first', { staleAfter: 1000 });
      await context.clock.advance(999);
      expect(await theirs.singleFlight(key, () => 'second', { staleAfter: 1000 })).toBe('first');
      await context.clock.advance(1);
      expect(await theirs.singleFlight(key, () => 'second', { staleAfter: 1000 })).toBe('second');
    });

    it('rejects for the caller whose computation failed, and lets the next one try', async () => {
      const { mine, theirs, key } = await setUp();
      const failing = mine.singleFlight(key, () => Promise.reject(new RangeError('no luck')));
      await expect(failing).rejects.toThrow(new RangeError('no luck'));
      expect(await theirs.singleFlight(key, () => 'second')).toBe('second');
    });

    it('keeps its lease while a long computation goes on', async () => {
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
          other.watch(`_dust:sf/${key}`).pipe(filter(({ op }) => op === 'renew')),
        );
        await context.clock.advance(1000);
        await renewed;
        await continuations();
      }
      finish('first');
      expect(await Promise.all([first, second])).toEqual(['first', 'first']);
    });
  },
  { needs: 'leases' },
);
