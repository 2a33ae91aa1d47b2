// Prints an nginx to check deploy/nginx.conf with: the one that NGINX names, nginx in PATH, or Debian's package, which is installed with
// apt-get when there is none. Nothing else goes to standard output.
import process from 'node:process';
import { findOrInstall, inPath, isExecutable } from './debian-package.mjs';

/** Where Debian has it, which is in not everybody's PATH. */
const DEBIAN = '/usr/sbin/nginx';

function fail(message) {
  console.error(`ensure-nginx: ${message}`);
  process.exit(1);
}

function find() {
  const { NGINX: given } = process.env;
  if (given) return isExecutable(given) ? given : fail(`NGINX is ${given}, which is no program.`);
  return inPath('nginx') ?? (isExecutable(DEBIAN) ? DEBIAN : undefined);
}

console.log(
  findOrInstall({ name: 'nginx-light', find, byHand: 'Install nginx, or set NGINX to its program.', fail }),
);
