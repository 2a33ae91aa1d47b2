import type { CommitRange } from '../../../../src/protocol/requests/operation.js';
import { createCommitBounds } from '../../../../src/sync/intake/commit-bounds.js';
import { RunOfOperations } from '../../../../src/sync/intake/run-of-operations.js';

/** The bounds of operations that wait, given by their ids, or by ids and commits. */
function waiting(first: number, ...given: readonly (string | null | { id: string; commit: CommitRange })[]) {
  const run = new RunOfOperations();
  const push = (entry: (typeof given)[number], storeSeq: number): void => {
    const { id, commit } = typeof entry === 'object' && entry !== null ? entry : { id: entry };
    const operation = { storeSeq, op: 'set', path: 'a', value: 1, deviceId: null, clientOpId: id } as const;
    run.push({ operation: commit === undefined ? operation : { ...operation, commit }, source: 'live' });
  };
  given.forEach((entry, i) => {
    push(entry, first + i);
  });
  const bounds = createCommitBounds(run);
  let next = first + given.length;
  return {
    bounds,
    run,
    push: (entry: (typeof given)[number]) => {
      push(entry, next++);
    },
  };
}

const told = (first: number, last: number, id = 'x') => ({ id, commit: { first, last } });

describe('the bounds of commits', () => {
  it('are each operation where nothing says otherwise, and nothing where none waits', () => {
    expect(waiting(1).bounds.next()).toBeUndefined();
    expect(waiting(1, 'a', 'b').bounds.next()).toBe(1);
    expect(waiting(1, null).bounds.next()).toBe(1);
  });

  it('are those that the server tells, when all of it is there', () => {
    const { bounds, push } = waiting(4, told(4, 6), told(4, 6));
    expect([bounds.next(), bounds.isGuessed]).toEqual([undefined, false]);
    push(told(4, 6));
    push('after');
    expect(bounds.next()).toBe(3);
  });

  it('end a told commit at its end alone, whatever a catch-up says', () => {
    const { bounds } = waiting(4, told(4, 6));
    bounds.completeThrough(4);
    bounds.completeThrough(6);
    expect(bounds.next()).toBeUndefined();
  });

  it('begin where the mirror stands when it has the beginning of a commit', () => {
    expect(waiting(6, told(4, 6)).bounds.next()).toBe(1);
  });

  it('are told by a later operation of the same commit as well', () => {
    const { bounds, push } = waiting(4, 'batch:0', told(4, 6, 'batch'));
    expect([bounds.next(), bounds.isGuessed]).toEqual([undefined, false]);
    push(told(4, 6, 'batch'));
    expect(bounds.next()).toBe(3);
    expect(waiting(4, 'other', told(5, 6)).bounds.next()).toBe(1);
    expect(waiting(4, 'some id', told(4, 5)).bounds.next()).toBe(2);
  });

  it.each([
    ['another id', ['b:0', 'b:1', 'c:0'], 2],
    ['another id that goes on counting', ['b:0', 'b:1', 'c:2'], 2],
    ['a number left out', ['b:0', 'b:1', 'b:3'], 2],
    ['the same batch again', ['b:0', 'b:1', 'b:0'], 2],
    ['an id without a number', ['b:0', 'b'], 1],
    ['no id', ['b:0', null], 1],
    ['a number written otherwise', ['b:0', 'b:01'], 1],
  ])('are known by the ids of a batch, which %s ends', (_, ids, length) => {
    expect(waiting(1, ...ids).bounds.next()).toBe(length);
  });

  it('take the writes that one client numbers for as many commits', () => {
    expect(waiting(1, 'client:1', 'client:2').bounds.next()).toBe(1);
    expect(waiting(1, 'client:7').bounds.isGuessed).toBe(false);
  });

  it('wait for what follows a batch, until a catch-up has ended there', () => {
    const { bounds, push } = waiting(1, 'b:0', 'b:1');
    expect([bounds.next(), bounds.isGuessed]).toEqual([undefined, true]);
    bounds.completeThrough(3);
    expect(bounds.next()).toBeUndefined();
    push('b:2');
    expect(bounds.next()).toBe(3);
  });

  it('do not end a batch where an earlier catch-up ended', () => {
    const { bounds, push } = waiting(1, 'b:0', 'b:1');
    bounds.completeThrough(1);
    expect(bounds.next()).toBeUndefined();
    push('c');
    expect(bounds.next()).toBe(2);
  });

  it('begin anew behind what was taken', () => {
    const { bounds, run } = waiting(1, 'b:0', 'b:1', 'c:0', 'c:1', 'c:2', 'd');
    expect(bounds.next()).toBe(2);
    run.take(2);
    bounds.reset();
    expect(bounds.next()).toBe(3);
    run.take(3);
    bounds.reset();
    expect(bounds.next()).toBe(1);
  });

  it('forget what a catch-up said when they are cleared', () => {
    const { bounds } = waiting(1, 'b:0');
    bounds.completeThrough(1);
    expect(bounds.next()).toBe(1);
    bounds.clear();
    expect(bounds.next()).toBeUndefined();
  });

  it('begin anew behind a batch that was looked at before it was whole', () => {
    const { bounds, run, push } = waiting(1, 'b:0', 'b:1');
    expect(bounds.next()).toBeUndefined();
    push('c:0');
    push('d');
    expect(bounds.next()).toBe(2);
    run.take(2);
    bounds.reset();
    expect(bounds.next()).toBe(1);
  });

  it('know nothing of a batch any more when they are cleared', () => {
    const { bounds, run, push } = waiting(1, 'b:0', 'b:1', 'b:2');
    expect(bounds.next()).toBeUndefined();
    run.clear();
    bounds.clear();
    push('c:0');
    push('d');
    push('e');
    expect(bounds.next()).toBe(1);
  });

  it('look at each operation of a batch a few times, however long it is', () => {
    const { bounds, run, push } = waiting(1, 'b:0');
    const looks = jest.spyOn(run, 'at');
    for (let i = 1; i < 1000; i++) {
      push(`b:${i}`);
      expect(bounds.next()).toBeUndefined();
    }
    expect(looks.mock.calls.length).toBeLessThan(10_000);
  });
});
