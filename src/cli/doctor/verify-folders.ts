import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isDustError, messageOf } from '../../errors.js';
import type { FolderReport } from '../../store/lmdb/index.js';
import { dataFolders, inspectFolder } from '../../store/lmdb/index.js';
import type { CliContext } from '../context.js';
import { FolderProgressLine } from '../output/folder-progress.js';
import { Progress } from '../output/progress.js';
import type { Finding } from './finding.js';
import { fail, ok, warn } from './finding.js';

const CHECK = 'verify';

/**
 * Walks all of a data folder and of those below it, without LMDB and without writing, so that it is of use where nothing else
 * opens them. A finding for each loss.
 */
export async function* verifyFolders(
  path: string,
  context: CliContext,
): AsyncGenerator<Finding, void, undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory() !== true) {
    yield fail(CHECK, `${path} is not a folder. Give the path of one.`);
    return;
  }
  let ways: string[];
  try {
    ways = dataFolders(path);
  } catch (error) {
    yield fail(CHECK, `${path} cannot be looked at: ${messageOf(error)}.`);
    return;
  }
  if (ways.length === 0) {
    yield fail(
      CHECK,
      `Nothing was verified: neither ${path} nor a folder below it holds a store. Give the folder of one.`,
    );
  }
  for (const way of ways) yield* verifyOne(join(path, way), context);
}

async function* verifyOne(
  folder: string,
  { err, io, signal }: CliContext,
): AsyncGenerator<Finding, void, undefined> {
  const progress = new Progress(err);
  try {
    const { hear } = new FolderProgressLine(progress, io.clock);
    const report = await inspectFolder(folder, { signal, onProgress: hear }).finally(() => progress.clear());
    if (report === undefined) yield fail(CHECK, `${folder} holds no store any more.`);
    else yield* findingsOf(folder, report);
  } catch (error) {
    signal.throwIfAborted();
    // A program that is at work is no fault; nothing can be said of its folder meanwhile.
    const isBusy = isDustError(error) && error.detail === 'locked';
    yield isBusy
      ? warn(CHECK, `Nothing was verified. ${messageOf(error)} Or verify a backup that it made.`)
      : fail(CHECK, messageOf(error));
  }
}

function* findingsOf(
  folder: string,
  { lost, notes, ...read }: FolderReport,
): Generator<Finding, void, undefined> {
  for (const loss of lost.told) yield fail(CHECK, `Lost or changed: ${loss}.`);
  for (const note of notes.told) yield warn(CHECK, `Not there: ${note}.`);
  const contents = `${read.leaves} leaves, ${read.operations} operations of the log and ${read.files} files`;
  if (lost.count === 0) {
    yield ok(CHECK, `${folder} is whole: ${contents}, at store_seq ${read.storeSeq}.`);
    return;
  }
  const places = lost.count === 1 ? '1 place' : `${lost.count} places`;
  yield fail(
    CHECK,
    `${folder} is damaged in ${places}; ${contents} could be read. Restore it from a backup (dust-orm restore).`,
  );
}
