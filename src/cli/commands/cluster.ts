import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { ClusterStatus } from '../../cluster/index.js';
import { KNOWN_LEVEL, clusterStatus, snapshotCluster, upgradeCluster } from '../../cluster/index.js';
import { createMemoryStorage } from '../../store/index.js';
import type { StoreStorage } from '../../store/index.js';
import type { ClusterFlags } from '../target/cluster-target.js';
import { clusterTarget, withLog } from '../target/cluster-target.js';
import type { CliContext } from '../context.js';
import { loggerTo } from '../output/logger.js';
import { parseCount } from '../input/parse-flags.js';
import { addJsonFlag } from '../input/target-flags.js';
import type { JsonFlag } from '../input/target-flags.js';

type Flags = ClusterFlags & JsonFlag;

interface SnapshotFlags extends Flags {
  readonly data?: string;
}

interface UpgradeFlags extends Flags {
  readonly level?: number;
}

/** `cluster status | snapshot | upgrade`: looks after a store that several nodes share. */
export function addCluster(program: Command, context: CliContext): void {
  const cluster = program.command('cluster').description('look after a store that several nodes share');
  addClusterFlags(
    cluster
      .command('status')
      .description('how the log, its nodes, snapshots and standby stand; changes nothing'),
  ).action((flags: Flags) => status(flags, context));
  addClusterFlags(
    cluster
      .command('snapshot')
      .description(
        'bring a copy up to date and take a snapshot of it, so that the log before the one before can go',
      ),
  )
    .option('--data <folder>', 'where the copy lies, and stays; in memory when left out')
    .action((flags: SnapshotFlags) => snapshot(flags, context));
  addClusterFlags(
    cluster
      .command('upgrade')
      .description('raise the level of the log to what all of its nodes understand, when they do'),
  )
    .option(
      '--level <number>',
      'the level, default the greatest that this version knows',
      parseCount('--level'),
    )
    .action((flags: UpgradeFlags) => upgrade(flags, context));
}

function addClusterFlags(command: Command): Command {
  return addJsonFlag(command)
    .option(
      '--cluster <url>',
      'where the log is, postgres://user@host/db; or DUST_CLUSTER_URL, which others do not see',
    )
    .option('--store <org/name>', 'the store; or DUST_STORE');
}

async function status(flags: Flags, context: CliContext): Promise<void> {
  const { out, signal, io } = context;
  const target = clusterTarget(flags, context);
  const options = { knownLevel: KNOWN_LEVEL, signal, now: io.clock.now() };
  const found = await withLog(target, (log) => clusterStatus(log, options));
  if (flags.json === true) await out.line(JSON.stringify({ store: target.store, ...found }));
  else for (const line of linesOf(target.store, found)) await out.line(line);
}

async function snapshot(flags: SnapshotFlags, context: CliContext): Promise<void> {
  const { out, err, io } = context;
  const target = clusterTarget(flags, context);
  const { url, store } = target;
  // A node that finds no log halts, which is more than there is to say.
  await withLog(target, (log) => log.bounds());
  const storage = await storageOf(flags.data, io.cwd);
  const { position, bytes } = await snapshotCluster({
    url,
    name: store,
    storage,
    clock: io.clock,
    logger: loggerTo(err),
  });
  await out.line(
    flags.json === true
      ? JSON.stringify({ store, position, bytes })
      : `Took a snapshot of ${store} at position ${position} of the log, ${sizeOf(bytes)}.`,
  );
}

async function storageOf(data: string | undefined, cwd: string): Promise<StoreStorage> {
  if (data === undefined) return createMemoryStorage();
  const { openLmdbStorage } = await import('../../store/lmdb/index.js');
  return openLmdbStorage({ path: resolve(cwd, data) });
}

async function upgrade(flags: UpgradeFlags, context: CliContext): Promise<void> {
  const { out, signal } = context;
  const target = clusterTarget(flags, context);
  const { level } = flags;
  const reached = await withLog(target, (log) =>
    upgradeCluster(log, { knownLevel: KNOWN_LEVEL, signal, level }),
  );
  await out.line(
    flags.json === true
      ? JSON.stringify({ store: target.store, level: reached })
      : `The log of ${target.store} is of level ${reached}.`,
  );
}

function linesOf(store: string, found: ClusterStatus): string[] {
  const { engine, position, first, level, knownLevel, members, snapshots, database, sinceSnapshot } = found;
  const size = database === undefined ? '' : `, ${sizeOf(database.bytes)}`;
  return [
    `store      ${store}, level ${level}${level < knownLevel ? `; this version knows ${knownLevel}` : ''}`,
    `log        ${engine}, positions ${first} to ${position}${size}`,
    ...(database === undefined ? [] : [`standby    ${standbyText(database)}`]),
    `snapshots  ${snapshots.map(({ position: at, bytes }) => `${at} (${sizeOf(bytes)})`).join(', ') || 'none'}; ${sizeOf(sinceSnapshot)} of frames since`,
    `nodes      ${members.length === 0 ? 'none has made itself known in the last five minutes' : members.length}`,
    ...members.map(
      ({ name, level: known, position: at, behind, silent }) =>
        `  ${name}  level ${known}, at ${at}${behind === 0 ? '' : `, ${behind} behind`}, told ${Math.round(silent / 1000)} s ago`,
    ),
  ];
}

function standbyText({ standbys, commit }: NonNullable<ClusterStatus['database']>): string {
  const waits = `synchronous_commit ${commit}`;
  if (standbys === undefined) return `not to be seen by this user; ${waits}`;
  if (standbys.length === 0) return `none; ${waits}`;
  const each = standbys.map(
    ({ name, state, isSynchronous, behind }) =>
      `${name} (${state}, ${isSynchronous ? 'synchronous' : 'asynchronous'}, ${sizeOf(behind)} behind)`,
  );
  return `${each.join(', ')}; ${waits}`;
}

function sizeOf(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  const power = bytes < 1000 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), units.length - 1);
  return `${power === 0 ? bytes : (bytes / 1000 ** power).toFixed(1)} ${units[power]}`;
}
