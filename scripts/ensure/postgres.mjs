// Prints the folder of PostgreSQL's programs to run test servers with: the one that POSTGRES_BIN names, that of pg_ctl in PATH, the
// newest of Debian's, or Debian's package, which is installed with apt-get when there is none. Nothing else goes to standard output.
import { readdirSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { findOrInstall, inPath, isExecutable } from './debian-package.mjs';

/** Where Debian has the programs of each version. */
const DEBIAN = '/usr/lib/postgresql';
/** What tests run. */
const PROGRAMS = ['initdb', 'postgres', 'pg_basebackup'];

function fail(message) {
  console.error(`ensure postgres: ${message}`);
  process.exit(1);
}

function versions() {
  try {
    return readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a));
  } catch {
    return [];
  }
}

function find() {
  const { POSTGRES_BIN: given } = process.env;
  const isComplete = (folder) => PROGRAMS.every((program) => isExecutable(join(folder, program)));
  if (given) {
    return isComplete(given)
      ? given
      : fail(`POSTGRES_BIN is ${given}, which has not all of ${PROGRAMS.join(', ')}.`);
  }
  const beside = inPath('pg_ctl');
  const folders = [
    // A link to it lies where not all of the others have one.
    ...(beside ? [dirname(realpathSync(beside))] : []),
    ...versions().map((version) => join(DEBIAN, version, 'bin')),
  ];
  return folders.find(isComplete);
}

console.log(
  findOrInstall({
    name: 'postgresql',
    find,
    byHand: 'Install PostgreSQL 15 or newer, or set POSTGRES_BIN to the folder of its programs.',
    fail,
  }),
);
