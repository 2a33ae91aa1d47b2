import { ImitatedFailure } from '../imitation/errors.js';
import type { Path } from '../../protocol/paths/path.js';
import type { Store } from '../../store/index.js';

/**
 * Fails as a recorded server does when a path below `path` is both leaf and parent (PROTOCOL §2).
 *
 * @throws ImitatedFailure
 */
export function assertAssembles(store: Store, path: Path): void {
  const [first, ...below] = store.subtree(path);
  if (first === undefined || first.path === path) return;
  const leaves = new Set([first, ...below].map((leaf) => leaf.path));
  for (const leaf of leaves) {
    for (let end = leaf.lastIndexOf('/'); end > path.length; end = leaf.lastIndexOf('/', end - 1)) {
      const parent = leaf.slice(0, end);
      if (leaves.has(parent)) throw new ImitatedFailure(`${JSON.stringify(parent)} is both leaf and parent`);
    }
  }
}
