import type { Command } from 'commander';
import type { CliContext } from '../context.js';
import { leafPages } from '../target/leaf-pages.js';
import type { ListedItem } from '../target/leaf-pages.js';
import { parseCount } from '../input/parse-flags.js';
import { addTargetFlags } from '../input/target-flags.js';
import type { JsonFlag, TargetFlags } from '../input/target-flags.js';
import { shownJson, shownText } from '../output/shown-text.js';
import { withTarget } from '../target/with-target.js';

interface LsFlags extends TargetFlags, JsonFlag {
  readonly keys?: true;
  readonly limit?: number;
}

/** `ls [pattern]`: all leaves whose paths match, page by page. */
export function addLs(program: Command, context: CliContext): void {
  addTargetFlags(
    program
      .command('ls')
      .description('list leaves in store order, each with its path and value')
      .argument(
        '[pattern]',
        'such as reading/links/*/title; one without * lists what is at and below it',
        '**',
      )
      .option('--keys', 'paths only')
      .option('--limit <count>', 'stop after so many', parseCount('--limit')),
  ).action((pattern: string, flags: LsFlags) => ls(pattern, flags, context));
}

async function ls(pattern: string, flags: LsFlags, context: CliContext): Promise<void> {
  const { out, signal } = context;
  const format = flags.json === true ? asJson : asText;
  const listing = { pattern, keys: flags.keys === true, limit: flags.limit, signal };
  await withTarget(context, flags, {}, async ({ transport }) => {
    for await (const items of leafPages(transport, listing)) {
      await out.write(items.map((item) => `${format(item)}\n`).join(''));
    }
  });
}

function asJson(item: ListedItem): string {
  if (!('value' in item)) return JSON.stringify(item);
  const { path, value, type, revision } = item;
  return JSON.stringify({ path, value, type, revision });
}

function asText(item: ListedItem): string {
  return 'value' in item ? `${shownText(item.path)}\t${shownJson(item.value)}` : shownText(item.path);
}
