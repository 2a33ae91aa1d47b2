import { setImmediate as settled } from 'node:timers/promises';
import type { CommitRange, CommittedOperation } from '../../../../src/protocol/requests/operation.js';
import { Intake } from '../../../../src/sync/intake/intake.js';
import { createReorderBuffer } from '../../../../src/sync/intake/reorder-buffer.js';
import type { ValueCheck } from '../../../../src/sync/intake/value-check.js';
import type { CommitToApply, Mirror } from '../../../../src/sync/mirror/mirror.js';
import { PrefixScope } from '../../../../src/sync/mirror/prefix-scope.js';
import { defaultParts } from '../../../../src/sync/parts.js';
import { TestClock } from '../../../../src/testing/test-clock.js';
import { stillHeld } from '../../garbage.js';

const operation = (storeSeq: number, clientOpId = `op${storeSeq}`): CommittedOperation => ({
  storeSeq,
  op: 'set',
  path: 'a',
  value: 1,
  deviceId: null,
  clientOpId,
});

const snapshot = (storeSeq: number) => ({ storeSeq, leaves: [] });

/** An intake whose mirror notes what it is told, each time when the test lets it go on. */
function scene({ applyBound = { count: 100, bytes: 1e6 }, isSlow = false } = {}) {
  const clock = new TestClock(0);
  const applied: string[] = [];
  /** What the mirror is told of the commit that each operation belongs to. */
  const ranges: (CommitRange | undefined)[] = [];
  const told = { crowded: [] as boolean[], holes: [] as boolean[], skipped: 0, faults: [] as unknown[] };
  let goOn = (): void => undefined;
  const ready = (): Promise<void> =>
    isSlow ? new Promise<void>((resolve) => (goOn = resolve)) : Promise.resolve();
  const mirror = {
    storeSeq: 0,
    hasStaleLeaves: false,
    apply: async (commits: readonly CommitToApply[]) => {
      await ready();
      ranges.push(...commits.flat().map(({ operation: { commit } }) => commit));
      applied.push(
        ...commits.map((commit) => commit.map(({ operation: { clientOpId } }) => clientOpId).join(' ')),
      );
      mirror.storeSeq = commits.flat().at(-1)!.operation.storeSeq;
    },
    replace: async (_: unknown, storeSeq: number) => {
      await ready();
      applied.push(`snapshot ${storeSeq}`);
      mirror.storeSeq = storeSeq;
    },
    forget: () => {
      mirror.storeSeq = 0;
      return Promise.resolve();
    },
  };
  const buffer = createReorderBuffer(10);
  const intake: Intake = new Intake({
    mirror: mirror as unknown as Mirror,
    scope: new PrefixScope(undefined),
    buffer,
    values: { stop: () => undefined } as unknown as ValueCheck,
    applyBound,
    clock,
    parts: defaultParts,
    onProgress: () => told.holes.push(intake.hasHole),
    onCrowded: (isCrowded) => told.crowded.push(isCrowded),
    onOperationsSkipped: () => told.skipped++,
    onFault: (error) => told.faults.push(error),
  });
  return {
    intake,
    mirror,
    buffer,
    clock,
    applied,
    ranges,
    told,
    goOn: async () => {
      goOn();
      await settled();
    },
  };
}

describe('what comes out of its turn', () => {
  it('is applied when there is room again, though nothing else comes', async () => {
    const { intake, buffer, applied, goOn } = scene({ applyBound: { count: 2, bytes: 1e6 }, isSlow: true });
    intake.offer(operation(1), 'live');
    for (const seq of [4, 2, 3]) expect(intake.offer(operation(seq), 'live')).toBe(true);
    expect(buffer.size).toBe(1);
    for (let i = 0; i < 4; i++) await goOn();
    expect(applied).toEqual(['op1', 'op2', 'op3', 'op4']);
    expect(buffer.size).toBe(0);
  });

  it('has come as soon as what is before it has, however much it is', () => {
    const { intake, buffer } = scene({ isSlow: true });
    for (const seq of [4, 3, 2, 6]) intake.offer(operation(seq), 'live');
    expect([intake.arrivedThrough, buffer.size]).toEqual([0, 4]);
    intake.offer(operation(1), 'live');
    expect([intake.arrivedThrough, buffer.size]).toEqual([4, 1]);
  });

  it('and is one commit is applied as such when its first operation comes last', async () => {
    const { intake, applied } = scene();
    const commit = { first: 1, last: 4 };
    for (const seq of [4, 3, 2, 1]) intake.offer({ ...operation(seq), commit }, 'live');
    await settled();
    expect(applied).toEqual(['op1 op2 op3 op4']);
  });

  it('is left out where there is no room, and so said', () => {
    const { intake } = scene({ applyBound: { count: 2, bytes: 1e6 }, isSlow: true });
    expect([1, 2, 3, 4].map((seq) => intake.offer(operation(seq), 'live'))).toEqual([
      true,
      true,
      true,
      false,
    ]);
    expect([intake.arrivedThrough, intake.highestKnown]).toEqual([3, 4]);
  });

  it('follows a snapshot that reaches up to it, and what the snapshot holds is dropped', async () => {
    const { intake, buffer, applied, told } = scene();
    for (const seq of [3, 5, 6]) intake.offer(operation(seq), 'live');
    expect(buffer.size).toBe(3);
    intake.offerSnapshot(snapshot(4));
    await settled();
    expect(applied).toEqual(['snapshot 4', 'op5', 'op6']);
    expect([buffer.size, told.skipped]).toEqual([0, 1]);
  });
});

describe('what is known', () => {
  it('of the store is the most that was heard of, and no less than what is there', () => {
    const { intake } = scene({ isSlow: true });
    intake.offerSnapshot(snapshot(4));
    expect(intake.highestKnown).toBe(4);
    intake.catchUpJoined(6);
    intake.learnOf(5);
    expect(intake.highestKnown).toBe(6);
    intake.forgetBeyond(5);
    expect(intake.highestKnown).toBe(5);
    intake.forgetBeyond(2);
    expect(intake.highestKnown).toBe(4);
  });

  it('already is taken, and waits nowhere', async () => {
    const { intake, buffer, applied } = scene();
    for (const seq of [1, 2]) intake.offer(operation(seq), 'live');
    await settled();
    expect([1, 2].map((seq) => intake.offer(operation(seq), 'catchUp'))).toEqual([true, true]);
    await settled();
    expect([applied, buffer.size]).toEqual([['op1', 'op2'], 0]);
  });

  it('of a batch that a catch-up was cut short in is that one more belongs to it, not two', async () => {
    const { intake } = scene();
    intake.beginCatchUp();
    intake.offer(operation(1, 'r:0'), 'catchUp');
    intake.endCatchUp(false);
    await settled();
    expect([intake.storeSeq, intake.highestKnown, intake.hasHole]).toEqual([0, 2, true]);
  });

  it('to be missing is told when all else is applied', async () => {
    const { intake, told } = scene();
    intake.offer(operation(2), 'live');
    expect(intake.hasHole).toBe(false);
    await settled();
    expect([intake.hasHole, told.holes.at(-1)]).toEqual([true, true]);
  });

  it('to belong together is applied together, whichever comes first', async () => {
    const { intake, applied, clock } = scene();
    const commit = { first: 1, last: 2 };
    intake.offer({ ...operation(2), commit }, 'live');
    intake.offer({ ...operation(1), commit }, 'live');
    await settled();
    expect([applied, clock.pending]).toEqual([['op1 op2'], 0]);
  });
});

describe('the commit that an operation belongs to', () => {
  it('is that of all its batch, where only the ids of a batch tell it', async () => {
    const { intake, applied, ranges } = scene();
    for (const [i, id] of ['b:0', 'b:1', 'b:2', 'c'].entries()) intake.offer(operation(i + 1, id), 'live');
    await settled();
    expect(applied).toEqual(['b:0 b:1 b:2', 'c']);
    const batch = { first: 1, last: 3 };
    expect(ranges).toEqual([batch, batch, batch, undefined]);
  });

  it('is the one that the server tells, also where the mirror has its beginning', async () => {
    const { intake, ranges } = scene();
    const commit = { first: 1, last: 4 };
    intake.offerSnapshot(snapshot(2));
    for (const seq of [3, 4]) intake.offer({ ...operation(seq), commit }, 'live');
    await settled();
    expect(ranges).toEqual([commit, commit]);
  });

  it('is all of it, where there is room for a part of it at a time', async () => {
    const { intake, applied, ranges } = scene({ applyBound: { count: 2, bytes: 1e6 } });
    const commit = { first: 1, last: 4 };
    for (const part of [
      [1, 2],
      [3, 4],
    ]) {
      for (const seq of part) intake.offer({ ...operation(seq), commit }, 'live');
      await settled();
    }
    expect(applied).toEqual(['op1 op2', 'op3 op4']);
    expect(ranges).toEqual([commit, commit, commit, commit]);
  });
});

describe('a long catch-up', () => {
  /** How many commits the mirror is given at a time. */
  async function chunksOf(count: number, idOf: (i: number) => string): Promise<readonly number[]> {
    const { intake, mirror } = scene({ applyBound: { count: 1e6, bytes: 1e9 } });
    const apply = jest.spyOn(mirror, 'apply');
    intake.beginCatchUp();
    // One that is applied by itself: the others come meanwhile.
    for (let i = 0; i <= count; i++) {
      const { storeSeq, clientOpId } = { storeSeq: i + 1, clientOpId: i === 0 ? 'first' : idOf(i - 1) };
      intake.offer(operation(storeSeq, clientOpId), 'catchUp');
    }
    expect(await intake.whole(count + 1)).toBe(true);
    expect(intake.storeSeq).toBe(count + 1);
    return apply.mock.calls.map(([commits]) => commits.length);
  }

  it.each([
    [999, [1, 999]],
    [1000, [1, 1000]],
    [1001, [1, 1000, 1]],
    [2500, [1, 1000, 1000, 500]],
  ])('is applied in chunks of a thousand operations: %d', async (count, chunks) => {
    expect(await chunksOf(count, (i) => `op${i}`)).toEqual(chunks);
  });

  it('is applied in chunks that end with the commit that reaches a thousand', async () => {
    const batches = (i: number): string => `b${Math.floor(i / 400)}:${i % 400}`;
    expect(await chunksOf(2000, batches)).toEqual([1, 3, 2]);
  });
});

it('a batch of which more comes while it is waited for is waited for anew', async () => {
  const { intake, applied, clock } = scene();
  intake.offer(operation(1, 'b:0'), 'live');
  await settled();
  await clock.advance(40);
  intake.offer(operation(2, 'b:1'), 'live');
  await settled();
  await clock.advance(10);
  expect([applied, clock.pending]).toEqual([[], 1]);
  await clock.advance(49);
  expect(applied).toEqual([]);
  await clock.advance(1);
  await settled();
  expect([applied, clock.pending]).toEqual([['b:0 b:1'], 0]);
});

describe('a mirror', () => {
  it('that cannot be written leaves what it has, and takes the same again', async () => {
    const { intake, mirror, applied, told } = scene();
    const full = new Error('disk full');
    const { apply } = mirror;
    mirror.apply = () => Promise.reject(full);
    for (const seq of [1, 2]) intake.offer(operation(seq), 'live');
    await settled();
    expect([told.faults, intake.arrivedThrough]).toEqual([[full], 0]);
    mirror.apply = apply;
    for (const seq of [1, 2]) intake.offer(operation(seq), 'catchUp');
    await settled();
    expect([applied, intake.storeSeq]).toEqual([['op1', 'op2'], 2]);
  });

  it('of a store that moved back is right again when a catch-up from 0 is whole', async () => {
    const { intake, mirror, applied } = scene();
    intake.offer(operation(1), 'live');
    await settled();
    intake.reset();
    await intake.startOver();
    expect([intake.storeSeq, intake.highestKnown, intake.arrivedThrough]).toEqual([0, 0, 0]);
    mirror.hasStaleLeaves = true;
    intake.beginCatchUp();
    intake.catchUpJoined(2);
    expect([intake.isRebuilding, intake.highestKnown]).toEqual([true, 2]);
    for (const seq of [1, 2]) intake.offer(operation(seq), 'catchUp');
    await settled();
    expect([applied, intake.storeSeq, intake.isRebuilding]).toEqual([['op1'], 2, true]);
    expect(await intake.whole(2)).toBe(true);
    expect([applied, intake.storeSeq, intake.isRebuilding]).toEqual([['op1', 'snapshot 2'], 2, false]);
  });
});

describe('a snapshot', () => {
  it('is held no longer than it takes', async () => {
    const { intake } = scene();
    const offer = (): WeakRef<object> => {
      const offered = snapshot(4);
      intake.offerSnapshot(offered);
      return new WeakRef(offered);
    };
    const offered = offer();
    await settled();
    expect(await stillHeld([offered])).toBe(0);
    expect(intake.storeSeq).toBe(4);
  });

  it('that the mirror is past is none', async () => {
    const { intake, applied, told } = scene();
    for (const seq of [1, 2]) intake.offer(operation(seq), 'live');
    await settled();
    intake.offerSnapshot(snapshot(2));
    await settled();
    expect([applied, told.skipped]).toEqual([['op1', 'op2'], 0]);
  });

  it('takes the place of a batch that waits for its end, of which nothing is known any more', async () => {
    const { intake, applied } = scene();
    for (const [i, id] of ['b:0', 'b:1', 'b:2'].entries()) intake.offer(operation(i + 1, id), 'live');
    await settled();
    intake.offerSnapshot(snapshot(3));
    await settled();
    for (const [i, id] of ['c:0', 'd', 'e', 'f'].entries()) intake.offer(operation(i + 4, id), 'live');
    await settled();
    expect(applied).toEqual(['snapshot 3', 'c:0', 'd', 'e', 'f']);
  });

  it('takes the place of what waits before it, and not of what waits behind it', async () => {
    const { intake, applied, goOn } = scene({ isSlow: true });
    for (const seq of [1, 2, 3, 4]) intake.offer(operation(seq), 'live');
    intake.offerSnapshot(snapshot(3));
    for (let i = 0; i < 3; i++) await goOn();
    expect(applied).toEqual(['op1', 'snapshot 3', 'op4']);
  });
});

describe('what a connection has left is forgotten with it', () => {
  it('a snapshot that waits', async () => {
    const { intake, applied, goOn } = scene({ isSlow: true });
    intake.offer(operation(1), 'live');
    intake.offerSnapshot(snapshot(5));
    intake.reset();
    await goOn();
    await goOn();
    expect(applied).toEqual(['op1']);
    expect([intake.storeSeq, intake.highestKnown, intake.hasHole]).toEqual([1, 1, false]);
  });

  it('what waits before and behind a hole, and for the rest of its batch', async () => {
    const { intake, buffer, applied, clock, goOn } = scene({ isSlow: true });
    for (const seq of [1, 2, 4]) intake.offer(operation(seq), 'live');
    intake.reset();
    await goOn();
    expect(applied).toEqual(['op1']);
    intake.offer(operation(2, 'b:0'), 'live');
    await settled();
    expect(clock.pending).toBe(1);
    intake.reset();
    expect([buffer.size, clock.pending, intake.arrivedThrough]).toEqual([0, 0, 1]);
  });

  it('how far a batch went', async () => {
    const { intake, applied } = scene();
    for (const [i, id] of ['b:0', 'b:1', 'b:2'].entries()) intake.offer(operation(i + 1, id), 'live');
    await settled();
    intake.reset();
    for (const [i, id] of ['c:0', 'd', 'e', 'f'].entries()) intake.offer(operation(i + 1, id), 'live');
    await settled();
    expect(applied).toEqual(['c:0', 'd', 'e', 'f']);
  });

  it('whoever waits for its catch-up, who hears that it is not whole', async () => {
    const { intake } = scene({ isSlow: true });
    intake.offer(operation(1), 'live');
    const whole = intake.whole(1);
    intake.reset();
    expect(await whole).toBe(false);
  });
});
