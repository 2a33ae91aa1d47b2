import type { CommittedOperation } from '../../../../src/protocol/requests/operation.js';
import { MemoryOperationLog } from '../../../../src/store/memory/memory-operation-log.js';

const operation = (storeSeq: number, clientOpId: string | null = `op${storeSeq}`): CommittedOperation => ({
  storeSeq,
  op: 'set',
  path: 'a',
  value: storeSeq,
  deviceId: null,
  clientOpId,
});
const seqsOf = (operations: Iterable<CommittedOperation>): number[] =>
  Array.from(operations, ({ storeSeq }) => storeSeq);

/** A log of the operations from `first` to `last`. */
function logOf(first: number, last: number): MemoryOperationLog {
  const log = new MemoryOperationLog();
  for (let seq = first; seq <= last; seq++) log.append(operation(seq));
  return log;
}

describe('a log in memory', () => {
  it.each([0, 1, 4, 5, 6, 9, 10, 11])(
    'that was trimmed up to %i has what is behind that, from any seq, and goes on',
    (through) => {
      const log = logOf(1, 10);
      log.trim(through);
      log.append(operation(11));
      const kept = Array.from({ length: 11 }, (_, i) => i + 1).filter((seq) => seq > Math.min(through, 10));
      expect(log.size).toBe(kept.length);
      for (let after = 0; after <= 12; after++) {
        expect(seqsOf(log.since(after))).toEqual(kept.filter((seq) => seq > after));
        expect(seqsOf(log.hold()(after))).toEqual(kept.filter((seq) => seq > after));
      }
    },
  );

  it('that was trimmed further than it goes back stays as it is', () => {
    const log = logOf(1, 10);
    log.trim(4);
    log.trim(2);
    expect(seqsOf(log.since(0))).toEqual([5, 6, 7, 8, 9, 10]);
  });

  it('knows the ids of what it has, be it asked before or behind a trim', () => {
    const log = logOf(1, 4);
    expect(['op1', 'op4', 'op5'].map((id) => log.findClientOp(id))).toEqual([1, 4, undefined]);
    log.append(operation(5));
    log.append(operation(6, null));
    log.trim(1);
    expect(['op1', 'op2', 'op5'].map((id) => log.findClientOp(id))).toEqual([undefined, 2, 5]);
    log.append(operation(7));
    log.append(operation(8));
    log.trim(7);
    expect(['op5', 'op7', 'op8'].map((id) => log.findClientOp(id))).toEqual([undefined, undefined, 8]);
  });

  it('knows an id that came again by its newer seq, until that is trimmed', () => {
    const log = new MemoryOperationLog();
    for (const [i, id] of ['again', 'once', 'again', 'last'].entries()) log.append(operation(i + 1, id));
    expect(log.findClientOp('again')).toBe(3);
    log.trim(2);
    expect([log.findClientOp('again'), log.findClientOp('once')]).toEqual([3, undefined]);
    log.trim(3);
    expect(log.findClientOp('again')).toBeUndefined();
  });

  it('shows who holds it what it was, whatever becomes of it', () => {
    const log = logOf(1, 6);
    log.trim(2);
    const held = log.hold();
    log.append(operation(7));
    log.trim(6);
    expect([0, 3, 4, 6].map((after) => seqsOf(held(after)))).toEqual([[3, 4, 5, 6], [4, 5, 6], [5, 6], []]);
    log.clear();
    expect(seqsOf(held(0))).toEqual([3, 4, 5, 6]);
  });

  it('that is cleared knows nothing, and may begin at any seq', () => {
    const log = logOf(1, 6);
    log.findClientOp('op6');
    log.trim(2);
    log.clear();
    expect([log.size, seqsOf(log.since(0)), log.findClientOp('op6')]).toEqual([0, [], undefined]);
    expect(seqsOf(log.hold()(0))).toEqual([]);
    log.append(operation(4, 'new'));
    expect([log.size, seqsOf(log.since(0)), log.findClientOp('new')]).toEqual([1, [4], 4]);
  });
});
