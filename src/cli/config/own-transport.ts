import type { DataSourceOptions } from '../../data-source/index.js';

/** Whether the options bring a transport of the program's own, of which no other option says where it leads. */
export function hasOwnTransport({
  transport,
}: {
  readonly transport?: DataSourceOptions['transport'] | undefined;
}): boolean {
  return typeof transport === 'object' || typeof transport === 'function';
}
