import { inspect } from 'node:util';
import type { ClusterOptions } from '../cluster/index.js';
import type { DataSourceOptions } from './data-source-options.js';

/**
 * A frozen copy of the options for others to look at. The token answers when it is asked for by name and takes part in
 * nothing else: no listing of properties, no spread, no JSON, no inspection. The password or token of a cluster's log is left out.
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

/** The password of a database, or the token that stands in its place, is nobody's business who looks at options. */
function withoutSecret(cluster: ClusterOptions): ClusterOptions {
  const url = cluster.url
    .replace(/^([^:]+:\/\/[^:@/]*):[^@]*@/, '$1:…@')
    .replace(/^((?:nats|tls):\/\/)[^:@/]*@/, '$1…@');
  return { ...cluster, url };
}
