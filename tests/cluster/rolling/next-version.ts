import type { Changes } from '../../faults/compiled-sources.js';

/**
 * A version to come, as changes to this one: it knows level 2, where an increment that is asked for by itself is a proposal of a kind of its
 * own, `count`. This version knows no such kind, and calls a log broken that has one.
 */
export const NEXT_VERSION: Changes = {
  'cluster/parts.ts': ['export const KNOWN_LEVEL = 1;', 'export const KNOWN_LEVEL = 2;'],
  'cluster/frame/proposal-shape.ts': [
    '  barrier: () => true,',
    `  barrier: () => true,
  count: ({ by, path, value }) => isLoggedBy(by) && typeof path === 'string' && typeof value === 'number',`,
  ],
  'cluster/frame/proposal.ts': [
    'export function proposalOf(parsed: Proposal): Proposal {',
    `export function proposalOf(parsed: Proposal): Proposal {
  if (parsed.kind === 'count') {
    const { by, path, value, opIndex } = parsed;
    return { kind: 'commit', by, commands: [{ op: 'increment', path, value, opIndex }] };
  }`,
  ],
  'cluster/cluster-node.ts': [
    "return this.#settle(this.#proposer.propose({ kind: 'commit', by: byOf(context), commands: [prepared] }));",
    `const { op, ...increment } = prepared;
    const isCount = op === 'increment' && this.#applier.mark.level > 1;
    return this.#settle(
      this.#proposer.propose(
        isCount
          ? { kind: 'count', by: byOf(context), ...increment }
          : { kind: 'commit', by: byOf(context), commands: [prepared] },
      ),
    );`,
  ],
};
