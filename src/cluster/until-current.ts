import { isDustError } from '../errors.js';
import type { ClusterNode } from './cluster-node.js';

/**
 * Resolves when a node shows all that was written before the call. As long as it comes forward it may take longer than a write may: a new
 * node has the whole log before it.
 *
 * @throws DustError `timeout` or `indeterminate` when the node has stood still for the time of a write; `storage`, `closed`
 */
export async function untilCurrent(node: ClusterNode): Promise<void> {
  for (;;) {
    const before = positionOf(node);
    try {
      await node.barrier();
      return;
    } catch (error) {
      if (!isDustError(error, 'timeout') && !isDustError(error, 'indeterminate')) throw error;
      if (positionOf(node) === before) throw error;
    }
  }
}

function positionOf({ state }: ClusterNode): number | undefined {
  return state.name === 'following' ? state.position : undefined;
}
