import { Writable } from 'node:stream';
import { systemClock } from '../../../src/clock.js';
import type { CliIo, StopSignal } from '../../../src/cli/io.js';

/** A stream that keeps what it is given. */
export class Sheet extends Writable {
  text = '';

  constructor() {
    super({ decodeStrings: false });
  }

  override _write(chunk: string, _encoding: string, done: () => void): void {
    this.text += chunk;
    done();
  }
}

/** A world for one run of the command: nothing of it reaches beyond `cwd`. A signal stops what waits. */
export function memoryIo(
  cwd: string,
  env: CliIo['env'],
  stdin: string,
): { readonly io: CliIo; readonly stdout: Sheet; readonly stderr: Sheet; readonly stop: () => void } {
  const [stdout, stderr] = [new Sheet(), new Sheet()];
  const listeners = new Set<(signal: StopSignal) => void>();
  const io: CliIo = {
    ...{ stdout, stderr, env, cwd, clock: systemClock, version: '0.0.0' },
    stdin: chunks(stdin),
    onSignal: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const stop = (): void => {
    for (const listener of listeners) listener('SIGTERM');
  };
  return { io, stdout, stderr, stop };
}

async function* chunks(text: string): AsyncGenerator<string> {
  yield text;
}
