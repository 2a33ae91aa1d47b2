import type { Command } from 'commander';
import type { WireIndex } from '../../protocol/wire/http.js';
import type { CliContext } from '../context.js';
import { dumpsUnsupported, noIndexAt } from '../errors.js';
import { addTargetFlags } from '../input/target-flags.js';
import type { JsonFlag, TargetFlags } from '../input/target-flags.js';
import type { IndexPort, Target } from '../target/target.js';
import { shownText } from '../output/shown-text.js';
import { withTarget } from '../target/with-target.js';

interface IndexFlags extends TargetFlags, JsonFlag {
  readonly drop?: string;
}

/** `indexes`: what indexes a store keeps, and giving up one that no class declares any more. */
export function addIndexes(program: Command, context: CliContext): void {
  addTargetFlags(
    program
      .command('indexes')
      .description('list the indexes that the store keeps, or drop one')
      .argument('[paths...]', 'with --drop, what the index is by, as it is listed: tenant email')
      .option('--drop <prefix>', 'drop the index of this prefix by these paths'),
  ).action((paths: readonly string[], flags: IndexFlags) => indexes(paths, flags, context));
}

async function indexes(paths: readonly string[], flags: IndexFlags, context: CliContext): Promise<void> {
  const { out } = context;
  const { drop: prefix, json = false } = flags;
  await withTarget(context, flags, {}, async (target) => {
    const port = portOf(target);
    const all = await port.list();
    if (prefix === undefined) {
      if (json) await out.line(JSON.stringify({ indexes: all }));
      else for (const index of all) await out.line(asText(index));
      return;
    }
    // There may be several, of which the values are of different types.
    const found = all.filter((index) => index.prefix === prefix && isBy(index, paths));
    const dropped: WireIndex[] = [];
    for (const index of found) if (await port.drop(index)) dropped.push(index);
    if (dropped.length === 0) throw noIndexAt(prefix, paths);
    if (json) await out.line(JSON.stringify({ dropped }));
    else for (const index of dropped) await out.line(`Dropped ${asText(index)}.`);
  });
}

/** @throws DustError `not_supported` */
function portOf({ indexes: port }: Target): IndexPort {
  if (port === undefined) throw dumpsUnsupported('indexes');
  return port;
}

function isBy({ parts }: WireIndex, paths: readonly string[]): boolean {
  return parts.length === paths.length && parts.every(({ path }, i) => path === paths[i]);
}

function asText({ prefix, parts, unique, state, kept }: WireIndex): string {
  const facts = [
    ...(unique ? ['unique'] : []),
    ...(kept ? ['kept for clients'] : []),
    ...(state === 'building' ? ['not complete'] : []),
  ];
  const rest = facts.length === 0 ? '' : `  (${facts.join(', ')})`;
  const by = parts.map(({ path, type }) => (type === 'string' ? path : `${path}:${type}`));
  return shownText(`${prefix}  ${by.join(' ')}${rest}`);
}
