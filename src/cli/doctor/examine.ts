import { messageOf } from '../../errors.js';
import type { DataSourceOptions } from '../../data-source/index.js';
import { DataSource } from '../../data-source/index.js';
import { urlOf } from '../../data-source/server-of.js';
import type { TokenSource } from '../../token/index.js';
import { createHttpClient } from '../../transport/http/index.js';
import type { ClusterFlags, ClusterTarget } from '../target/cluster-target.js';
import { clusterTarget } from '../target/cluster-target.js';
import type { CliContext } from '../context.js';
import { findOptions } from '../config/find-options.js';
import type { FoundOptions } from '../config/find-options.js';
import { hasOwnTransport } from '../config/own-transport.js';
import type { TargetFlags } from '../input/target-flags.js';
import { checkAccess } from './check-access.js';
import { checkCluster } from './check-cluster.js';
import { checkEntities } from './check-entities.js';
import { checkFeatures } from './check-features.js';
import { checkFolders } from './check-folder.js';
import type { EntityMetadata } from '../../metadata/index.js';
import { checkReach } from './check-reach.js';
import { checkRecords } from './check-records.js';
import { checkUnique } from './check-unique.js';
import type { Finding } from './finding.js';
import { fail, ok, warn } from './finding.js';
import { ServerProbe } from './server-probe.js';
import { verifyFolders } from './verify-folders.js';

/** What is done beside looking. */
export interface DoctorChoice {
  /** Whether a folder's data is walked. */
  readonly verify: boolean;
  /** Whether what can be mended is. */
  readonly repair: boolean;
  /** Whether all records are read. */
  readonly records: boolean;
}

/** Looks at everything between the options and the data, step by step; what a failed step leaves open is left out. */
export async function* examine(
  flags: TargetFlags & ClusterFlags,
  context: CliContext,
  choice: DoctorChoice,
): AsyncGenerator<Finding, void, undefined> {
  if (meansCluster(flags, context)) {
    yield* checkGivenCluster(flags, context);
    return;
  }
  let found: FoundOptions;
  try {
    found = await findOptions(flags, context.io);
    new DataSource(found.options);
  } catch (error) {
    yield fail('configuration', messageOf(error));
    return;
  }
  const { options, source } = found;
  yield ok('configuration', `The options in ${source} are valid.`);
  const { findings, entities } = checkEntities(options, source);
  yield* findings;
  const { store = 'local/default' } = options;
  const stores = new Map([[store, entities.filter((entity) => (entity.store ?? store) === store)]]);
  for (const { store: other = store } of entities) {
    if (!stores.has(other)) {
      stores.set(
        other,
        entities.filter((entity) => entity.store === other),
      );
    }
  }
  yield* checkStores(options, stores, context, choice);
  if (choice.records) yield* checkRecords(options, source, stores, context);
}

/** Whether the log of a cluster is to be looked at: where nothing else is named, that of the environment. */
function meansCluster(flags: TargetFlags & ClusterFlags, { io: { env } }: CliContext): boolean {
  if (flags.cluster !== undefined) return true;
  const { config, url, data } = flags;
  const isNamed = config !== undefined || url !== undefined || data !== undefined;
  return !isNamed && (env.DUST_CLUSTER_URL ?? '').trim() !== '';
}

async function* checkGivenCluster(
  flags: ClusterFlags,
  context: CliContext,
): AsyncGenerator<Finding, void, undefined> {
  let target: ClusterTarget;
  try {
    target = clusterTarget(flags, context);
  } catch (error) {
    yield fail('configuration', messageOf(error));
    return;
  }
  yield* checkCluster(target, context);
}

async function* checkStores(
  options: DataSourceOptions,
  stores: ReadonlyMap<string, readonly EntityMetadata[]>,
  context: CliContext,
  { verify, repair }: DoctorChoice,
): AsyncGenerator<Finding, void, undefined> {
  const { transport, token, path, cluster } = options;
  const url = urlOf(options);
  if (verify && (path === undefined || transport !== undefined)) {
    yield warn('verify', 'Nothing was verified: only the folder of an embedded store can be.');
  }
  if (hasOwnTransport(options)) {
    yield warn('store', 'The transport is an instance or a factory of your own: it was not looked at.');
  } else if (url !== undefined && token !== undefined) {
    yield* checkServer({ ...options, url, token }, stores, context, repair);
  } else if (cluster !== undefined) {
    const [store = 'local/default'] = stores.keys();
    yield* checkCluster({ url: cluster.url, store }, context);
    if (path !== undefined && verify) yield* verifyFolders(path, context);
  } else if (path !== undefined) {
    yield* verify ? verifyFolders(path, context) : checkFolders(path, context.io.clock);
  } else {
    yield warn(
      'store',
      'The store is in memory: nothing is kept when the process ends. Give path, or url and token.',
    );
  }
}

async function* checkServer(
  { url, token, timeout }: DataSourceOptions & { readonly url: string; readonly token: TokenSource },
  stores: ReadonlyMap<string, readonly EntityMetadata[]>,
  context: CliContext,
  repair: boolean,
): AsyncGenerator<Finding, void, undefined> {
  const { io, signal } = context;
  const [store = ''] = stores.keys();
  const client = createHttpClient({ url, token, store, timeout, clock: io.clock });
  const probe = new ServerProbe(client, signal);
  try {
    if (!(yield* checkReach(probe, url, io.clock))) return;
    const readable: string[] = [];
    for (const name of stores.keys()) if (yield* checkAccess(probe, name)) readable.push(name);
    const [first] = readable;
    if (first !== undefined) yield* checkFeatures(probe, first);
    for (const name of readable) {
      yield* checkUnique({ url, token, store: name, timeout }, stores.get(name) ?? [], context, repair);
    }
  } finally {
    client.close();
  }
}
