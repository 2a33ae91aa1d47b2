import type { Command } from 'commander';
import { assertPath } from '../../protocol/paths/path.js';
import type { CliContext } from '../context.js';
import { readWhole } from '../input/read-input.js';
import { parseJson } from '../input/parse-json.js';
import { parseCount } from '../input/parse-flags.js';
import { addTargetFlags } from '../input/target-flags.js';
import type { JsonFlag, TargetFlags } from '../input/target-flags.js';
import { shownText } from '../output/shown-text.js';
import { withTarget } from '../target/with-target.js';

interface PutFlags extends TargetFlags, JsonFlag {
  readonly ifMatch?: number;
  readonly ifAbsent?: true;
}

/** `put <path> <json>`: writes a value in place of what is at and below the path. */
export function addPut(program: Command, context: CliContext): void {
  addTargetFlags(
    program
      .command('put')
      .description('write a JSON value in place of what is at and below a path')
      .argument('<path>', 'such as reading/links/dust/title')
      .argument('<json>', `a value, such as '"Dust"' or '{"views":1}'; - reads it from standard input`)
      .option('--if-match <revision>', 'only when the leaf has this revision', parseCount('--if-match'))
      .option('--if-absent', 'only when there is no leaf at the path'),
  ).action((path: string, json: string, flags: PutFlags) => put(path, json, flags, context));
}

async function put(path: string, json: string, flags: PutFlags, context: CliContext): Promise<void> {
  assertPath(path);
  const { out, signal } = context;
  const value =
    json === '-'
      ? parseJson(await readWhole('-', context), 'Standard input')
      : parseJson(json, 'The value on the command line');
  const { ifMatch, ifAbsent } = flags;
  const { storeSeq } = await withTarget(context, flags, { create: true }, ({ transport }) =>
    transport.set(path, value, { signal, ifMatch, ifAbsent }),
  );
  await out.line(
    flags.json === true
      ? JSON.stringify({ path, storeSeq })
      : `Wrote ${shownText(path)} at store_seq ${storeSeq}.`,
  );
}
