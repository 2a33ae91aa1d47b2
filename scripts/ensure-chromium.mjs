// Prints the path of a Chromium to run browser tests in: the one that CHROMIUM_PATH names, one in PATH, or Debian's,
// which is installed with apt-get when there is none. Nothing else goes to standard output.
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import process from 'node:process';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

function fail(message) {
  console.error(`ensure-chromium: ${message}`);
  process.exit(1);
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function inPath(...names) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

/** Runs a command, with its output beside ours. */
function succeeds(command, args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync(command, args, { stdio: ['ignore', 2, 2], env }).status === 0;
}

function install() {
  const byHand = 'Install Chromium, or set CHROMIUM_PATH to one.';
  const aptGet = inPath('apt-get');
  if (aptGet === undefined) fail(`there is no Chromium in PATH, and no apt-get to install it. ${byHand}`);
  const isRoot = process.getuid?.() === 0;
  if (!isRoot && !succeeds('sudo', ['-n', 'true'])) {
    fail(`there is no Chromium in PATH; to install it takes root, or sudo without a password. ${byHand}`);
  }
  const apt = (...args) => (isRoot ? succeeds(aptGet, args) : succeeds('sudo', ['-n', aptGet, ...args]));
  console.error('ensure-chromium: installing the package chromium');
  // Lists that cannot be renewed may still name the package.
  apt('update', '-q');
  if (!apt('install', '-q', '-y', '--no-install-recommends', 'chromium')) {
    fail(`apt-get could not install the package chromium. ${byHand}`);
  }
}

function find() {
  const { CHROMIUM_PATH: given } = process.env;
  if (given && !isExecutable(given)) fail(`CHROMIUM_PATH is ${given}, which cannot be run.`);
  return given || inPath(...NAMES);
}

if (find() === undefined) install();
console.log(find() ?? fail('apt-get installed the package chromium, but there is still none in PATH.'));
