import { setImmediate as settled } from 'node:timers/promises';
import type { CommittedOperation } from '../../../../src/protocol/requests/operation.js';
import { Intake } from '../../../../src/sync/intake/intake.js';
import { createReorderBuffer } from '../../../../src/sync/intake/reorder-buffer.js';
import type { ValueCheck } from '../../../../src/sync/intake/value-check.js';
import type { CommitToApply, Mirror } from '../../../../src/sync/mirror/mirror.js';
import { PrefixScope } from '../../../../src/sync/mirror/prefix-scope.js';
import { defaultParts } from '../../../../src/sync/parts.js';
import { TestClock } from '../../../../src/testing/test-clock.js';

const operation = (
  storeSeq: number,
  op: CommittedOperation['op'],
  path = 'p/a',
  more: Partial<CommittedOperation> = {},
): CommittedOperation => ({
  storeSeq,
  op,
  path,
  value: storeSeq,
  deviceId: null,
  clientOpId: `op${storeSeq}`,
  ...more,
});

/** An intake of what lies below `p`, whose values are read again when the test says so: each is 100 more then. */
function scene() {
  const applied: [seq: number, value: unknown][][] = [];
  const reads: [seq: number, waiting: number[]][] = [];
  const known = new Set<number>();
  let answer = (_isRead: boolean): void => undefined;
  let stopped = 0;
  const mirror = {
    storeSeq: 0,
    hasStaleLeaves: false,
    apply: (commits: readonly CommitToApply[]) => {
      for (const commit of commits) {
        applied.push(commit.map(({ operation: { storeSeq, value } }) => [storeSeq, value]));
        mirror.storeSeq = commit.at(-1)!.operation.storeSeq;
      }
      return Promise.resolve();
    },
    replace: (_: unknown, storeSeq: number) => {
      applied.push([[storeSeq, 'snapshot']]);
      mirror.storeSeq = storeSeq;
      return Promise.resolve();
    },
  };
  const values: Pick<ValueCheck, 'checked' | 'read' | 'stop'> = {
    checked: (suspect) =>
      known.has(suspect.storeSeq)
        ? { operation: { ...suspect, value: Number(suspect.value) + 100 } }
        : undefined,
    read: ({ storeSeq }, waiting) => {
      reads.push([storeSeq, Array.from(waiting, (each) => each.operation.storeSeq)]);
      return new Promise((resolve) => {
        answer = (isRead) => {
          if (isRead) known.add(storeSeq);
          resolve(isRead);
        };
      });
    },
    stop: () => {
      stopped++;
      answer(false);
    },
  };
  const intake = new Intake({
    mirror: mirror as unknown as Mirror,
    scope: new PrefixScope(['p']),
    buffer: createReorderBuffer(10),
    values: values as ValueCheck,
    clock: new TestClock(0),
    parts: defaultParts,
    onProgress: () => undefined,
    onCrowded: () => undefined,
    onOperationsSkipped: () => undefined,
    onFault: (error) => {
      throw error;
    },
  });
  return {
    intake,
    applied,
    reads,
    stops: () => stopped,
    isRead: async () => {
      answer(true);
      await settled();
    },
  };
}

describe('a value of a catch-up that may be wrong', () => {
  it('is read before it is applied, with what waits behind it', async () => {
    const { intake, applied, reads, isRead } = scene();
    intake.beginCatchUp();
    for (const op of ['set', 'increment', 'increment', 'set'] as const) {
      intake.offer(operation(intake.arrivedThrough + 1, op), 'catchUp');
    }
    await settled();
    expect([applied, reads]).toEqual([[[[1, 1]]], [[2, [2, 3, 4]]]]);
    await isRead();
    expect([applied.flat(), reads.slice(1)]).toEqual([
      [
        [1, 1],
        [2, 102],
      ],
      [[3, [3, 4]]],
    ]);
    await isRead();
    expect(applied.flat().slice(2)).toEqual([
      [3, 103],
      [4, 4],
    ]);
  });

  it('keeps all of its commit waiting', async () => {
    const { intake, applied, reads, isRead } = scene();
    const commit = { first: 1, last: 4 };
    intake.beginCatchUp();
    for (const [i, op] of (['set', 'increment', 'set', 'increment'] as const).entries()) {
      intake.offer(operation(i + 1, op, i < 2 ? 'p/a' : 'p/b', { commit }), 'catchUp');
    }
    await settled();
    expect([applied, reads.map(([seq]) => seq)]).toEqual([[], [2]]);
    await isRead();
    expect([applied, reads.map(([seq]) => seq)]).toEqual([[], [2, 4]]);
    await isRead();
    expect(applied).toEqual([
      [
        [1, 1],
        [2, 102],
        [3, 3],
        [4, 104],
      ],
    ]);
  });

  it.each<[string, (intake: Intake) => void]>([
    [
      'it is told live',
      (intake) => {
        intake.beginCatchUp();
        intake.offer(operation(1, 'set'), 'catchUp');
        intake.offer(operation(2, 'increment'), 'live');
      },
    ],
    [
      'it lies elsewhere',
      (intake) => {
        intake.beginCatchUp();
        intake.offer(operation(1, 'set', 'q/a'), 'catchUp');
        intake.offer(operation(2, 'increment', 'q/a'), 'catchUp');
      },
    ],
    [
      'what it goes on from was written before the catch-up',
      (intake) => {
        intake.offer(operation(1, 'set'), 'live');
        intake.beginCatchUp();
        intake.offer(operation(2, 'increment'), 'catchUp');
      },
    ],
  ])('is none where %s', async (_, offer) => {
    const { intake, applied, reads } = scene();
    offer(intake);
    await settled();
    expect([applied.flat().map(([seq]) => seq), reads]).toEqual([[1, 2], []]);
  });

  it('is one where what it goes on from was told live meanwhile, and where a second catch-up has begun since', async () => {
    const { intake, reads } = scene();
    intake.beginCatchUp();
    intake.offer(operation(1, 'set'), 'live');
    await settled();
    intake.beginCatchUp();
    intake.offer(operation(2, 'increment'), 'catchUp');
    await settled();
    expect(reads).toEqual([[2, [2]]]);
  });

  it('is the same when its catch-up has ended, and another one has begun, before it was looked at', async () => {
    const { intake, applied, reads, isRead } = scene();
    intake.beginCatchUp();
    for (const [i, path] of ['p/a', 'p/a', 'p/b', 'p/b'].entries()) {
      intake.offer(operation(i + 1, i % 2 === 0 ? 'set' : 'increment', path), 'catchUp');
    }
    await settled();
    intake.endCatchUp(true);
    intake.beginCatchUp();
    await isRead();
    intake.endCatchUp(true);
    await isRead();
    expect(reads.map(([seq]) => seq)).toEqual([2, 4]);
    expect(applied.flat()).toEqual([
      [1, 1],
      [2, 102],
      [3, 3],
      [4, 104],
    ]);
  });

  it('is one also where nothing else is fetched any more when it is looked at', async () => {
    const { intake, reads, isRead } = scene();
    intake.beginCatchUp();
    for (const [i, path] of ['p/a', 'p/a', 'p/b', 'p/b'].entries()) {
      intake.offer(operation(i + 1, i % 2 === 0 ? 'set' : 'increment', path), 'catchUp');
    }
    await settled();
    intake.endCatchUp(true);
    await isRead();
    expect(reads.map(([seq]) => seq)).toEqual([2, 4]);
  });

  it('is wanted no more when a snapshot takes its place, and nor is what was known of its commit', async () => {
    const { intake, applied, reads, isRead } = scene();
    const commit = { first: 1, last: 2 };
    intake.beginCatchUp();
    intake.offer(operation(1, 'set', 'p/a', { commit }), 'catchUp');
    intake.offer(operation(2, 'increment', 'p/a', { commit }), 'catchUp');
    await settled();
    intake.offerSnapshot({ storeSeq: 3, leaves: [] });
    await isRead();
    expect(applied).toEqual([[[3, 'snapshot']]]);
    intake.offer(operation(4, 'set', 'p/b'), 'catchUp');
    await settled();
    expect(applied).toEqual([[[3, 'snapshot']], [[4, 4]]]);
    expect(reads).toHaveLength(1);
  });

  it('is wanted no more when the connection is gone, and is read anew with the next one', async () => {
    const { intake, applied, reads, stops, isRead } = scene();
    const commit = { first: 1, last: 2 };
    const offer = async (): Promise<void> => {
      intake.beginCatchUp();
      intake.offer(operation(1, 'set', 'p/a', { commit }), 'catchUp');
      intake.offer(operation(2, 'increment', 'p/a', { commit }), 'catchUp');
      await settled();
    };
    await offer();
    intake.endCatchUp(false);
    intake.reset();
    await settled();
    expect([stops(), applied, intake.arrivedThrough]).toEqual([1, [], 0]);
    await offer();
    await isRead();
    expect(applied).toEqual([
      [
        [1, 1],
        [2, 102],
      ],
    ]);
    expect(reads.map(([seq]) => seq)).toEqual([2, 2]);
  });
});
