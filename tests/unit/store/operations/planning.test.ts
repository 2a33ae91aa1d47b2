import type { BatchOperation } from '../../../../src/store/index.js';
import { MemoryLeafTree } from '../../../../src/store/index.js';
import { batchCommands } from '../../../../src/store/operations/commands.js';
import type { PlannedOperation } from '../../../../src/store/operations/planning.js';
import { planOperations } from '../../../../src/store/operations/planning.js';

const MOMENT = { storeSeq: 7, now: 0, steadyNow: 0 };

function plan(operations: readonly BatchOperation[], tree = new MemoryLeafTree()): PlannedOperation[] {
  const commands = batchCommands({ operations });
  return planOperations(
    commands.map((command, i) => ({ command, deviceId: null, clientOpId: `id:${i}` })),
    tree,
    MOMENT,
  );
}

const valuesOf = (planned: readonly PlannedOperation[]): unknown[] =>
  planned.map(({ operation: { value } }) => value);

describe('what a batch will do', () => {
  it.each<[string, readonly BatchOperation[], unknown]>([
    [
      'below it',
      [
        { op: 'set', path: 'a', value: { b: 5 } },
        { op: 'increment', path: 'a/b', value: 1 },
      ],
      6,
    ],
    [
      'further below it',
      [
        { op: 'set', path: 'p/a', value: { b: { c: 5 } } },
        { op: 'increment', path: 'p/a/b/c', value: 1 },
      ],
      6,
    ],
    [
      'at it',
      [
        { op: 'set', path: 'a', value: 5 },
        { op: 'increment', path: 'a', value: 1 },
      ],
      6,
    ],
    [
      'above it',
      [
        { op: 'set', path: 'a/b', value: 5 },
        { op: 'delete', path: 'a' },
        { op: 'increment', path: 'a/b', value: 1 },
      ],
      1,
    ],
    [
      'beside it, of siblings',
      [
        { op: 'set', path: 'p/a', value: 5 },
        { op: 'set', path: 'p/b', value: 5 },
        { op: 'increment', path: 'p/a-', value: 1 },
      ],
      1,
    ],
  ])('is seen by what comes later and is done %s', (_, operations, last) => {
    expect(valuesOf(plan(operations)).at(-1)).toBe(last);
  });

  it('is logged as one commit, without what only checks', () => {
    const planned = plan([
      { op: 'check', path: 'a', revision: 0 },
      { op: 'set', path: 'a', value: 1 },
      { op: 'check', path: 'b', revision: 0 },
      { op: 'set', path: 'b', value: 2 },
    ]);
    expect(planned.map(({ operation }) => operation)).toStrictEqual([
      {
        storeSeq: 7,
        op: 'set',
        path: 'a',
        value: 1,
        deviceId: null,
        clientOpId: 'id:1',
        commit: { first: 7, last: 8 },
      },
      {
        storeSeq: 8,
        op: 'set',
        path: 'b',
        value: 2,
        deviceId: null,
        clientOpId: 'id:3',
        commit: { first: 7, last: 8 },
      },
    ]);
    expect(plan([{ op: 'set', path: 'a', value: 1 }])[0]?.operation).not.toHaveProperty('commit');
    expect(plan([{ op: 'check', path: 'a', revision: 0 }])).toEqual([]);
  });

  it.each<[string, readonly BatchOperation[]]>([
    ['in front', [{ op: 'check', path: 'a', revision: 3 }]],
    [
      'behind another check',
      [
        { op: 'check', path: 'b', revision: 0 },
        { op: 'check', path: 'a', revision: 3 },
      ],
    ],
    [
      'behind a write of its own',
      [
        { op: 'set', path: 'a', value: 1 },
        { op: 'check', path: 'a', revision: 3 },
      ],
    ],
  ])('is refused by a check %s', (_, operations) => {
    expect(() => plan(operations)).toThrow(expect.objectContaining({ kind: 'conflict' }));
  });

  it('is checked against the greatest revision at and below a path', () => {
    const tree = new MemoryLeafTree();
    const check = (path: string, revision: number) => () => plan([{ op: 'check', path, revision }], tree);
    for (const [path, revision] of [
      ['a', 1],
      ['a/x', 6],
      ['a/y', 4],
      ['b', 5],
      ['b/x', 2],
    ] as const) {
      tree.put({ path, value: 0, type: 'integer', revision });
    }
    expect(check('a', 6)).not.toThrow();
    expect(check('b', 5)).not.toThrow();
    expect(check('c', 0)).not.toThrow();
    expect(check('a', 4)).toThrow(expect.objectContaining({ kind: 'conflict', currentRevision: 6 }));
    expect(check('c', 4)).toThrow(expect.objectContaining({ kind: 'conflict', currentRevision: null }));
    expect(check('c', 4)).toThrow('but there is nothing');
    expect(check('b', 0)).toThrow(expect.objectContaining({ kind: 'exists', currentRevision: 5 }));
    const ifMatch = (path: string) => () => plan([{ op: 'delete', path, ifMatch: 3 }], tree);
    expect(ifMatch('a')).toThrow('but it stands at revision 1');
    expect(ifMatch('a')).toThrow(expect.objectContaining({ currentRevision: 1 }));
    expect(ifMatch('c')).toThrow(expect.objectContaining({ currentRevision: null }));
    tree.delete('a');
    expect(ifMatch('a')).toThrow(expect.objectContaining({ currentRevision: 6 }));
  });
});
