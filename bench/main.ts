// Prints what the library's main work costs. `npm run bench` runs all of it, `npm run bench -- hydrate list` some.
import { cpus } from 'node:os';
import { argv, version } from 'node:process';
import { applyOperations } from './apply-operations.js';
import { applyRemote } from './channel/apply.js';
import { catchUpWithServer, catchUpWithStub } from './channel/catch-up.js';
import { readMirror, restart } from './channel/mirror.js';
import { recovery } from './channel/recovery.js';
import { writesToServer, writesToStub } from './channel/writes.js';
import { applying } from './cluster/apply.js';
import { overPostgres } from './cluster/postgres.js';
import { restoring } from './cluster/restore.js';
import { hydrateAndDump } from './hydrate-and-dump.js';
import { httpTransport } from './http-transport.js';
import { importTime } from './import-time.js';
import { indexes } from './indexes/indexes.js';
import { listAndGet } from './list-and-get.js';
import { live } from './live/live.js';
import { load } from './load.js';
import type { Row } from './measure.js';
import { peers } from './peers/peers.js';
import { validatedInsert } from './validated-insert.js';

const groups = [
  importTime,
  hydrateAndDump,
  validatedInsert,
  listAndGet,
  applyOperations,
  httpTransport,
  applyRemote,
  writesToStub,
  writesToServer,
  catchUpWithStub,
  catchUpWithServer,
  readMirror,
  restart,
  recovery,
  load,
  indexes,
  restoring,
  applying,
  overPostgres,
  peers,
  live,
];
const wanted = argv.slice(2).filter((word, i, words) => !isOption(word) && !isOption(words[i - 1]));
const chosen = groups.filter(({ name, onlyByName }) =>
  wanted.length === 0 ? onlyByName !== true : wanted.some((word) => name.includes(word)),
);

console.log(
  `Node ${version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}. Medians; higher load, lower figures.\n`,
);
for (const group of chosen) {
  console.log(group.name);
  printTable(await group.run());
  console.log();
}

/** An option of a group, which has its value behind it: `--records 20000`. */
function isOption(word: string | undefined): boolean {
  return word?.startsWith('--') === true;
}

function printTable(rows: readonly Row[]): void {
  const width = (pick: (row: Row) => string): number => Math.max(...rows.map((row) => pick(row).length));
  const work = width((row) => row.work);
  const result = width((row) => row.result);
  const target = width((row) => row.target);
  for (const row of rows) {
    const verdict = row.met === undefined ? '' : row.met ? 'met' : 'MISSED';
    console.log(
      `  ${row.work.padEnd(work)}  ${row.result.padStart(result)}  ${row.target.padStart(target)}  ${verdict}`,
    );
  }
}
