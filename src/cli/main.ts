#!/usr/bin/env node
import { systemClock } from '../clock.js';
import { EXIT } from './output/exit-code.js';
import type { CliIo, StopSignal } from './io.js';
import { packageVersion } from './package-version.js';
import { run } from './run.js';

/** A terminal hands over a line when Enter is pressed. */
function onTypedLine(listener: () => void): () => void {
  const { stdin } = process;
  stdin.on('data', listener).resume();
  return () => {
    // Whoever listened to it would keep the process.
    stdin.off('data', listener).pause();
  };
}

const io: CliIo = {
  stdout: process.stdout,
  stderr: process.stderr,
  get stdin() {
    return process.stdin;
  },
  onLine: process.stdin.isTTY ? onTypedLine : undefined,
  env: process.env,
  cwd: process.cwd(),
  clock: systemClock,
  version: packageVersion(process.argv[1]),
  onSignal: (listener) => {
    let heard = false;
    const hear = (signal: StopSignal): void => {
      // Whoever asks twice does not want to wait for what is under way.
      if (heard) process.exit(EXIT[signal]);
      heard = true;
      listener(signal);
    };
    process.on('SIGINT', hear).on('SIGTERM', hear);
    return () => {
      process.off('SIGINT', hear).off('SIGTERM', hear);
    };
  },
};

/** Where nothing is left that could go on, Node ends the process, and says that all is well. */
const stranded = (): void => {
  process.exitCode = EXIT.failed;
  process.stderr.write(
    'dust-orm: the command ended before it was done: it waits for what nobody does any more.\n',
  );
};
process.once('beforeExit', stranded);

void run(process.argv.slice(2), io).then((code) => {
  process.off('beforeExit', stranded);
  process.exitCode = code;
  // What was called off may still wait, for a person to type or a server to answer; all output has been taken.
  if (code === EXIT.SIGINT || code === EXIT.SIGTERM) process.exit();
});
