import { resolve } from 'node:path';
import type { Command } from 'commander';
import { isDustError } from '../../errors.js';
import type { CliContext } from '../context.js';
import { folderInUse, nothingToBackUp } from '../errors.js';
import { addJsonFlag } from '../input/target-flags.js';
import type { JsonFlag } from '../input/target-flags.js';
import { FolderProgressLine } from '../output/folder-progress.js';
import { Progress } from '../output/progress.js';

/** `backup <folder> <out>`: a copy of an embedded store that a data source can open. */
export function addBackup(program: Command, context: CliContext): void {
  addJsonFlag(
    program
      .command('backup')
      .description('copy the folder of an embedded store that no program has open, and check the copy')
      .argument('<folder>', 'the data folder; or the one that serve was given, with all of its stores')
      .argument('<out>', 'a folder that is not there yet'),
  ).action((folder: string, out: string, flags: JsonFlag) => backup(folder, out, flags, context));
}

async function backup(
  folder: string,
  out: string,
  { json }: JsonFlag,
  { out: output, err, io, signal }: CliContext,
): Promise<void> {
  const { backUpFolder } = await import('../../store/lmdb/index.js');
  const from = resolve(io.cwd, folder);
  const to = resolve(io.cwd, out);
  const progress = new Progress(err);
  let stores: number;
  try {
    stores = await backUpFolder(from, to, {
      signal,
      onProgress: new FolderProgressLine(progress, io.clock).hear,
    });
  } catch (error) {
    throw isDustError(error) && error.detail === 'locked' ? folderInUse(error) : error;
  } finally {
    await progress.clear();
  }
  if (stores === 0) throw nothingToBackUp(from);
  const what = stores === 1 ? 'the store' : `the ${stores} stores`;
  await output.line(
    json === true ? JSON.stringify({ out: to, stores }) : `Backed up ${what} in ${from} to ${to}.`,
  );
}
