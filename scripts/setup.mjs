// Runs before `npm test`, `npm run demo` and friends: installs and builds what is missing or out of date, so that each
// works on a fresh clone. Imports nothing but Node, and needs no network when there is nothing to install.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { sourceHash } from './source-hash.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

function run(title, command, args) {
  console.log(`setup: ${title}`);
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) {
    console.error(`setup: '${command} ${args.join(' ')}' failed${error ? `: ${error.message}` : ''}`);
    process.exit(1);
  }
}

/** Compares package-lock.json with the record npm keeps in node_modules of what it has installed. */
function installed() {
  const record = `${root}node_modules/.package-lock.json`;
  if (!existsSync(record)) return false;
  const { packages: wanted } = JSON.parse(readFileSync(`${root}package-lock.json`, 'utf8'));
  const { packages: present } = JSON.parse(readFileSync(record, 'utf8'));
  return Object.entries(wanted).every(([path, { version, integrity, optional, devOptional }]) => {
    if (path === '') return true;
    const found = present[path];
    if (!found) return Boolean(optional ?? devOptional);
    return found.version === version && found.integrity === integrity;
  });
}

function built() {
  const stamp = `${root}dist/.stamp`;
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === sourceHash(root);
}

if (!installed()) {
  run('installing dependencies (npm ci)', 'npm', [
    'ci',
    '--include=dev',
    '--prefer-offline',
    '--loglevel=error',
  ]);
}
if (!built()) run('building dist', process.execPath, ['scripts/build.mjs']);
