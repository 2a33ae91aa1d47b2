import type { Command } from 'commander';
import { assertPath } from '../../protocol/paths/path.js';
import type { CliContext } from '../context.js';
import { nothingAt } from '../errors.js';
import { parseCount } from '../input/parse-flags.js';
import { addTargetFlags } from '../input/target-flags.js';
import type { JsonFlag, TargetFlags } from '../input/target-flags.js';
import { shownText } from '../output/shown-text.js';
import { withTarget } from '../target/with-target.js';

interface RmFlags extends TargetFlags, JsonFlag {
  readonly ifMatch?: number;
}

/** `rm <path>`: removes the leaf and everything below it. */
export function addRm(program: Command, context: CliContext): void {
  addTargetFlags(
    program
      .command('rm')
      .description('remove what is at and below a path')
      .argument('<path>', 'such as reading/links/dust')
      .option('--if-match <revision>', 'only when the leaf has this revision', parseCount('--if-match')),
  ).action((path: string, flags: RmFlags) => rm(path, flags, context));
}

async function rm(path: string, flags: RmFlags, context: CliContext): Promise<void> {
  assertPath(path);
  const { out, signal } = context;
  const { ifMatch } = flags;
  const { storeSeq } = await withTarget(context, flags, {}, async ({ transport }) => {
    // A store acknowledges the removal of nothing; a person wants to hear of the slip in the path.
    if (!(await transport.exists(path, { signal }))) throw nothingAt(path);
    return transport.delete(path, { signal, ifMatch });
  });
  await out.line(
    flags.json === true
      ? JSON.stringify({ path, storeSeq })
      : `Removed ${shownText(path)} at store_seq ${storeSeq}.`,
  );
}
