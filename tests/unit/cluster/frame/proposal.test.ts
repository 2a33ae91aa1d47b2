import type { Proposal } from '../../../../src/cluster/frame/proposal.js';
import { isAlone, proposalOf, proposalText, weightOf } from '../../../../src/cluster/frame/proposal.js';
import type { LeafType } from '../../../../src/protocol/values/value.js';

const by = { deviceId: null, clientOpId: 'x' };
const leafTypes = new Map<string, LeafType>([
  ['a/x', 'float'],
  ['a/y', 'counter'],
]);
const index = { prefix: 'r', parts: [{ path: 'u', type: 'string' }], unique: true } as const;

const PROPOSALS: readonly (readonly [proposal: Proposal, weight: number, isAlone: boolean])[] = [
  [{ kind: 'commit', by, commands: [{ op: 'set', path: 'a', value: { x: 1, y: 2 }, leafTypes }] }, 1, false],
  [{ kind: 'commit', by, commands: [{ op: 'set', path: 'a', value: 1, leafTypes: new Map() }] }, 1, false],
  [
    {
      kind: 'commit',
      by: { ...by, mayBeRepeated: true, fence: { key: 'l', token: 1 }, announce: false },
      isBatch: true,
      commands: [
        { op: 'check', path: 'a', revision: 2, opIndex: 0 },
        { op: 'set', path: 'a', value: 1, leafTypes, opIndex: 1 },
        { op: 'delete', path: 'b', opIndex: 2 },
      ],
    },
    3,
    false,
  ],
  [{ kind: 'rollback', request: { toSeq: 3, path: 'a', deviceId: 'd', announce: false } }, 1, false],
  [{ kind: 'compact', keep: 3 }, 1, false],
  [{ kind: 'limits', limits: { keep: 1, limit: 2 } }, 1, false],
  [{ kind: 'keepIndexes', prefix: 'r', definitions: [index] }, 1, true],
  [{ kind: 'dropIndex', prefix: 'r', definition: index }, 1, true],
  [{ kind: 'barrier' }, 1, false],
];

it.each(PROPOSALS)('%j is what it was behind the log', (proposal, weight, alone) => {
  expect(proposalOf(JSON.parse(proposalText(proposal)) as Proposal)).toEqual(proposal);
  expect(weightOf(proposal)).toBe(weight);
  expect(isAlone(proposal)).toBe(alone);
});
