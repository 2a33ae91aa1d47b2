import type { Command } from 'commander';
import { fromEvent, map, mergeMap, pairwise, takeUntil } from 'rxjs';
import type { Observable } from 'rxjs';
import type { DataSource, DataSourceOptions } from '../../data-source/index.js';
import type { CommittedOperation } from '../../protocol/requests/operation.js';
import { assertPath } from '../../protocol/paths/path.js';
import { Pattern } from '../../protocol/paths/pattern.js';
import { untilAborted } from '../../transport/abort.js';
import type { CliContext } from '../context.js';
import { invalidFlag, storeInMemory } from '../errors.js';
import type { FoundOptions } from '../config/find-options.js';
import { hasOwnTransport } from '../config/own-transport.js';
import { addTargetFlags } from '../input/target-flags.js';
import type { JsonFlag, TargetFlags } from '../input/target-flags.js';
import { loggerTo } from '../output/logger.js';
import { printOperations } from '../output/print-operations.js';
import { shownJson, shownText } from '../output/shown-text.js';
import type { Logger } from '../../logging.js';

interface WatchFlags extends TargetFlags, JsonFlag {
  readonly prefix?: string;
}

/** All leaves of a store. */
const EVERYTHING = '**';

/** `watch [pattern]`: operations as they are committed, until a signal ends it. */
export function addWatch(program: Command, context: CliContext): void {
  addTargetFlags(
    program
      .command('watch')
      .description('print what is written as it is committed, until Ctrl-C')
      .argument('[pattern]', "such as 'links/*/title'; all of the store when left out")
      .option('--prefix <path>', 'what is at and below this path, in place of a pattern'),
  ).action((pattern: string | undefined, flags: WatchFlags) => watch(pattern, flags, context));
}

async function watch(pattern: string | undefined, flags: WatchFlags, context: CliContext): Promise<void> {
  const { prefix } = flags;
  if (pattern !== undefined && prefix !== undefined) {
    throw invalidFlag('--prefix', 'left out beside a pattern', prefix);
  }
  if (pattern !== undefined) Pattern.parse(pattern);
  if (prefix !== undefined) assertPath(prefix);
  const [{ findOptions }, { DataSource }] = await Promise.all([
    import('../config/find-options.js'),
    import('../../data-source/index.js'),
  ]);
  const found = await findOptions(flags, context.io);
  if (flags.config === undefined && found.options.path !== undefined) {
    const { assertStoreIn } = await import('../target/folder-target.js');
    assertStoreIn(found.options.path);
  }
  const dataSource = new DataSource(watching(found, loggerTo(context.err)));
  try {
    await untilAborted(dataSource.initialize(), context.signal);
    await printCommits(dataSource, pattern, flags, context);
  } finally {
    await dataSource.destroy();
  }
}

/** What is other than in the options: a server tells by its channel, a folder is shared with those who write to it. */
function watching({ options, source }: FoundOptions, logger: Logger): DataSourceOptions {
  const { url, path, cluster, token } = options;
  const own = { ...options, ...(token === undefined ? {} : { token }), entities: [], migrationsRun: false };
  const base: DataSourceOptions = options.logger === undefined ? { ...own, logger } : own;
  if (hasOwnTransport(options)) return base;
  // A channel, that to a shared folder's owner too, tells of what it has a mirror of.
  if (url !== undefined) return { ...base, transport: 'channel', mirror: 'all' };
  if (path === undefined && cluster === undefined) throw storeInMemory(source);
  return cluster === undefined ? { ...base, share: true, mirror: 'all' } : base;
}

async function printCommits(
  { transport }: DataSource,
  pattern: string | undefined,
  { json, prefix }: WatchFlags,
  { out, err, signal }: CliContext,
): Promise<void> {
  if (signal.aborted) return;
  const format = json === true ? asJson : asText;
  const ends = fromEvent(signal, 'abort');
  const operations: Observable<CommittedOperation> = transport.watch(pattern ?? EVERYTHING).pipe(
    mergeMap(({ operations: of }) => of),
    takeUntil(ends),
  );
  const connection = transport.status$
    .pipe(
      map(({ state }) => state === 'live' || state === 'degraded'),
      pairwise(),
      takeUntil(ends),
    )
    .subscribe({
      next: ([was, is]) => {
        if (was === is) return;
        const text = is ? 'connected again' : 'the connection is lost; connecting again';
        err.line(`dust-orm: ${text}`).catch(() => undefined);
      },
      error: () => undefined,
    });
  const lineOf = (operation: CommittedOperation): string | undefined =>
    prefix === undefined || touches(operation.path, prefix) ? format(operation) : undefined;
  const printed = printOperations(operations, out, { lineOf, signal });
  // It may fail while the first line is written.
  printed.catch(() => undefined);
  try {
    if (err.isTerminal) {
      await err.line(`Watching ${shownText(prefix ?? pattern ?? 'all of the store')}. Ctrl-C stops it.`);
    }
    await printed;
  } finally {
    connection.unsubscribe();
  }
}

/** Whether an operation at a path can have changed what is at or below another one. */
function touches(path: string, prefix: string): boolean {
  return path === prefix || path.startsWith(`${prefix}/`) || prefix.startsWith(`${path}/`);
}

function asJson({ storeSeq, op, path, value, deviceId, commit }: CommittedOperation): string {
  return JSON.stringify({ storeSeq, op, path, value, deviceId, ...(commit === undefined ? {} : { commit }) });
}

function asText({ storeSeq, op, path, value }: CommittedOperation): string {
  return `${storeSeq}\t${op}\t${shownText(path)}\t${shownJson(value)}`;
}
