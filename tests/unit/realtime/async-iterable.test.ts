import { EMPTY, from, NEVER, Observable, Subject, throwError } from 'rxjs';
import { DustError } from '../../../src/errors.js';
import { toAsyncIterable } from '../../../src/realtime/index.js';

async function collect<T>(items: AsyncIterable<T>, into: T[] = []): Promise<T[]> {
  for await (const item of items) into.push(item);
  return into;
}

const iterate = <T>(source: Observable<T>, limit?: number) =>
  toAsyncIterable(source, limit === undefined ? {} : { limit })[Symbol.asyncIterator]();

describe('toAsyncIterable', () => {
  it('hands out every item in order and ends with the source', async () => {
    expect(await collect(toAsyncIterable(from([1, 2, 3])))).toEqual([1, 2, 3]);
    expect(await collect(toAsyncIterable(EMPTY))).toEqual([]);
  });

  it('hands out undefined and null as items', async () => {
    expect(await collect(toAsyncIterable(from([undefined, null])))).toEqual([undefined, null]);
  });

  it('subscribes when an iteration begins, not before, and anew for each', async () => {
    let subscriptions = 0;
    const iterable = toAsyncIterable(
      new Observable<number>((subscriber) => {
        subscriber.next(++subscriptions);
        subscriber.complete();
      }),
    );
    expect(subscriptions).toBe(0);
    expect(await collect(iterable)).toEqual([1]);
    expect(await collect(iterable)).toEqual([2]);
  });

  it('keeps what arrives between the beginning of the iteration and the first next()', async () => {
    const source = new Subject<string>();
    const iterator = iterate(source);
    source.next('early');
    expect(await iterator.next()).toEqual({ done: false, value: 'early' });
  });

  it('answers concurrent next() calls in the order they were made', async () => {
    const source = new Subject<string>();
    const iterator = iterate(source);
    const answers = [iterator.next(), iterator.next(), iterator.next()];
    source.next('a');
    source.next('b');
    source.complete();
    expect(await Promise.all(answers)).toEqual([
      { done: false, value: 'a' },
      { done: false, value: 'b' },
      { done: true, value: undefined },
    ]);
  });

  it('passes an error on behind the items before it, once', async () => {
    const source = new Subject<string>();
    const iterator = iterate(source);
    source.next('a');
    source.error(new Error('lost'));
    expect(await iterator.next()).toEqual({ done: false, value: 'a' });
    await expect(iterator.next()).rejects.toThrow('lost');
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });

  it('rejects the first of several that wait and ends the others', async () => {
    const source = new Subject<string>();
    const iterator = iterate(source);
    const answers = [iterator.next(), iterator.next()];
    source.error(new Error('lost'));
    const [first, second] = await Promise.allSettled(answers);
    expect(first).toMatchObject({ status: 'rejected', reason: { message: 'lost' } });
    expect(second).toEqual({ status: 'fulfilled', value: { done: true, value: undefined } });
  });

  it('passes on an error that comes while subscribing', async () => {
    await expect(collect(toAsyncIterable(throwError(() => new Error('refused'))))).rejects.toThrow('refused');
  });

  it('holds exactly the limit', async () => {
    const source = new Subject<number>();
    const iterator = iterate(source, 2);
    source.next(1);
    source.next(2);
    expect(source.observed).toBe(true);
    expect(await iterator.next()).toEqual({ done: false, value: 1 });
    source.next(3);
    expect(source.observed).toBe(true);
  });

  it('lets go of the source on overflow, hands out what waited and ends in resync_required', async () => {
    const source = new Subject<number>();
    const iterable = toAsyncIterable(source, { limit: 2 });
    const iterator = iterable[Symbol.asyncIterator]();
    for (const n of [1, 2, 3, 4]) source.next(n);
    expect(source.observed).toBe(false);
    const received: number[] = [];
    const error: unknown = await collect({ [Symbol.asyncIterator]: () => iterator }, received).catch(
      (reason: unknown) => reason,
    );
    expect(received).toEqual([1, 2]);
    expect(error).toBeInstanceOf(DustError);
    expect(error).toMatchObject({ kind: 'resync_required', message: expect.stringContaining('2 items') });
  });

  it('is bounded by 1000 items unless told otherwise', () => {
    const source = new Subject<number>();
    iterate(source);
    for (let n = 0; n < 1000; n++) source.next(n);
    expect(source.observed).toBe(true);
    source.next(1000);
    expect(source.observed).toBe(false);
  });

  describe('in bytes', () => {
    const text = (kilobytes: number) => 'x'.repeat(kilobytes * 1000);
    const bounded = <T>(source: Observable<T>, limitBytes: number) =>
      toAsyncIterable(source, { limitBytes })[Symbol.asyncIterator]();

    it('holds items up to the limit, and says which limit it was', async () => {
      const source = new Subject<{ readonly title: string }>();
      const iterator = bounded(source, 10_000);
      for (let n = 0; n < 9; n++) source.next({ title: text(1) });
      expect(source.observed).toBe(true);
      source.next({ title: text(1) });
      expect(source.observed).toBe(false);
      for (let n = 0; n < 9; n++) expect((await iterator.next()).done).toBe(false);
      await expect(iterator.next()).rejects.toMatchObject({
        kind: 'resync_required',
        message: expect.stringMatching(/10000 bytes of items.*"limitBytes"/s),
      });
    });

    it('gives the room of what was taken back', async () => {
      const source = new Subject<string>();
      const iterator = bounded(source, 3_000);
      for (let n = 0; n < 100; n++) {
        source.next(text(1));
        source.next(text(1));
        await iterator.next();
        await iterator.next();
      }
      expect(source.observed).toBe(true);
    });

    it('hands out one item of whatever length', async () => {
      const source = new Subject<Uint8Array>();
      const iterator = bounded(source, 10);
      source.next(new Uint8Array(1_000));
      expect(source.observed).toBe(true);
      expect((await iterator.next()).value).toHaveLength(1_000);
      source.next(new Uint8Array(1_000));
      source.next(new Uint8Array(1));
      expect(source.observed).toBe(false);
    });

    it('counts once what lists have in common', () => {
      const source = new Subject<readonly { readonly title: string }[]>();
      bounded(source, 50_000);
      const books = Array.from({ length: 40 }, () => ({ title: text(1) }));
      for (let n = 0; n < 100; n++) source.next([...books]);
      expect(source.observed).toBe(true);
      source.next(books.map(({ title }) => ({ title })));
      expect(source.observed).toBe(false);
    });

    it('counts in full again, when nothing waits any more, what was taken', async () => {
      const source = new Subject<readonly object[]>();
      const iterator = bounded(source, 10_000);
      const [book, other] = [{ title: text(6) }, { title: text(6) }];
      source.next([]);
      source.next([book]);
      await iterator.next();
      // One waits that has it in common.
      source.next([book]);
      source.next([book]);
      expect(source.observed).toBe(true);
      for (let n = 0; n < 3; n++) await iterator.next();
      source.next([book]);
      source.next([other]);
      expect(source.observed).toBe(false);
    });

    it('measures maps, sets and things that hold themselves, and calls no getter', () => {
      const ring: { title: string; ring?: unknown } = { title: text(1) };
      ring.ring = ring;
      const read = jest.fn();
      const items = [
        ring,
        new Map([[text(1), text(1)]]),
        new Set([text(1)]),
        new Date(),
        [[text(1)]],
        Object.defineProperty({}, 'lazy', { enumerable: true, get: read }),
      ];
      const source = new Subject<unknown>();
      bounded(source, 5_900);
      for (const item of items) source.next(item);
      expect(source.observed).toBe(true);
      source.next(text(1));
      expect(source.observed).toBe(false);
      expect(read).not.toHaveBeenCalled();
    });

    it('is bounded by 64 MiB unless told otherwise', () => {
      const source = new Subject<Uint8Array>();
      iterate(source);
      for (let n = 0; n < 63; n++) source.next(new Uint8Array(1024 * 1024));
      expect(source.observed).toBe(true);
      source.next(new Uint8Array(1024 * 1024));
      expect(source.observed).toBe(false);
    });
  });

  it('survives a source that overflows it while subscribing', async () => {
    const iterator = iterate(from([1, 2, 3]), 1);
    expect(await iterator.next()).toEqual({ done: false, value: 1 });
    await expect(iterator.next()).rejects.toMatchObject({ kind: 'resync_required' });
  });

  it('unsubscribes when the loop is left by break or by an error', async () => {
    const source = new Subject<number>();
    const leaveBy = async (leave: () => void): Promise<void> => {
      const iterator = iterate(source);
      source.next(1);
      for await (const item of { [Symbol.asyncIterator]: () => iterator }) {
        expect({ item, observed: source.observed }).toEqual({ item: 1, observed: true });
        leave();
        break;
      }
    };
    await leaveBy(() => undefined);
    expect(source.observed).toBe(false);
    await expect(
      leaveBy(() => {
        throw new Error('mine');
      }),
    ).rejects.toThrow('mine');
    expect(source.observed).toBe(false);
  });

  it('ends those who wait when it is returned, and stays ended', async () => {
    const iterator = iterate(NEVER);
    const waiting = iterator.next();
    expect(await iterator.return?.()).toEqual({ done: true, value: undefined });
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });

  it('forgets what waited, an error included, when it is returned', async () => {
    const source = new Subject<number>();
    const iterator = iterate(source);
    source.next(1);
    source.error(new Error('lost'));
    await iterator.return?.();
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });

  it.each([5, undefined, [1]])('refuses %p, which is no Observable', (source) => {
    expect(() => toAsyncIterable(source as never)).toThrow(
      expect.objectContaining({
        kind: 'invalid_options',
        message: expect.stringContaining('toAsyncIterable() takes an Observable, not'),
      }),
    );
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses the limit %p', (limit) => {
    expect(() => toAsyncIterable(NEVER, { limit })).toThrow(
      expect.objectContaining({ kind: 'invalid_options', message: expect.stringContaining('"limit"') }),
    );
    expect(() => toAsyncIterable(NEVER, { limitBytes: limit })).toThrow(
      expect.objectContaining({ kind: 'invalid_options', message: expect.stringContaining('"limitBytes"') }),
    );
  });
});

it('a limit that is no number is named as what it is', () => {
  expect(() => toAsyncIterable(new Subject<number>(), { limit: '3' as never })).toThrow(
    '"limit" must be a positive integer, not the string "3".',
  );
});
