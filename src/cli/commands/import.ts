import type { Command } from 'commander';
import { isDustError } from '../../errors.js';
import type { CliContext } from '../context.js';
import { dumpPieces } from '../target/dump-pieces.js';
import { dumpsUnsupported, importStopped } from '../errors.js';
import { readLines } from '../input/read-input.js';
import { Progress } from '../output/progress.js';
import { WorkProgress } from '../output/work-progress.js';
import type { DumpPort } from '../target/target.js';
import { addTargetFlags } from '../input/target-flags.js';
import type { JsonFlag, TargetFlags } from '../input/target-flags.js';
import { withTarget } from '../target/with-target.js';

/** `import <file>`: writes the leaves of a dump. */
export function addImport(program: Command, context: CliContext): void {
  addTargetFlags(
    program
      .command('import')
      .description('write the leaves of a dump into the store; leaves it does not name stay')
      .argument('<file>', 'a dump as export writes it; - reads standard input'),
  ).action((file: string, flags: TargetFlags & JsonFlag) => importFile(file, flags, context));
}

async function importFile(file: string, flags: TargetFlags & JsonFlag, context: CliContext): Promise<void> {
  const total = file === '-' ? undefined : await countLeaves(file, context);
  const { imported, storeSeq } = await withTarget(context, flags, { create: true }, ({ dump }) => {
    if (dump === undefined) throw dumpsUnsupported('import');
    return importPieces(dump, dumpPieces(readLines(file, context)), total, context);
  });
  await context.out.line(
    flags.json === true ? JSON.stringify({ imported, storeSeq }) : `Imported ${imported} leaves.`,
  );
}

/** Reads the whole file once before anything is written: a fault at its end is found at the beginning. */
async function countLeaves(file: string, context: CliContext): Promise<number> {
  let count = 0;
  for await (const piece of dumpPieces(readLines(file, context))) count += piece.length - 1;
  return count;
}

async function importPieces(
  dump: DumpPort,
  pieces: AsyncIterable<readonly string[]>,
  total: number | undefined,
  { err, io, signal }: CliContext,
): Promise<{ readonly imported: number; readonly storeSeq: number | null }> {
  const progress = new Progress(err);
  const work = new WorkProgress(progress, io.clock, { unit: 'leaves', total });
  let imported = 0;
  let storeSeq: number | null = null;
  try {
    for await (const piece of pieces) {
      signal.throwIfAborted();
      const done = await dump.importLines(piece);
      imported += done.imported;
      storeSeq = done.storeSeq;
      await work.tell(imported);
    }
  } catch (error) {
    throw imported > 0 && isDustError(error) ? importStopped(imported, error) : error;
  } finally {
    await progress.clear();
  }
  return { imported, storeSeq };
}
