import { Command } from 'commander';
import { addBackup } from './commands/backup.js';
import { addCluster } from './commands/cluster.js';
import { addCompletion } from './commands/completion.js';
import { addDoctor } from './commands/doctor.js';
import { addExport } from './commands/export.js';
import { addGet } from './commands/get.js';
import { addImport } from './commands/import.js';
import { addIndexes } from './commands/indexes.js';
import { addInit } from './commands/init.js';
import { addLs } from './commands/ls.js';
import { addMigrate } from './commands/migrate.js';
import { addPut } from './commands/put.js';
import { addRestore } from './commands/restore.js';
import { addRm } from './commands/rm.js';
import { addSeed } from './commands/seed.js';
import { addServe } from './commands/serve.js';
import { addStats } from './commands/stats.js';
import { addStudio } from './commands/studio.js';
import { addWatch } from './commands/watch.js';
import type { CliContext } from './context.js';

const COMMANDS = [
  addInit,
  addServe,
  addStudio,
  addGet,
  addLs,
  addWatch,
  addPut,
  addRm,
  addExport,
  addImport,
  addIndexes,
  addStats,
  addMigrate,
  addSeed,
  addBackup,
  addRestore,
  addDoctor,
  addCluster,
  addCompletion,
];

const AFTER_HELP = `
Paths are written as the store renders them: segments joined by "/", with "~0" for "~" and "~1" for "/" inside a segment.
Exit codes: 0 done, 1 failed, 2 wrong usage, 3 nothing there, 130 interrupted. DUST_DEBUG=1 shows the stack of an error.`;

/** The command line of `dust-orm`, ready to be parsed. Parsing throws instead of ending the process. */
export function createProgram(context: CliContext): Command {
  const program = new Command('dust-orm')
    .description('A local Dust server, and commands for a store on a server or in a folder')
    .version(context.io.version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.io.stdout.write(text),
      writeErr: (text) => context.io.stderr.write(text),
      // Errors are reported in one place, as text or as JSON.
      outputError: () => undefined,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .addHelpText('after', AFTER_HELP)
    .showSuggestionAfterError();
  for (const add of COMMANDS) add(program, context);
  return program;
}
