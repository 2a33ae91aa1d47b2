import type { ReplicatedLog } from '../../cluster/index.js';
import { checkClusterOptions, openLog } from '../../cluster/index.js';
import { checkStoreNames } from '../../server/stores/store-name.js';
import type { CliContext } from '../context.js';
import { clusterMissing, clusterStoreMissing } from '../errors.js';

/** The flags that say which cluster. */
export interface ClusterFlags {
  readonly cluster?: string;
  readonly store?: string;
}

/** Where the log of a cluster's store is. */
export interface ClusterTarget {
  readonly url: string;
  readonly store: string;
}

/** What the flags, or else the environment, lead to. @throws DustError `invalid_options` saying what to give */
export function clusterTarget(flags: ClusterFlags, { io: { env } }: CliContext): ClusterTarget {
  const url = flags.cluster ?? env.DUST_CLUSTER_URL?.trim() ?? '';
  const store = flags.store ?? env.DUST_STORE?.trim() ?? '';
  if (url === '') throw clusterMissing();
  if (store === '') throw clusterStoreMissing();
  checkClusterOptions('--cluster', { url });
  checkStoreNames([store], '--store');
  return { url, store };
}

/** Works with a log that is there, and closes it. @throws DustError `store_not_found` when no node has opened the store there */
export async function withLog<T>(
  { url, store }: ClusterTarget,
  work: (log: ReplicatedLog) => Promise<T>,
): Promise<T> {
  const log = await openLog({ url, store, mustExist: true });
  try {
    return await work(log);
  } finally {
    await log.close();
  }
}
