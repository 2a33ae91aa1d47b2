// Prints the path of a Chromium to run browser tests in: the one that CHROMIUM_PATH names, one in PATH, or Debian's,
// which is installed with apt-get when there is none. Nothing else goes to standard output.
import process from 'node:process';
import { findOrInstall, inPath, isExecutable } from './debian-package.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

function fail(message) {
  console.error(`ensure-chromium: ${message}`);
  process.exit(1);
}

function find() {
  const { CHROMIUM_PATH: given } = process.env;
  if (given && !isExecutable(given)) fail(`CHROMIUM_PATH is ${given}, which cannot be run.`);
  return given || inPath(...NAMES);
}

console.log(
  findOrInstall({
    name: 'chromium',
    find,
    byHand: 'Install Chromium, or set CHROMIUM_PATH to one.',
    fail,
  }),
);
