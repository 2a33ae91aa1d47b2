import type { ClusterOptions } from '../cluster/index.js';
import { serversOf } from '../cluster/index.js';
import type { OptionNames } from '../options/index.js';
import { OBJECT, TIME_LIMIT, checkOptionNames } from '../options/index.js';
import type { DataSourceOptions } from './data-source-options.js';
import { clusterOfServer, invalidOption } from './errors.js';

const NAMES: OptionNames<ClusterOptions> = { url: true, writeTimeout: true };

/** @throws DustError `invalid_options` saying what to write */
export function checkClusterOptions({ cluster, url }: DataSourceOptions): void {
  if (cluster === undefined) return;
  if (!OBJECT.fits(cluster)) {
    // Somebody may have written the address itself, with its password.
    throw invalidOption(
      'cluster',
      "an object with the url of a database, { url: 'postgres://…' }",
      typeof cluster,
    );
  }
  checkOptionNames('cluster', cluster, NAMES);
  serversOf(cluster.url);
  const { writeTimeout } = cluster;
  if (writeTimeout !== undefined && !TIME_LIMIT.fits(writeTimeout)) {
    throw invalidOption('cluster.writeTimeout', TIME_LIMIT.expected, writeTimeout);
  }
  if (url !== undefined) throw clusterOfServer();
}
