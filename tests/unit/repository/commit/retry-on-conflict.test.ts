import { DustError, EntityNotFoundError, PartialWriteError } from '../../../../src/index.js';
import { retryOnConflict } from '../../../../src/repository/commit/retry-on-conflict.js';
import { TestClock } from '../../../../src/testing/index.js';
import { Link, useDataSources } from '../support.js';

const open = useDataSources();

const conflict = (): DustError =>
  new DustError('conflict', 'Link "a": expected revision 1.', { path: 'links/a', currentRevision: 7 });

/** A clock that writes down the waits and ends each at once. */
function impatientClock(): { clock: TestClock; waits: number[] } {
  const waits: number[] = [];
  const clock = new TestClock();
  clock.schedule = (callback, ms) => {
    waits.push(ms);
    queueMicrotask(callback);
    return () => undefined;
  };
  return { clock, waits };
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
