import { getEventListeners } from 'node:events';
import type { Clock } from '../../../../src/clock.js';
import { DustError, EntityNotFoundError, PartialWriteError } from '../../../../src/index.js';
import { retryOnConflict } from '../../../../src/repository/commit/retry-on-conflict.js';
import { TestClock } from '../../../../src/testing/index.js';
import { Link, useDataSources } from '../support.js';

const open = useDataSources();

const conflict = (): DustError =>
  new DustError('conflict', 'Link "a": expected revision 1.', { path: 'links/a', currentRevision: 7 });

/** A clock that writes down the waits and ends each at once. */
function impatientClock(): { clock: Clock; waits: number[]; keepsAlive: unknown[] } {
  const waits: number[] = [];
  const keepsAlive: unknown[] = [];
  const clock: Clock = {
    now: () => 0,
    schedule: (callback, ms, options) => {
      waits.push(ms);
      keepsAlive.push(options?.keepAlive);
      queueMicrotask(callback);
      return () => undefined;
    },
  };
  return { clock, waits, keepsAlive };
}

const fail = (): never => {
  throw conflict();
};

it('waits longer each time, up to a second, by the injected clock', async () => {
  const { clock, waits } = impatientClock();
  const options = { attempts: 9 };
  await expect(retryOnConflict(fail, options, clock, () => 1)).rejects.toMatchObject({ kind: 'conflict' });
  expect(waits).toEqual([20, 40, 80, 160, 320, 640, 1000, 1000]);
});

it('draws each wait, and gives up after ten attempts unless told otherwise', async () => {
  const { clock, waits } = impatientClock();
  const draws = [0.5, 0];
  const failed: unknown = await retryOnConflict(fail, {}, clock, () => draws.shift() ?? 0.25).catch(
    (error: unknown) => error,
  );
  expect(waits.slice(0, 3)).toEqual([10, 0, 20]);
  expect(waits).toHaveLength(9);
  expect(failed).toMatchObject({
    message:
      'retryOnConflict tried 10 times, and another writer was faster each time. The last time: Link "a": expected revision 1.',
    path: 'links/a',
    currentRevision: 7,
    retryable: true,
  });
});

it.each<[string, unknown]>([
  ['another kind', new DustError('exists', 'It is there.')],
  ['what is no error of the package', new TypeError('mine')],
  ['a write of which a part has landed', new PartialWriteError('Stopped.', conflict(), ['title'])],
])('is not called again after %s', async (_, error) => {
  const { clock, waits } = impatientClock();
  const work = jest.fn(() => Promise.reject(error as Error));
  await expect(retryOnConflict(work, {}, clock)).rejects.toBe(error);
  expect(work).toHaveBeenCalledTimes(1);
  expect(waits).toEqual([]);
});

it('a wait ends when it is called off, and leaves nothing behind', async () => {
  const clock = new TestClock();
  const controller = new AbortController();
  const work = jest.fn(fail);
  const called = retryOnConflict(work, { signal: controller.signal }, clock, () => 1);
  await Promise.resolve();
  expect(clock.pending).toBe(1);
  controller.abort();
  await expect(called).rejects.toMatchObject({ kind: 'aborted' });
  expect(clock.pending).toBe(0);
  expect(work).toHaveBeenCalledTimes(1);
});

it('is told which attempt it is, and comes to what the one that lands comes to', async () => {
  const { clock, keepsAlive } = impatientClock();
  const work = jest.fn((attempt: number) => (attempt < 3 ? fail() : `landed at ${attempt}`));
  const { signal } = new AbortController();
  expect(await retryOnConflict(work, { signal }, clock)).toBe('landed at 3');
  expect(work.mock.calls).toEqual([[1], [2], [3]]);
  // Nothing else may be under way in a process that waits.
  expect(keepsAlive).toEqual([true, true]);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

it('says so where it is tried once, without a wait', async () => {
  const { clock, waits } = impatientClock();
  await expect(retryOnConflict(fail, { attempts: 1 }, clock)).rejects.toMatchObject({
    kind: 'conflict',
    message: expect.stringContaining('retryOnConflict tried once, and another writer'),
    cause: expect.objectContaining({ currentRevision: 7 }),
  });
  expect(waits).toEqual([]);
});

it('waits for nothing when it is called off while it is under way, unless it was the last attempt', async () => {
  const { clock, waits } = impatientClock();
  const tried = (attempts: number) => {
    const controller = new AbortController();
    const work = () => {
      controller.abort();
      return fail();
    };
    return retryOnConflict(work, { attempts, signal: controller.signal }, clock);
  };
  await expect(tried(2)).rejects.toMatchObject({ kind: 'aborted' });
  await expect(tried(1)).rejects.toMatchObject({ kind: 'conflict' });
  expect(waits).toEqual([]);
});

it.each([{ times: 3 }, { signal: 'soon' }])('%j is refused', async (options) => {
  const work = jest.fn();
  await expect(retryOnConflict(work, options as object, new TestClock())).rejects.toMatchObject({
    kind: 'invalid_options',
    message: expect.stringContaining('retryOnConflict'),
  });
  expect(work).not.toHaveBeenCalled();
});

it('begins nothing when it was called off before', async () => {
  const work = jest.fn();
  const options = { signal: AbortSignal.abort() };
  await expect(retryOnConflict(work, options, new TestClock())).rejects.toMatchObject({ kind: 'aborted' });
  expect(work).not.toHaveBeenCalled();
});

it.each([0, 1.5, Number.NaN, -1, '3'])('%p attempts are refused', async (attempts) => {
  const options = { attempts: attempts as number };
  await expect(retryOnConflict(fail, options, new TestClock())).rejects.toMatchObject({
    kind: 'invalid_options',
    message: expect.stringContaining('attempts'),
  });
});

it('an entity that is not found has its class and the criteria', async () => {
  const { dataSource } = await open([Link]);
  const where = { slug: 'nobody' };
  const failed: unknown = await dataSource
    .getRepository(Link)
    .findOneByOrFail(where)
    .catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(EntityNotFoundError);
  expect(failed).toMatchObject({ entityName: 'Link', criteria: where });
  expect((failed as EntityNotFoundError).entityClass).toBe(Link);
  expect(new EntityNotFoundError(Link, where).message).toBe((failed as Error).message);
});
