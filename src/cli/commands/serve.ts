import { once } from 'node:events';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { AccessToken, Imitate, MetricsOptions, RateLimits, RunningServer } from '../../server/index.js';
import { checkSecret } from '../../server/access/tokens.js';
import { isLoopback } from '../../server/loopback.js';
import { checkStoreNames } from '../../server/stores/store-name.js';
import { tokenNeeded } from '../errors.js';
import type { CliContext } from '../context.js';
import { loggerTo } from '../output/logger.js';
import { readTokenFile } from '../input/token-file.js';
import { collect, parseCount, parseImitate } from '../input/parse-flags.js';
import type { ServedStudioFlags, ServedStudios } from '../studio/served-studios.js';
import { tellAddress } from '../studio/tell-address.js';
import { addJsonFlag } from '../input/target-flags.js';
import type { JsonFlag } from '../input/target-flags.js';

interface ServeFlags extends JsonFlag, ServedStudioFlags {
  readonly port?: number;
  readonly host?: string;
  readonly data?: string;
  readonly cluster?: string;
  readonly store?: readonly string[];
  readonly token?: readonly string[];
  readonly tokenFile?: string;
  readonly readToken?: readonly string[];
  readonly imitate?: Imitate;
  /** Undefined where neither the flag nor its opposite was given. */
  readonly rateLimit?: boolean;
  readonly rateLimitReads?: number;
  readonly rateLimitWrites?: number;
  readonly drain?: number;
  readonly metrics?: boolean;
  readonly metricsPort?: number;
  readonly metricsHost?: string;
}

/** The highest TCP port. */
const MAX_PORT = 65_535;

/** Seconds. */
const LONGEST_DRAIN = 3600;

const HELP = `
Without a token of yours, and on loopback only, one is made up and printed. Other users of this machine can read a --token
in the list of processes: prefer the variable DUST_TOKEN.`;

/** `serve`: a Dust server on this machine, until a signal stops it. */
export function addServe(program: Command, context: CliContext): void {
  addJsonFlag(
    program
      .command('serve')
      .description('serve stores over HTTP on this machine, in memory or from a folder')
      .option(
        '--port <port>',
        'where to listen; 0 takes a free port (default 7755)',
        parseCount('--port', 0, MAX_PORT),
      )
      .option('--host <host>', 'the address to listen on (default 127.0.0.1)')
      .option('--data <folder>', 'keeps the stores, each in a folder <org>/<name>; in memory without it')
      .option(
        '--cluster <url>',
        'shares the stores with other nodes through PostgreSQL, postgres://user@host/db, or NATS, nats://host; prefer DUST_CLUSTER_URL (experimental)',
      )
      .option('--store <org/name>', 'a store to serve, may be repeated (default local/default)', collect)
      .option('--token <token>', 'a token for everything, may be repeated; prefer DUST_TOKEN', collect)
      .option('--token-file <file>', 'a file with a token for everything; or DUST_TOKEN_FILE')
      .option('--read-token <token>', 'a token that may only read, may be repeated', collect)
      .option('--studio', 'shows each store on a page in the browser of this machine, which only reads')
      .option('--studio-write', 'with --studio, lets the page change the stores')
      .option('--studio-config <file>', 'with --studio, an ormconfig whose entities it shows as tables')
      .option(
        '--imitate <faults>',
        'with faults of recorded servers that clients must live with: 0.1 for all, or names with commas between them',
        parseImitate,
      )
      .option(
        '--rate-limit',
        'limits requests on loopback too: 1000 reads and 100 writes a minute for each token',
      )
      .option('--no-rate-limit', 'as many requests as there are, wherever they come from')
      .option('--rate-limit-reads <count>', 'reads a minute for each token', parseCount('--rate-limit-reads'))
      .option(
        '--rate-limit-writes <count>',
        'writes a minute for each token',
        parseCount('--rate-limit-writes'),
      )
      .option(
        '--drain <seconds>',
        'when it is to stop, says at /readyz for so long that it is not ready, and still answers (default 0)',
        parseCount('--drain', 0, LONGEST_DRAIN),
      )
      .option('--metrics', 'tells metrics for Prometheus at /metrics, to a token that may read')
      .option(
        '--metrics-port <port>',
        'tells them at a port of their own, to whoever reaches it; 0 takes a free one',
        parseCount('--metrics-port', 0, MAX_PORT),
      )
      .option('--metrics-host <host>', 'the address of that port (default 127.0.0.1)')
      .addHelpText('after', HELP),
  ).action((flags: ServeFlags) => serveUntilStopped(flags, context));
}

async function serveUntilStopped(flags: ServeFlags, context: CliContext): Promise<void> {
  const { io, out, err, signal } = context;
  const { serveOpen } = await import('../../server/serve.js');
  const logger = loggerTo(err);
  const tokens = tokensFor(flags, io.env.DUST_TOKEN, await readTokenFile(flags.tokenFile, context, logger));
  if (flags.store !== undefined) checkStoreNames(flags.store, '--store');
  if (tokens === undefined && flags.host !== undefined && !isLoopback(flags.host)) {
    throw tokenNeeded(flags.host);
  }
  const opened = await serveOpen({
    port: flags.port,
    host: flags.host,
    data: flags.data === undefined ? undefined : resolve(io.cwd, flags.data),
    cluster: clusterOf(flags, io.env.DUST_CLUSTER_URL),
    stores: flags.store,
    tokens,
    imitate: flags.imitate,
    rateLimits: limitsFor(flags),
    metrics: metricsFor(flags),
    drain: flags.drain === undefined ? undefined : flags.drain * 1000,
    clock: io.clock,
    logger,
  });
  const server = opened.running;
  let studios: ServedStudios | undefined;
  let deafen: (() => void) | undefined;
  try {
    if (flags.studio === true) {
      const { openServedStudios } = await import('../studio/served-studios.js');
      studios = await openServedStudios(opened, flags, context);
    }
    await out.write(announcement(server, flags, tokens === undefined));
    if (studios !== undefined) deafen = await tellAddress(context, studios.studios, flags);
    if (!signal.aborted) await once(signal, 'abort');
    if (err.isTerminal) await err.line('Stopping.');
  } finally {
    deafen?.();
    try {
      await studios?.close();
    } finally {
      await server.close();
    }
  }
}

/** An address may hold a password, which a list of processes shows: the variable is for that. */
function clusterOf({ cluster }: ServeFlags, fromEnv = ''): { readonly url: string } | undefined {
  const url = cluster ?? fromEnv.trim();
  return url === '' ? undefined : { url };
}

function tokensFor(
  { token, readToken = [] }: ServeFlags,
  fromEnv: string | undefined,
  inFile: string | undefined,
): readonly AccessToken[] | undefined {
  const named = token ?? (fromEnv === undefined || fromEnv.trim() === '' ? [] : [fromEnv.trim()]);
  for (const secret of named) checkSecret(secret, token === undefined ? 'DUST_TOKEN' : '--token');
  const full = inFile === undefined ? named : [...named, inFile];
  for (const secret of readToken) checkSecret(secret, '--read-token');
  if (full.length === 0 && readToken.length === 0) return undefined;
  return [
    ...full.map((secret) => ({ token: secret })),
    ...readToken.map((secret) => ({ token: secret, scopes: ['entries:read', 'files:read'] as const })),
  ];
}

/** A limit that was given switches them on. */
function limitsFor({
  rateLimit,
  rateLimitReads,
  rateLimitWrites,
}: ServeFlags): RateLimits | false | undefined {
  if (rateLimit === false) return false;
  if (rateLimit === undefined && rateLimitReads === undefined && rateLimitWrites === undefined) {
    return undefined;
  }
  return { reads: rateLimitReads, writes: rateLimitWrites };
}

/** An address of their own, where that was asked for. */
function metricsFor({ metrics, metricsPort, metricsHost }: ServeFlags): boolean | MetricsOptions | undefined {
  if (metricsPort === undefined && metricsHost === undefined) return metrics;
  return { port: metricsPort, host: metricsHost };
}

/** What a client needs, to paste into a shell. A token of the user's own is not repeated. */
function announcement(server: RunningServer, flags: ServeFlags, madeUp: boolean): string {
  const { url, stores, token, metricsUrl } = server;
  if (flags.json === true) {
    const about = { url, stores, data: flags.data ?? null, ...(metricsUrl !== undefined && { metricsUrl }) };
    return `${JSON.stringify(madeUp ? { ...about, token } : about)}\n`;
  }
  const kept = flags.data === undefined ? 'in memory: nothing is kept' : `kept in ${flags.data}`;
  return [
    `Serving ${stores.join(', ')} at ${url}, ${kept}.`,
    ...(metricsUrl === undefined ? [] : [`Metrics at ${metricsUrl}${onWhich(flags)}.`]),
    '',
    `export DUST_BASE_URL=${url}`,
    ...stores.map((store, index) =>
      index === 0 ? `export DUST_STORE=${store}` : `# or DUST_STORE=${store}`,
    ),
    madeUp ? `export DUST_TOKEN=${token}` : '# DUST_TOKEN is the token that you gave',
    '',
    'Ctrl-C stops it.',
    '',
  ].join('\n');
}

/** The address that a url for this machine does not show: metrics may be told on more than that. */
function onWhich({ metricsHost }: ServeFlags): string {
  return metricsHost === undefined || isLoopback(metricsHost)
    ? ''
    : `, and on ${metricsHost} to other machines`;
}
