import { messageOf } from '../../errors.js';
import type { DataSourceOptions } from '../../data-source/index.js';
import { DataSource } from '../../data-source/index.js';
import { urlOf } from '../../data-source/server-of.js';
import type { TokenSource } from '../../token/index.js';
import { createHttpClient } from '../../transport/http/index.js';
import type { CliContext } from '../context.js';
import { findOptions } from '../find-options.js';
import type { FoundOptions } from '../find-options.js';
import type { TargetFlags } from '../target-flags.js';
import { checkAccess } from './check-access.js';
import { checkEntities } from './check-entities.js';
import { checkFeatures } from './check-features.js';
import { checkFolders } from './check-folder.js';
import { checkReach } from './check-reach.js';
import type { Finding } from './finding.js';
import { fail, ok, warn } from './finding.js';
import { ServerProbe } from './server-probe.js';
import { verifyFolders } from './verify-folders.js';

/** Looks at everything between the options and the data, step by step; what a failed step leaves open is left out. */
export async function* examine(
  flags: TargetFlags,
  context: CliContext,
  verify: boolean,
): AsyncGenerator<Finding, void, undefined> {
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
  const stores = new Set([store, ...entities.map((entity) => entity.store ?? store)]);
  yield* checkStores(options, stores, context, verify);
}

async function* checkStores(
  options: DataSourceOptions,
  stores: ReadonlySet<string>,
  context: CliContext,
  verify: boolean,
): AsyncGenerator<Finding, void, undefined> {
  const { transport, token, path } = options;
  const url = urlOf(options);
  if (verify && (path === undefined || transport !== undefined)) {
    yield warn('verify', 'Nothing was verified: only the folder of an embedded store can be.');
  }
  if (typeof transport === 'object' || typeof transport === 'function') {
    yield warn('store', 'The transport is an instance or a factory of your own: it was not looked at.');
  } else if (url !== undefined && token !== undefined) {
    yield* checkServer({ ...options, url, token }, stores, context);
  } else if (path !== undefined) {
    yield* verify ? verifyFolders(path, context.signal) : checkFolders(path, context.io.clock);
  } else {
    yield warn(
      'store',
      'The store is in memory: nothing is kept when the process ends. Give path, or url and token.',
    );
  }
}

async function* checkServer(
  { url, token, timeout }: DataSourceOptions & { readonly url: string; readonly token: TokenSource },
  stores: ReadonlySet<string>,
  { io, signal }: CliContext,
): AsyncGenerator<Finding, void, undefined> {
  const [store = ''] = stores;
  const client = createHttpClient({ url, token, store, timeout, clock: io.clock });
  const probe = new ServerProbe(client, signal);
  try {
    if (!(yield* checkReach(probe, url, io.clock))) return;
    let readable: string | undefined;
    for (const name of stores) {
      if (yield* checkAccess(probe, name)) readable ??= name;
    }
    if (readable !== undefined) yield* checkFeatures(probe, readable);
  } finally {
    client.close();
  }
}
