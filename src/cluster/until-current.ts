import { isDustError } from '../errors.js';
import type { ClusterNode } from './cluster-node.js';

/**
 * Resolves when a node shows all that was written before the call. A snapshot that it takes first may last as long as it lasts; and as long as
 * the node comes forward it may take longer than a write may: the log may be long.
 *
 * @throws DustError `timeout` when the node has stood still for the time of a write; `storage`, `closed`
 */
export async function untilCurrent(node: ClusterNode): Promise<void> {
  for (;;) {
    await node.restored();
    const before = positionOf(node);
    try {
      await node.barrier();
      return;
    } catch (error) {
      if (node.state.name === 'restoring') continue;
      if (!isDustError(error, 'timeout')) throw error;
      if (positionOf(node) === before) throw error;
    }
  }
}

function positionOf({ state }: ClusterNode): number | undefined {
  return state.name === 'following' ? state.position : undefined;
}
