import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { nobody } from './parts/machine.js';

/** How a server is begun. */
export interface ServerProgram {
  /** In what it says when it does not begin. */
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly user: ReturnType<typeof nobody>;
  /** In the line that it writes when it takes connections. */
  readonly ready: string;
}

/** The process of a server of a test's own, that is begun and ended again and again. */
export class ServerProcess {
  #process: ChildProcess | undefined;

  /** Resolves when it takes connections. */
  async begin({ name, program, args, cwd, user, ready }: ServerProgram): Promise<void> {
    const server = spawn(program, args, { ...user, cwd, stdio: ['ignore', 'ignore', 'pipe'] });
    this.#process = server;
    let said = '';
    await new Promise<void>((resolve, reject) => {
      server.stderr.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        if (said.includes(ready)) resolve();
      });
      server.once('exit', () => {
        reject(new Error(`${name} did not begin:\n${said}`));
      });
    });
    // What it goes on saying is not kept.
    server.stderr.removeAllListeners('data').resume();
  }

  signal(signal: NodeJS.Signals): void {
    this.#process?.kill(signal);
  }

  /** Resolves when it has ended. */
  async stop(signal: NodeJS.Signals): Promise<void> {
    const server = this.#process;
    this.#process = undefined;
    if (server?.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill(signal);
    await ended;
  }
}
