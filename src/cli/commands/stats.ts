import type { Command } from 'commander';
import { isDustError } from '../../errors.js';
import type { Transport } from '../../transport/transport.js';
import type { CliContext } from '../context.js';
import { parseCount } from '../input/parse-flags.js';
import { countText } from '../../work-pace.js';
import { addTargetFlags } from '../input/target-flags.js';
import type { JsonFlag, TargetFlags } from '../input/target-flags.js';
import { Progress } from '../output/progress.js';
import { WorkProgress } from '../output/work-progress.js';
import { LeafCounts } from '../target/count-leaves.js';
import { leafPages } from '../target/leaf-pages.js';
import type { IndexPort, Target } from '../target/target.js';
import { shownText } from '../output/shown-text.js';
import { withTarget } from '../target/with-target.js';

interface StatsFlags extends TargetFlags, JsonFlag {
  readonly depth?: number;
}

/** Prefixes that are told one by one. */
const MOST = 1000;

/** The segments of a prefix, such as `reading/links`. */
const DEPTH = 2;

/** `stats [pattern]`: how much a store holds, prefix by prefix. */
export function addStats(program: Command, context: CliContext): void {
  addTargetFlags(
    program
      .command('stats')
      .description('count leaves and what lies right below each prefix; lists the paths of the whole store')
      .argument('[pattern]', 'counts only these, such as reading/**', '**')
      .option(
        '--depth <segments>',
        `how many segments a prefix has (default ${DEPTH})`,
        parseCount('--depth', 1, 64),
      ),
  ).action((pattern: string, flags: StatsFlags) => stats(pattern, flags, context));
}

async function stats(pattern: string, flags: StatsFlags, context: CliContext): Promise<void> {
  const { out } = context;
  await withTarget(context, flags, {}, async (target) => {
    const counts = await countIn(target, pattern, flags.depth ?? DEPTH, context);
    const around = await factsOf(target);
    const { leaves, prefixes, others } = counts;
    if (flags.json === true) {
      await out.line(JSON.stringify({ leaves, prefixes, otherPrefixes: others, ...around }));
      return;
    }
    for (const line of table(counts)) await out.line(line);
    if (others > 0) await out.line(`and ${countText(others)} more prefixes`);
    await out.line(`${countText(leaves)} leaves${factsText(around)}`);
  });
}

async function countIn(
  { transport }: Target,
  pattern: string,
  depth: number,
  { err, io, signal }: CliContext,
): Promise<LeafCounts> {
  const counts = new LeafCounts(depth, MOST);
  const progress = new Progress(err);
  const work = new WorkProgress(progress, io.clock, { unit: 'leaves' });
  try {
    for await (const items of leafPages(transport, { pattern, keys: true, limit: undefined, signal })) {
      for (const { path } of items) counts.add(path);
      await work.tell(counts.leaves);
    }
  } finally {
    await progress.clear();
  }
  return counts;
}

/** What is known of the store beside its leaves; left out where it is not. */
interface Facts {
  readonly storeSeq: number;
  readonly log?: { readonly firstSeq: number } | undefined;
  readonly indexes?: number | undefined;
  readonly storedBytes?: number | undefined;
}

async function factsOf({ transport, indexes, storedBytes }: Target): Promise<Facts> {
  const { storeSeq } = await transport.status();
  return { storeSeq, log: await logOf(transport), indexes: await countOf(indexes), storedBytes };
}

/** Undefined where the store knows no indexes, as servers of version 0.1. */
async function countOf(indexes: IndexPort | undefined): Promise<number | undefined> {
  try {
    return (await indexes?.list())?.length;
  } catch (error) {
    if (isDustError(error, 'not_supported') || isDustError(error, 'not_implemented')) return undefined;
    throw error;
  }
}

async function logOf(transport: Transport): Promise<{ readonly firstSeq: number } | undefined> {
  if (transport.capabilities.log !== true) return undefined;
  const page = await transport.log?.({ limit: 1 });
  return page === undefined ? undefined : { firstSeq: page.firstSeq };
}

function factsText({ storeSeq, log, indexes, storedBytes }: Facts): string {
  return [
    `, operation ${storeSeq}`,
    ...(log === undefined ? [] : [`, the log kept from operation ${log.firstSeq} on`]),
    ...(indexes === undefined ? [] : [`, ${indexes} ${indexes === 1 ? 'index' : 'indexes'}`]),
    ...(storedBytes === undefined ? [] : [`, ${countText(storedBytes)} bytes on the disk`]),
  ].join('');
}

/** Numbers stand below each other. */
function table({ prefixes }: LeafCounts): string[] {
  const rows = [
    ['prefix', 'below', 'leaves'] as const,
    ...prefixes.map(
      ({ prefix, below, leaves }) => [shownText(prefix), countText(below), countText(leaves)] as const,
    ),
  ];
  const width = (column: 0 | 1 | 2): number =>
    rows.reduce((most, row) => Math.max(most, row[column].length), 0);
  const [first, second, third] = [width(0), width(1), width(2)];
  return rows.map(
    ([prefix, below, leaves]) =>
      `${prefix.padEnd(first)}  ${below.padStart(second)}  ${leaves.padStart(third)}`,
  );
}
