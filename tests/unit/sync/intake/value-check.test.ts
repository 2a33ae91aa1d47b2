import { silentLogger } from '../../../../src/logging.js';
import { MAX_BATCH_OPERATIONS } from '../../../../src/protocol/requests/listing.js';
import type { CommittedOperation, OperationKind } from '../../../../src/protocol/requests/operation.js';
import type { Leaf } from '../../../../src/protocol/values/value.js';
import { EngineReport } from '../../../../src/sync/engine-report.js';
import type { BufferedOperation } from '../../../../src/sync/intake/reorder-buffer.js';
import { ValueCheck } from '../../../../src/sync/intake/value-check.js';
import { TestClock } from '../../../../src/testing/test-clock.js';

function operation(storeSeq: number, op: OperationKind, path: string): CommittedOperation {
  return { storeSeq, op, path, value: 1, deviceId: null, clientOpId: null };
}

/** Which paths are read with the value of an increment of `n` with seq 1. */
async function pathsReadBefore(waiting: readonly BufferedOperation[]): Promise<readonly string[]> {
  const asked: (readonly string[])[] = [];
  const check = new ValueCheck({
    reader: {
      getMany: (paths) => {
        asked.push(paths);
        return Promise.resolve(new Map([['n', { path: 'n', value: 1, type: 'counter', revision: 1 }]]));
      },
    },
    clock: new TestClock(0),
    report: new EngineReport({ store: 'acme/main', logger: silentLogger }),
    policy: { delayAfter: () => 0, reset: () => undefined },
  });
  expect(await check.read(operation(1, 'increment', 'n'), waiting)).toBe(true);
  expect(asked).toHaveLength(1);
  return asked[0] ?? [];
}

test('what is read with a value is what running operations of a catch-up changed, and nothing else', async () => {
  const paths = await pathsReadBefore([
    { source: 'catchUp', operation: operation(2, 'increment', 'counted') },
    { source: 'catchUp', operation: operation(3, 'add', 'added') },
    { source: 'catchUp', operation: operation(4, 'remove', 'removed') },
    { source: 'catchUp', operation: operation(5, 'set', 'set') },
    { source: 'live', operation: operation(6, 'increment', 'heard') },
  ]);
  expect(paths).toEqual(['n', 'counted', 'added', 'removed']);
});

test('no more is read at once than a request may ask for', async () => {
  const waiting = Array.from({ length: MAX_BATCH_OPERATIONS + 1 }, (_, i): BufferedOperation => {
    return { source: 'catchUp', operation: operation(i + 2, 'increment', `n${i}`) };
  });
  expect(await pathsReadBefore(waiting)).toHaveLength(MAX_BATCH_OPERATIONS);
});

describe('a value that was read again', () => {
  function scene(read: () => Promise<ReadonlyMap<string, Leaf>>) {
    const clock = new TestClock(0);
    const asked: AbortSignal[] = [];
    const check = new ValueCheck({
      reader: {
        getMany: (_, { signal }) => {
          asked.push(signal);
          return read();
        },
      },
      clock,
      report: new EngineReport({ store: 'acme/main', logger: silentLogger }),
      policy: { delayAfter: () => 100, reset: () => undefined },
    });
    return { check, clock, asked };
  }

  const leaf = (type: Leaf['type'], revision: number, path = 'n'): Leaf => ({
    path,
    value: 5,
    type,
    revision,
  });
  const first = operation(3, 'increment', 'n');

  it.each<[string, Leaf | undefined, object | undefined]>([
    ['is that of the operation', leaf('counter', 3), { operation: { ...first, value: 5 } }],
    ['may be one of later', leaf('counter', 4), { operation: { ...first, value: 5 } }],
    ['is too old', leaf('counter', 2), undefined],
    ['is of something else by now', leaf('set', 4), { operation: first, isSuperseded: true }],
    ['is gone by now', undefined, { operation: first, isSuperseded: true }],
  ])('%s', async (_, found, expected) => {
    const { check, clock } = scene(() => Promise.resolve(new Map(found && [['n', found]])));
    const read = check.read(first, []);
    await clock.advance(0);
    expect(check.checked(first)).toEqual(expected);
    expect(check.checked(operation(4, 'increment', 'n'))).toBeUndefined();
    expect(check.checked(operation(3, 'increment', 'other'))).toBeUndefined();
    check.stop();
    await read;
    expect(clock.pending).toBe(0);
  });

  it('is forgotten with the connection that asked for it', async () => {
    const { check } = scene(() => Promise.resolve(new Map([['n', leaf('counter', 3)]])));
    expect(await check.read(first, [])).toBe(true);
    expect(check.checked(first)).toBeDefined();
    check.stop();
    expect(check.checked(first)).toBeUndefined();
  });

  it('is asked for until there is an answer, or nobody wants it any more', async () => {
    let answer: () => Promise<ReadonlyMap<string, Leaf>> = () => Promise.reject(new Error('no route'));
    const { check, clock, asked } = scene(() => answer());
    const read = check.read(first, []);
    await clock.advance(250);
    expect([asked.length, clock.pending]).toEqual([3, 1]);
    answer = () => Promise.resolve(new Map([['n', leaf('counter', 3)]]));
    await clock.advance(50);
    expect([await read, clock.pending]).toEqual([true, 0]);
    answer = () => Promise.reject(new Error('no route'));
    const given = check.read(operation(9, 'increment', 'n'), []);
    await clock.advance(0);
    check.stop();
    expect([await given, asked.at(-1)?.aborted, clock.pending]).toEqual([false, true, 0]);
  });
});

describe('what was read at once', () => {
  const found = (path: string, type: Leaf['type'], revision: number): [string, Leaf] => [
    path,
    { path, value: 7, type, revision },
  ];

  it('serves the operations that waited then, and none that came later', async () => {
    const leaves = new Map([
      found('n', 'counter', 1),
      found('counted', 'counter', 2),
      found('added', 'set', 3),
      found('removed', 'counter', 4),
    ]);
    const check = new ValueCheck({
      reader: { getMany: () => Promise.resolve(leaves) },
      clock: new TestClock(0),
      report: new EngineReport({ store: 'acme/main', logger: silentLogger }),
      policy: { delayAfter: () => 0, reset: () => undefined },
    });
    const waiting = [
      operation(2, 'increment', 'counted'),
      operation(3, 'add', 'added'),
      operation(4, 'remove', 'removed'),
    ];
    const heard: BufferedOperation = { source: 'live', operation: operation(5, 'increment', 'heard') };
    expect(
      await check.read(operation(1, 'increment', 'n'), [
        ...waiting.map((each): BufferedOperation => ({ source: 'catchUp', operation: each })),
        heard,
      ]),
    ).toBe(true);
    const [counted, added, removed] = waiting;
    expect(waiting.map((each) => check.checked(each))).toEqual([
      { operation: { ...counted, value: 7 } },
      { operation: { ...added, value: 7 } },
      // A counter has taken the place of the set.
      { operation: removed, isSuperseded: true },
    ]);
    expect(check.checked(heard.operation)).toBeUndefined();
    expect(check.checked(operation(5, 'increment', 'counted'))).toBeUndefined();
    leaves.set(...found('counted', 'counter', 9));
    expect(check.checked(operation(5, 'increment', 'counted'))).toEqual({
      operation: { ...operation(5, 'increment', 'counted'), value: 7 },
    });
    expect(check.checked(operation(6, 'increment', 'counted'))).toBeUndefined();
  });
});

it('each attempt to read values is told of, and the waits between them begin anew with each value', async () => {
  const clock = new TestClock(0);
  const report = new EngineReport({ store: 'acme/main', logger: silentLogger });
  const told = jest.spyOn(report, 'repair');
  const waits = [100, undefined, 200];
  const reset = jest.fn();
  const answers: (() => Promise<readonly (readonly [string, Leaf])[]>)[] = [
    () => Promise.reject(new Error('no route')),
    () => Promise.resolve([['n', { path: 'n', value: 1, type: 'counter', revision: 2 }]]),
    () => Promise.resolve([['n', { path: 'n', value: 1, type: 'counter', revision: 4 }]]),
  ];
  const asked: number[] = [];
  const check = new ValueCheck({
    reader: {
      getMany: async () => {
        asked.push(clock.now());
        return new Map(await answers.shift()!());
      },
    },
    clock,
    report,
    policy: { delayAfter: () => waits.shift(), reset },
  });
  const waiting: BufferedOperation[] = [{ source: 'catchUp', operation: operation(5, 'add', 'm') }];
  const read = check.read(operation(4, 'increment', 'n'), waiting);
  await clock.advance(99);
  expect(asked).toEqual([0]);
  await clock.advance(1);
  expect(await read).toBe(true);
  expect(asked).toEqual([0, 100, 100]);
  expect(reset).toHaveBeenCalledTimes(1);
  const of = { kind: 'values_reread', storeSeq: 3, values: 2 };
  expect(told.mock.calls).toEqual([
    [{ ...of, outcome: 'failed', reason: 'no route' }],
    [
      {
        ...of,
        outcome: 'outdated',
        reason: 'the reader answered an older state of "n" than the channel',
      },
    ],
    [{ ...of, outcome: 'read', reason: undefined }],
  ]);
});

it('values that are read when nobody wants them any more are not to be used', async () => {
  let answer: (leaves: ReadonlyMap<string, Leaf>) => void = () => undefined;
  const check = new ValueCheck({
    reader: { getMany: () => new Promise((resolve) => (answer = resolve)) },
    clock: new TestClock(0),
    report: new EngineReport({ store: 'acme/main', logger: silentLogger }),
    policy: { delayAfter: () => 0, reset: () => undefined },
  });
  const read = check.read(operation(1, 'increment', 'n'), []);
  check.stop();
  answer(new Map([['n', { path: 'n', value: 1, type: 'counter', revision: 1 }]]));
  expect(await read).toBe(false);
});
