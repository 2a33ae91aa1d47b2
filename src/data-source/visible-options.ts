import { inspect } from 'node:util';
import type { ClusterOptions } from '../cluster/index.js';
import type { DataSourceOptions } from './data-source-options.js';

/** Where the address of a cluster's log is kept as it was given; known to every loaded copy of this package. */
const CLUSTER_URL = Symbol.for('dust-orm.cluster-url');

/**
 * A frozen copy of the options for others to look at. The token answers when it is asked for by name and takes part in
 * nothing else: no listing of properties, no spread, no JSON, no inspection. The password or token of a cluster's log is left out; {@link
 * wholeOptions} knows it.
 */
export function visibleOptions(options: DataSourceOptions): DataSourceOptions {
  const { token, ...others } = options;
  const visible =
    options.cluster === undefined ? others : { ...others, cluster: withoutSecret(options.cluster) };
  const copy: DataSourceOptions = { ...visible };
  if (token !== undefined) {
    Object.defineProperties(copy, {
      token: { get: () => token },
      [inspect.custom]: { value: () => visible },
    });
  }
  const url = options.cluster?.url;
  if (url !== undefined) Object.defineProperty(copy, CLUSTER_URL, { get: () => url });
  return Object.freeze(copy);
}

/** A plain copy of the options, or of those of a data source, to open another one with: token and address of the cluster are as they were given. */
export function wholeOptions<Options extends Partial<DataSourceOptions>>(options: Options): Options {
  const { token, cluster } = options;
  const url: unknown = Reflect.get(options, CLUSTER_URL);
  return {
    ...options,
    ...(token === undefined ? {} : { token }),
    ...(cluster === undefined || typeof url !== 'string' ? {} : { cluster: { ...cluster, url } }),
  };
}

/** The password of a database, or the token that stands in its place, is nobody's business who looks at options. */
function withoutSecret(cluster: ClusterOptions): ClusterOptions {
  const url = cluster.url
    .replace(/^([^:]+:\/\/[^:@/]*):[^@]*@/, '$1:…@')
    .replace(/^((?:nats|tls):\/\/)[^:@/]*@/, '$1…@');
  return { ...cluster, url };
}
