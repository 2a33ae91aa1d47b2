import { join } from 'node:path';

/** The folder of the store `org/name` below the one a server keeps its stores in. */
export function storeFolder(data: string, store: string): string {
  return join(data, ...store.split('/'));
}
