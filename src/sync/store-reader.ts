import type { Path } from '../protocol/paths/path.js';
import type { Leaf } from '../protocol/values/value.js';

/** Reads the present leaves of a store from its server, beside the channel. */
export interface StoreReader {
  /** The leaves at exactly these paths; absent ones are missing. @throws DustError */
  getMany(
    paths: readonly Path[],
    options: { readonly signal: AbortSignal },
  ): Promise<ReadonlyMap<Path, Leaf>>;
}
