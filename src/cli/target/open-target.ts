import type { DataSourceOptions } from '../../data-source/index.js';
import { DataSource } from '../../data-source/index.js';
import { storeInMemory } from '../errors.js';
import type { FoundOptions } from '../config/find-options.js';
import { hasOwnTransport } from '../config/own-transport.js';
import type { OpenOptions, Target } from './target.js';

/**
 * Opens the store that options lead to. Of the options only those that lead to the store are used; entity classes are
 * not looked at.
 *
 * @throws DustError `invalid_options`, `storage` when the folder cannot be opened, and what reaching a server throws
 */
export async function openTarget({ source, options }: FoundOptions, open: OpenOptions): Promise<Target> {
  // Checks them as a program would have them checked.
  const { transport, url, token, path, store = 'local/default' } = new DataSource(options).options;
  if (hasOwnTransport({ transport })) return openCustomTarget(options);
  if (url !== undefined && token !== undefined) {
    const { openHttpTarget } = await import('./http-target.js');
    return openHttpTarget({ ...options, url, token, store }, open);
  }
  if (path === undefined) throw storeInMemory(source);
  const { openFolderTarget } = await import('./folder-target.js');
  return openFolderTarget({ ...options, path }, open);
}

/** A transport of the user's own: a data source knows how to open one. */
async function openCustomTarget(options: DataSourceOptions): Promise<Target> {
  const dataSource = await new DataSource({ ...options, entities: [] }).initialize();
  const { store = 'local/default' } = options;
  return {
    name: store,
    transport: dataSource.transport,
    dump: undefined,
    indexes: undefined,
    close: () => dataSource.destroy(),
  };
}
