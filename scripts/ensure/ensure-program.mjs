// What the scripts of this folder do: each prints where a program is that tests need, and installs Debian's package where there is none.
import process from 'node:process';
import { findOrInstall, inPath, isExecutable } from './debian-package.mjs';

/**
 * Prints the program that an environment variable names, or one of these names in PATH, or in one of these places; else installs the package.
 * Nothing else goes to standard output.
 */
export function ensureProgram({ name, variable, names, places = [], packageName, byHand }) {
  const fail = (message) => {
    console.error(`ensure ${name}: ${message}`);
    process.exit(1);
  };
  const find = () => {
    const given = process.env[variable];
    if (given) return isExecutable(given) ? given : fail(`${variable} is ${given}, which cannot be run.`);
    // Not everybody's PATH has where Debian puts it.
    return inPath(...names) ?? places.find(isExecutable);
  };
  console.log(findOrInstall({ name: packageName, find, byHand, fail }));
}
