import { DustError } from '../errors.js';
import type { OptionNames } from '../options/index.js';
import { OBJECT, TIME_LIMIT, checkOptionNames } from '../options/index.js';
import { engineOf } from './logs/engines.js';
import type { ClusterOptions } from './open-cluster-store.js';

const NAMES: OptionNames<ClusterOptions> = { url: true, writeTimeout: true };

/**
 * Checks what makes a node of a cluster. What is wrong is not repeated: it may hold a password.
 *
 * @param option how the options are called where they were given
 * @throws DustError `invalid_options`
 */
export function checkClusterOptions(option: string, cluster: ClusterOptions): void {
  if (!OBJECT.fits(cluster)) {
    throw invalid(
      `The option ${option} must be an object with the url of a log, { url: 'postgres://…' } or { url: 'nats://…' }.`,
    );
  }
  checkOptionNames(option, cluster, NAMES);
  engineOf(cluster.url).check(cluster.url);
  const { writeTimeout } = cluster;
  if (writeTimeout !== undefined && !TIME_LIMIT.fits(writeTimeout)) {
    throw invalid(`The option ${option}.writeTimeout must be ${TIME_LIMIT.expected}.`);
  }
}

function invalid(message: string): DustError {
  return new DustError('invalid_options', message);
}
