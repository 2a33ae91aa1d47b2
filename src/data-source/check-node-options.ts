import { checkClusterOptions } from '../cluster/index.js';
import type { DataSourceOptions } from './data-source-options.js';
import { clusterOfServer } from './errors.js';

/** @throws DustError `invalid_options` saying what to write */
export function checkNodeOptions({ cluster, url }: DataSourceOptions): void {
  if (cluster === undefined) return;
  checkClusterOptions('cluster', cluster);
  if (url !== undefined) throw clusterOfServer();
}
