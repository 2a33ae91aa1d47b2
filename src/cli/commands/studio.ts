import { once } from 'node:events';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { DataSourceOptions } from '../../data-source/index.js';
import type { CliContext } from '../context.js';
import { storeInMemory } from '../errors.js';
import type { FoundOptions } from '../config/find-options.js';
import { hasOwnTransport } from '../config/own-transport.js';
import { loggingTo } from '../output/logger.js';
import { Progress } from '../output/progress.js';
import { parseCount } from '../input/parse-flags.js';
import { studioPage } from '../studio/studio-page.js';
import { tellAddress } from '../studio/tell-address.js';
import { addTargetFlags } from '../input/target-flags.js';
import type { JsonFlag, TargetFlags } from '../input/target-flags.js';

interface StudioFlags extends TargetFlags, JsonFlag {
  readonly write?: true;
  readonly port?: number;
}

/** The highest TCP port. */
const MAX_PORT = 65_535;

/** Enough for a rate limit, and soon over when nothing listens there. */
const RETRY = { attempts: 3 } as const;

const HELP = `
Prints an address that is good for one visit; Enter prints another one. Only this machine reaches the page, and no token
comes there. With --config it shows the entities as tables, as the program itself would open the store.`;

/** `studio`: a page that shows a store, until a signal stops it. */
export function addStudio(program: Command, context: CliContext): void {
  addTargetFlags(
    program
      .command('studio')
      .description('show a store on a page in the browser of this machine')
      .option('--write', 'lets the page change the store; without it, it only reads')
      .option(
        '--port <port>',
        'where to listen on 127.0.0.1 (default: a free port)',
        parseCount('--port', 0, MAX_PORT),
      )
      .addHelpText('after', HELP),
  ).action((flags: StudioFlags) => studioUntilStopped(flags, context));
}

async function studioUntilStopped(flags: StudioFlags, context: CliContext): Promise<void> {
  const { io, err, signal } = context;
  const [{ findOptions }, { DataSource }, { openStudio }] = await Promise.all([
    import('../config/find-options.js'),
    import('../../data-source/index.js'),
    import('../../studio/index.js'),
  ]);
  const found = await findOptions(flags, io);
  if (flags.config === undefined && found.options.path !== undefined) {
    const { assertStoreIn } = await import('../target/folder-target.js');
    assertStoreIn(found.options.path);
  }
  const progress = new Progress(err);
  const logging = loggingTo(found.options, err, progress);
  const dataSource = await new DataSource({ ...opened(found), ...logging })
    .initialize()
    .finally(() => progress.clear());
  try {
    const studio = await openStudio(dataSource, {
      write: flags.write,
      port: flags.port,
      page: studioPage(),
      place: placeOf(found.options),
      version: io.version,
      surroundings: () => ({ figures: figuresOf(found.options) }),
      clock: io.clock,
      logger: logging.logger,
    });
    const deafen = await tellAddress(
      context,
      [{ store: found.options.store ?? 'local/default', studio }],
      flags,
    );
    try {
      if (!signal.aborted) await once(signal, 'abort');
    } finally {
      deafen();
      await studio.close();
    }
  } finally {
    await dataSource.destroy();
  }
}

/** What is other than in the options: nothing is written for being looked at, and changes are to be seen. */
function opened({ options, source }: FoundOptions): DataSourceOptions {
  const { path, url, token, cluster, realtime, retry = RETRY } = options;
  if (!hasOwnTransport(options)) {
    if (path === undefined && url === undefined && cluster === undefined) throw storeInMemory(source);
  }
  return {
    ...options,
    ...(token === undefined ? {} : { token }),
    ...(realtime === 'shared' ? { realtime: true } : {}),
    retry,
    // The table leaves out what is no record of its entity; the tree shows it.
    onInvalidRecord: 'skip',
    migrationsRun: false,
  };
}

function placeOf(options: DataSourceOptions): string {
  const { path, url, cluster } = options;
  if (hasOwnTransport(options)) return 'a transport of the configuration';
  if (url !== undefined) return withoutSecrets(url);
  return `${path ?? 'memory'}${cluster === undefined ? '' : ', a node of a cluster'}`;
}

function withoutSecrets(url: string): string {
  try {
    const { origin, pathname } = new URL(url);
    return `${origin}${pathname === '/' ? '' : pathname}`;
  } catch {
    return 'a server';
  }
}

/** Bytes on the disk. */
function figuresOf({ path, url }: DataSourceOptions): { name: string; value: number; unit: string }[] {
  if (path === undefined || url !== undefined) return [];
  try {
    return [{ name: 'On the disk', value: statSync(join(path, 'data.mdb')).size, unit: 'B' }];
  } catch {
    return [];
  }
}
