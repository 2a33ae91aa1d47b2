import { silentLogger } from '../../../../src/logging.js';
import { MAX_BATCH_OPERATIONS } from '../../../../src/protocol/listing.js';
import type { CommittedOperation, OperationKind } from '../../../../src/protocol/operation.js';
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
