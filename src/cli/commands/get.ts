import type { Command } from 'commander';
import { assertPath } from '../../protocol/paths/path.js';
import type { CliContext } from '../context.js';
import { nothingAt } from '../errors.js';
import { addTargetFlags } from '../input/target-flags.js';
import type { JsonFlag, TargetFlags } from '../input/target-flags.js';
import { shownLines } from '../output/shown-text.js';
import { withTarget } from '../target/with-target.js';

/** `get <path>`: the value of a leaf, or of all below a path as one map. */
export function addGet(program: Command, context: CliContext): void {
  addTargetFlags(
    program
      .command('get')
      .description('print the value at a path, as JSON; a path above leaves is printed as a map')
      .argument('<path>', 'such as reading/links/dust/title'),
  ).action((path: string, flags: TargetFlags & JsonFlag) => get(path, flags, context));
}

async function get(path: string, flags: TargetFlags & JsonFlag, context: CliContext): Promise<void> {
  assertPath(path);
  const { out, signal } = context;
  const entry = await withTarget(context, flags, {}, ({ transport }) => transport.get(path, { signal }));
  if (entry === null) throw nothingAt(path);
  const { value, type, revision } = entry;
  await out.line(
    flags.json === true
      ? JSON.stringify({ path, value, type, revision })
      : shownLines(JSON.stringify(value, undefined, 2)),
  );
}
