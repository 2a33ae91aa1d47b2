import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { CliContext } from '../context.js';
import { addJsonFlag } from '../input/target-flags.js';
import type { JsonFlag } from '../input/target-flags.js';
import { FolderProgressLine } from '../output/folder-progress.js';
import { Progress } from '../output/progress.js';

interface RestoreFlags extends JsonFlag {
  readonly replace?: true;
  readonly takeOver?: true;
}

/** `restore <backup> <folder>`: a backup in the place of an embedded store's folder. */
export function addRestore(program: Command, context: CliContext): void {
  addJsonFlag(
    program
      .command('restore')
      .description('check a backup, and put it into the folder of an embedded store that no program has open')
      .argument('<backup>', 'the folder that a backup made')
      .argument('<folder>', 'the data folder; made when it is missing')
      .option('--replace', 'in place of a store that is there')
      .option('--take-over', 'from a program on another machine that is lost for good'),
  ).action((backup: string, folder: string, flags: RestoreFlags) => restore(backup, folder, flags, context));
}

async function restore(
  backup: string,
  folder: string,
  { json, replace, takeOver }: RestoreFlags,
  { out, err, io, signal }: CliContext,
): Promise<void> {
  const { restoreBackup } = await import('../../store/lmdb/index.js');
  const path = resolve(io.cwd, folder);
  const progress = new Progress(err);
  const { stores, leaves } = await restoreBackup({
    backup: resolve(io.cwd, backup),
    path,
    replace,
    takeOver,
    signal,
    onProgress: new FolderProgressLine(progress, io.clock).hear,
  }).finally(() => progress.clear());
  const what = stores === 1 ? 'the store' : `${stores} stores`;
  await out.line(
    json === true
      ? JSON.stringify({ path, stores, leaves })
      : `Restored ${what} with ${leaves} leaves to ${path}.`,
  );
}
