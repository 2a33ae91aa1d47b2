import type { Path } from '../protocol/paths/path.js';
import type { Leaf } from '../protocol/values/value.js';
import type { RequestOptions } from './transport.js';

interface SubtreeReader {
  subtree(path: Path, options: RequestOptions): Promise<readonly Leaf[]>;
}

/** Subtrees that are read at the same time. */
const CONCURRENT = 16;

/** What lies at and below each of these paths, by a read of each; absent where nothing is. */
export async function eachSubtree(
  transport: SubtreeReader,
  paths: readonly Path[],
  options: RequestOptions = {},
): Promise<ReadonlyMap<Path, readonly Leaf[]>> {
  const found = new Map<Path, readonly Leaf[]>();
  for (let start = 0; start < paths.length; start += CONCURRENT) {
    const read = async (path: Path): Promise<void> => {
      const leaves = await transport.subtree(path, options);
      if (leaves.length > 0) found.set(path, leaves);
    };
    await Promise.all(paths.slice(start, start + CONCURRENT).map(read));
  }
  return found;
}
