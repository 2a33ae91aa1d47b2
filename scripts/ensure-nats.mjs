// Prints the program of NATS to run test servers with: the one that NATS_SERVER names, nats-server in PATH, or Debian's package, which is
// installed with apt-get when there is none. Nothing else goes to standard output.
import process from 'node:process';
import { findOrInstall, inPath, isExecutable } from './debian-package.mjs';

/** Where Debian has it, which is in not everybody's PATH. */
const DEBIAN = '/usr/sbin/nats-server';

function fail(message) {
  console.error(`ensure-nats: ${message}`);
  process.exit(1);
}

function find() {
  const { NATS_SERVER: given } = process.env;
  if (given) return isExecutable(given) ? given : fail(`NATS_SERVER is ${given}, which is no program.`);
  return inPath('nats-server') ?? (isExecutable(DEBIAN) ? DEBIAN : undefined);
}

console.log(
  findOrInstall({
    name: 'nats-server',
    find,
    byHand: 'Install the NATS server, or set NATS_SERVER to its program.',
    fail,
  }),
);
