import { resolve } from 'node:path';
import type { Command } from 'commander';
import { batched } from '../output/batched.js';
import type { CliContext } from '../context.js';
import { dumpsUnsupported } from '../errors.js';
import { Progress } from '../output/progress.js';
import { replaceFile } from '../output/replace-file.js';
import { WorkProgress } from '../output/work-progress.js';
import { addTargetFlags } from '../input/target-flags.js';
import type { JsonFlag, TargetFlags } from '../input/target-flags.js';
import { withTarget } from '../target/with-target.js';

const STANDARD_OUTPUT = '-';

/** After how many leaves a person is told how far it is. */
const PROGRESS_STEP = 1000;

/** `export [file]`: the whole store as JSON lines (PROTOCOL §3). */
export function addExport(program: Command, context: CliContext): void {
  addTargetFlags(
    program
      .command('export')
      .description('write all leaves as JSON lines, to standard output or a file')
      .argument(
        '[file]',
        'appears when it is complete, and replaces a file of that name; "-" is standard output',
      ),
  ).action((file: string | undefined, flags: TargetFlags & JsonFlag) =>
    exportTo(file === STANDARD_OUTPUT ? undefined : file, flags, context),
  );
}

async function exportTo(
  file: string | undefined,
  flags: TargetFlags & JsonFlag,
  context: CliContext,
): Promise<void> {
  const { out, err, io } = context;
  const progress = new Progress(err);
  const work = new WorkProgress(progress, io.clock, { unit: 'leaves' });
  const exported = await withTarget(context, flags, {}, async ({ dump }) => {
    if (dump === undefined) throw dumpsUnsupported('export');
    const lines = new CountedLines(dump.exportLines(), context.signal, work);
    try {
      if (file === undefined) for await (const text of batched(lines)) await out.write(text);
      else await replaceFile(resolve(io.cwd, file), batched(lines));
    } finally {
      await progress.clear();
    }
    return lines.count - 1;
  });
  if (file === undefined) return;
  await out.line(
    flags.json === true ? JSON.stringify({ file, exported }) : `Exported ${exported} leaves to ${file}.`,
  );
}

/** Lines that are counted as they pass, the header among them. Ends with the signal's reason when that fires. */
class CountedLines implements AsyncIterable<string> {
  readonly #lines: AsyncIterable<string> | Iterable<string>;
  readonly #signal: AbortSignal;
  readonly #work: WorkProgress;
  #count = 0;

  constructor(lines: AsyncIterable<string> | Iterable<string>, signal: AbortSignal, work: WorkProgress) {
    this.#lines = lines;
    this.#signal = signal;
    this.#work = work;
  }

  get count(): number {
    return this.#count;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string, void, undefined> {
    for await (const line of this.#lines) {
      this.#signal.throwIfAborted();
      this.#count += 1;
      if (this.#count % PROGRESS_STEP === 0) await this.#work.tell(this.#count);
      yield line;
    }
  }
}
