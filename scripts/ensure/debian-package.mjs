// Finds a program that tests need, or installs Debian's package of it. Nothing goes to standard output.
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import process from 'node:process';

export function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export function inPath(...names) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

/** Runs a command, with its output beside ours. */
function succeeds(command, args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync(command, args, { stdio: ['ignore', 2, 2], env }).status === 0;
}

/** What `find` gives, after the package was installed where it gave nothing. `fail` says what is in the way, and does not return. */
export function findOrInstall({ name, find, byHand, fail }) {
  const found = find();
  if (found !== undefined) return found;
  const aptGet = inPath('apt-get');
  if (aptGet === undefined) fail(`there is no ${name}, and no apt-get to install it. ${byHand}`);
  const isRoot = process.getuid?.() === 0;
  if (!isRoot && !succeeds('sudo', ['-n', 'true'])) {
    fail(`there is no ${name}; to install it takes root, or sudo without a password. ${byHand}`);
  }
  const apt = (...args) => (isRoot ? succeeds(aptGet, args) : succeeds('sudo', ['-n', aptGet, ...args]));
  console.error(`installing the package ${name}`);
  // Lists that cannot be renewed may still name the package.
  apt('update', '-q');
  // Another process may be installing something.
  const patience = 'DPkg::Lock::Timeout=300';
  if (!apt('install', '-q', '-y', '--no-install-recommends', '-o', patience, name)) {
    fail(`apt-get could not install the package ${name}. ${byHand}`);
  }
  return find() ?? fail(`apt-get installed the package ${name}, but there is still none to be found.`);
}
