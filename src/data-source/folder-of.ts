import { join } from 'node:path';
import type { ResolvedOptions } from './resolve-options.js';

/** The data source's own store lies in `path` itself, those of entities with a store of their own in folders below it. */
export function folderOf(
  path: string | undefined,
  { store: own }: Pick<ResolvedOptions, 'store'>,
  store: string,
): string | undefined {
  return path === undefined || store === own ? path : storeBelow(path, store);
}

/** Where the store of some entities lies below the folder of a data source. */
export function storeBelow(path: string, store: string): string {
  return join(path, 'stores', ...store.split('/').map(encodeURIComponent));
}
