// Runs a second program that writes to a store while the contract suite runs on it (tests/contract/second-program).
import { fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../tests/contract/second-program/main.ts', import.meta.url));

/** Runs TypeScript from the sources as they stand. */
const jiti = join(dirname(createRequire(import.meta.url).resolve('jiti/package.json')), 'lib/jiti-cli.mjs');

/**
 * Starts it on a store of the server that the environment names, below `root`. Resolves when it writes, to a function that stops it,
 * called once or more, and resolves to the numbers of writes acknowledged over HTTP and over the channel. Both reject when it failed.
 */
export async function startSecondProgram(store, root) {
  const child = fork(jiti, [PROGRAM], {
    env: { ...process.env, DUST_STORE: store, DUST_SECOND_ROOT: root },
    execArgv: [],
  });
  const said = {};
  child.on('message', (message) => (said[message.type] = message));
  const heard = (type) =>
    new Promise((resolve, reject) => {
      const look = () => {
        const { [type]: message, failed } = said;
        if (message !== undefined) {
          resolve(message);
        } else if (failed !== undefined) {
          reject(new Error(`The second program failed: ${failed.message}`));
        } else if (!child.connected) {
          reject(new Error('The second program ended before it was told to.'));
        }
      };
      child.on('message', look);
      child.on('disconnect', look);
      look();
    });
  await heard('writing');
  let stopped;
  return () => {
    // One that ends just now is heard of below, whether it was told or not.
    if (stopped === undefined && child.connected) child.send('stop', () => undefined);
    return (stopped ??= heard('stopped'));
  };
}
