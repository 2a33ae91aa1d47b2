import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import type { Leaf } from '../../../src/protocol/values/value.js';
import { DeadlineQueue } from '../../../src/deadline-queue.js';
import { PrefixScope } from '../../../src/sync/mirror/prefix-scope.js';
import { createReconnectPolicy } from '../../../src/sync/connection/reconnect-policy.js';
import { createReorderBuffer } from '../../../src/sync/intake/reorder-buffer.js';
import { RunOfOperations } from '../../../src/sync/intake/run-of-operations.js';
import { Inbox } from '../../../src/sync/phoenix/inbox.js';
import { SeqWaiters } from '../../../src/seq-waiters.js';
import { snapshotDiff } from '../../../src/sync/mirror/snapshot-diff.js';
import { TestClock } from '../../../src/testing/test-clock.js';

describe('DeadlineQueue', () => {
  it('tells what fell due, in order, with one timer', async () => {
    const clock = new TestClock(0);
    const expired: string[] = [];
    const queue = new DeadlineQueue<string>(clock, 100, (item) => expired.push(`${item} ${clock.now()}`));
    queue.add('a');
    const cancel = queue.add('b');
    await clock.advance(50);
    queue.add('c');
    expect(clock.pending).toBe(1);
    cancel();
    cancel();
    await clock.advance(100);
    expect(expired).toEqual(['a 100', 'c 150']);
    expect(clock.pending).toBe(0);
  });

  it('has no timer left when everything was called off', () => {
    const clock = new TestClock(0);
    const queue = new DeadlineQueue<number>(clock, 100, () => undefined);
    const cancels = Array.from({ length: 5000 }, (_, i) => queue.add(i));
    for (const cancel of cancels) cancel();
    expect(clock.pending).toBe(0);
    queue.add(1);
    queue.clear();
    expect(clock.pending).toBe(0);
  });
});

describe('SeqWaiters', () => {
  it('calls in the order of the seqs, once, and not what was called off', () => {
    const waiters = new SeqWaiters();
    const called: string[] = [];
    waiters.add(5, () => called.push('five'));
    waiters.add(3, () => called.push('three'));
    const cancel = waiters.add(4, () => called.push('four'));
    waiters.add(5, () => called.push('five again'));
    expect(waiters.first).toBe(3);
    cancel();
    waiters.reach(4);
    expect(called).toEqual(['three']);
    waiters.reach(5);
    waiters.reach(6);
    expect(called).toEqual(['three', 'five', 'five again']);
  });
});

describe('PrefixScope', () => {
  it('keeps what lies at and below its prefixes, and is reached from above them', () => {
    const scope = new PrefixScope(['a/b', 'x']);
    expect(['a/b', 'a/b/c/d', 'x/y'].map((path) => scope.keeps(path))).toEqual([true, true, true]);
    expect(['a', 'a/bb', 'y', 'xy'].map((path) => scope.keeps(path))).toEqual([false, false, false, false]);
    expect(['a', 'a/b', 'a/c', 'y'].map((path) => scope.isReachedFrom(path))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it('keeps everything without prefixes, and refuses one that is none', () => {
    expect(new PrefixScope(undefined).keeps('any/path')).toBe(true);
    expect(() => new PrefixScope(['a//b'])).toThrow(expect.objectContaining({ kind: 'invalid_params' }));
  });

  it('is the same for the same prefixes', () => {
    expect(new PrefixScope(['b', 'a']).identity).toBe(new PrefixScope(['a', 'b', 'a']).identity);
    expect(new PrefixScope([]).identity).not.toBe(new PrefixScope(undefined).identity);
  });
});

describe('the reorder buffer', () => {
  const early = (storeSeq: number, value: number) => ({
    operation: { storeSeq, op: 'set', path: 'a', value, deviceId: null, clientOpId: null } as const,
    source: 'live' as const,
  });

  it('keeps the first copy, and no more than it may', () => {
    const buffer = createReorderBuffer(2);
    expect([3, 5, 7].map((seq) => buffer.add(early(seq, 1)))).toEqual([true, true, false]);
    expect(buffer.add(early(3, 2))).toBe(true);
    expect(buffer.take(2)).toBeUndefined();
    expect(buffer.take(3)?.operation.value).toBe(1);
    expect(buffer.take(3)).toBeUndefined();
    expect(buffer.add(early(7, 1))).toBe(true);
    expect(buffer.size).toBe(2);
  });

  it('keeps no more bytes than it may, and has room again for what it gave away', () => {
    const text = (length: number) => 'x'.repeat(length - 2);
    const buffer = createReorderBuffer(10, 100);
    const add = (seq: number, length: number) => {
      const { operation, source } = early(seq, 0);
      return buffer.add({ operation: { ...operation, value: text(length) }, source });
    };
    expect([add(3, 60), add(4, 41), add(4, 40), add(5, 2)]).toEqual([true, false, true, false]);
    buffer.take(3);
    expect([add(5, 60), add(6, 2)]).toEqual([true, false]);
    buffer.dropThrough(4);
    expect(add(6, 40)).toBe(true);
    buffer.dropBeyond(5);
    expect([add(6, 41), add(6, 40)]).toEqual([false, true]);
    buffer.clear();
    expect(add(7, 100)).toBe(true);
  });

  it('forgets what is told to be of no use, and has room again', () => {
    const left = (drop: (buffer: ReturnType<typeof createReorderBuffer>) => void): unknown[] => {
      const buffer = createReorderBuffer(3);
      for (const seq of [3, 4, 5]) buffer.add(early(seq, seq));
      drop(buffer);
      return [buffer.size, ...[3, 4, 5].filter((seq) => buffer.take(seq) !== undefined)];
    };
    expect(
      left((buffer) => {
        buffer.dropThrough(4);
      }),
    ).toEqual([1, 5]);
    expect(
      left((buffer) => {
        buffer.dropBeyond(4);
      }),
    ).toEqual([2, 3, 4]);
    expect(
      left((buffer) => {
        buffer.clear();
      }),
    ).toEqual([0]);
  });
});

describe('RunOfOperations', () => {
  const next = (storeSeq: number) => ({
    operation: { storeSeq, op: 'set', path: 'a', value: storeSeq, deviceId: null, clientOpId: null } as const,
    source: 'live' as const,
  });
  const runOf = (length: number): RunOfOperations => {
    const run = new RunOfOperations();
    for (let seq = 1; seq <= length; seq++) run.push(next(seq));
    return run;
  };
  const seqs = (run: RunOfOperations): number[] => run.waiting().map(({ operation }) => operation.storeSeq);
  const take = (run: RunOfOperations): number | undefined => {
    const seq = run.at(0)?.operation.storeSeq;
    run.take(1);
    return seq;
  };

  it('hands out in order what was put in, and takes more at any time', () => {
    const run = runOf(5000);
    const taken: (number | undefined)[] = [];
    for (let i = 0; i < 4999; i++) taken.push(take(run));
    expect(seqs(run)).toEqual([5000]);
    run.push(next(5001));
    taken.push(take(run), take(run));
    expect(taken).toEqual(Array.from({ length: 5001 }, (_, i) => i + 1));
    expect([run.at(0), run.size]).toEqual([undefined, 0]);
    run.push(next(7));
    expect(seqs(run)).toEqual([7]);
  });

  it('forgets what is told to be of no use, taken or not', () => {
    const run = runOf(6);
    run.take(1);
    run.dropThrough(3);
    expect(seqs(run)).toEqual([4, 5, 6]);
    expect(take(run)).toBe(4);
    run.clear();
    expect(seqs(run)).toEqual([]);
    run.push(next(9));
    expect(take(run)).toBe(9);
  });
});

describe('the run of operations', () => {
  const next = (storeSeq: number, length: number) => ({
    operation: {
      storeSeq,
      op: 'set',
      path: 'a',
      value: 'x'.repeat(length - 2),
      deviceId: null,
      clientOpId: null,
    } as const,
    source: 'live' as const,
  });

  it('has room for so many, and for so many bytes', () => {
    const byNumber = new RunOfOperations(undefined, { count: 2, bytes: 100 });
    expect([1, 2, 3].map((seq) => byNumber.push(next(seq, 2)))).toEqual([true, true, false]);
    const byBytes = new RunOfOperations(undefined, { count: 9, bytes: 100 });
    expect([byBytes.push(next(1, 60)), byBytes.push(next(2, 41)), byBytes.push(next(2, 40))]).toEqual([
      true,
      false,
      true,
    ]);
    byBytes.take(1);
    expect(byBytes.push(next(3, 60))).toBe(true);
    byBytes.dropThrough(2);
    expect([byBytes.push(next(4, 41)), byBytes.push(next(4, 40))]).toEqual([false, true]);
    byBytes.clear();
    expect(byBytes.push(next(5, 1000))).toBe(true);
  });

  it('says when it is more than half full, and when only a quarter is left', () => {
    const said: boolean[] = [];
    const run = new RunOfOperations((isCrowded) => said.push(isCrowded), { count: 100, bytes: 100 });
    run.push(next(1, 25));
    run.push(next(2, 25));
    expect(said).toEqual([]);
    run.push(next(3, 2));
    expect(said).toEqual([true]);
    run.take(1);
    expect(said).toEqual([true]);
    run.take(1);
    expect(said).toEqual([true, false]);
    run.push(next(4, 60));
    run.clear();
    run.push(next(5, 60));
    run.dropThrough(5);
    expect(said).toEqual([true, false, true, false, true, false]);
  });
});

describe('the inbox of a link', () => {
  it('keeps so many messages, and so many bytes, until it is opened', async () => {
    const heard: unknown[] = [];
    const inbox = new Inbox(({ payload }) => heard.push(payload), { count: 2, bytes: 100 });
    const put = (length: number) => inbox.put({ event: 'event', payload: 'x'.repeat(length - 2) });
    expect([put(60), put(41), put(40), put(2)]).toEqual([true, false, true, false]);
    inbox.open();
    await turnOfTheLoop();
    expect(heard).toHaveLength(2);
    expect([put(1000), put(1000), put(1000)]).toEqual([true, true, true]);
    expect(heard).toHaveLength(5);
  });
});

describe('the reconnect policy', () => {
  it('draws waits evenly from 0 up to a bound that doubles, and never follows a refusal by another attempt', () => {
    const draws = [0, 0.5, 0.999];
    const policy = createReconnectPolicy({
      backoff: { base: 100, max: 300 },
      random: () => draws.shift() ?? 1,
    });
    const lost = { kind: 'lost', reason: 'closed (code 1000)' } as const;
    expect([1, 2, 3, 4].map(() => policy.delayAfter(lost))).toEqual([0, 100, 299.7, 300]);
    policy.reset();
    expect(policy.delayAfter(lost)).toBe(100);
    expect(policy.delayAfter({ kind: 'refused', reason: 'unauthorized' })).toBeUndefined();
  });
});

describe('snapshotDiff', () => {
  const leaf = (path: string, value: number, revision = 1): Leaf => ({
    path,
    value,
    type: 'integer',
    revision,
  });

  it('tells additions, changes and removals in store order, and nothing of what is the same', () => {
    const changes = snapshotDiff(
      [leaf('a', 1), leaf('b', 1), leaf('c', 1), leaf('e', 1)],
      [leaf('a', 1), leaf('b', 2), leaf('d', 1), leaf('e', 1, 2)],
    );
    expect(changes.map(({ path, before, after }) => [path, before?.value, after?.value])).toEqual([
      ['b', 1, 2],
      ['c', 1, undefined],
      ['d', undefined, 1],
      ['e', 1, 1],
    ]);
  });

  it('ends what it reads, also where the other cannot be read', () => {
    const ends: string[] = [];
    function* present(): Generator<Leaf> {
      try {
        yield leaf('a', 1);
        yield leaf('b', 1);
      } finally {
        ends.push('present');
      }
    }
    function* next(): Generator<Leaf> {
      yield leaf('a', 1);
      throw new Error('cannot be read');
    }
    expect(() => snapshotDiff(present(), next())).toThrow('cannot be read');
    expect(ends).toEqual(['present']);
  });

  it('goes by the order of the store, not by that of JavaScript', () => {
    const [last, first] = ['\u{10000}', '\uffee'];
    expect(snapshotDiff([leaf(first, 1), leaf(last, 1)], [leaf(first, 1), leaf(last, 1)])).toEqual([]);
  });
});
