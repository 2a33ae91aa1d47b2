// Prints a zsh to try completions with: the one that ZSH_PROGRAM names, zsh in PATH, or Debian's package, which is installed with apt-get
// when there is none. Nothing else goes to standard output.
import process from 'node:process';
import { findOrInstall, inPath, isExecutable } from './debian-package.mjs';

function fail(message) {
  console.error(`ensure-zsh: ${message}`);
  process.exit(1);
}

function find() {
  const { ZSH_PROGRAM: given } = process.env;
  if (given) return isExecutable(given) ? given : fail(`ZSH_PROGRAM is ${given}, which is no program.`);
  return inPath('zsh');
}

console.log(
  findOrInstall({ name: 'zsh', find, byHand: 'Install zsh, or set ZSH_PROGRAM to its program.', fail }),
);
