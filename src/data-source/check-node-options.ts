import { checkClusterOptions } from '../cluster/index.js';
import type { DataSourceOptions } from './data-source-options.js';
import { clusterOfServer, shareOfNode, shareWithoutFolder } from './errors.js';

/** @throws DustError `invalid_options` saying what to write */
export function checkNodeOptions({ cluster, url, share, path, transport }: DataSourceOptions): void {
  // An instance or a factory given as the transport wins, and looks after its folder itself.
  if (share === true && (transport === undefined || typeof transport === 'string')) {
    if (cluster !== undefined) throw shareOfNode();
    if (path === undefined && url === undefined) throw shareWithoutFolder();
  }
  if (cluster === undefined) return;
  checkClusterOptions('cluster', cluster);
  if (url !== undefined) throw clusterOfServer();
}
