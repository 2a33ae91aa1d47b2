import { inspect } from 'node:util';
import type { ClusterOptions } from '../cluster/index.js';
import type { DataSourceOptions } from './data-source-options.js';

/**
 * A frozen copy of the options for others to look at. The token answers when it is asked for by name and takes part in
 * nothing else: no listing of properties, no spread, no JSON, no inspection. The password of a cluster's database is left out.
 */
export function visibleOptions(options: DataSourceOptions): DataSourceOptions {
  const { token, ...others } = options;
  const visible =
    options.cluster === undefined ? others : { ...others, cluster: withoutSecret(options.cluster) };
  if (token === undefined) return Object.freeze(visible);
  const copy = Object.defineProperties(
    { ...visible },
    { token: { get: () => token }, [inspect.custom]: { value: () => visible } },
  );
  return Object.freeze(copy);
}

/** The password of a database is nobody's business who looks at options. */
function withoutSecret(cluster: ClusterOptions): ClusterOptions {
  return { ...cluster, url: cluster.url.replace(/^([^:]+:\/\/[^:@/]*):[^@]*@/, '$1:…@') };
}
