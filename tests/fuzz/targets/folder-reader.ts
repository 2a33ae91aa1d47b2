import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { once } from 'node:events';

/** What came of a folder that was opened, read, written to and closed. */
export interface FolderOutcome {
  /** `read`, the kind and detail of a `DustError`, `raw …` for another error, a signal, or `hung`. */
  readonly outcome: string;
  /** How many leaves were read. */
  readonly leaves?: string;
}

/** Opens folders elsewhere. */
export interface FolderReader {
  read(path: string): Promise<FolderOutcome>;
  close(): Promise<void>;
}

/** Milliseconds after which a process that opens a folder never comes back. */
const PATIENCE = 20_000;

/** Opens folders in a process of its own, and in another one when that has ended by a signal. */
export class ChildReader implements FolderReader {
  readonly #program: string;
  #child: ChildProcess | undefined;

  /** @param program a script that answers each message with a {@link FolderOutcome} */
  constructor(program: string) {
    this.#program = program;
  }

  async read(path: string): Promise<FolderOutcome> {
    const child = this.#living();
    let patience: NodeJS.Timeout | undefined;
    const hung = new Promise<'hung'>((resolve) => {
      patience = setTimeout(() => resolve('hung'), PATIENCE);
    });
    const gone = new AbortController();
    const answered = once(child, 'message', { signal: gone.signal });
    const exited = once(child, 'exit', { signal: gone.signal });
    child.send(path);
    const outcome = await Promise.race([
      hung,
      answered.then(([answer]) => answer as FolderOutcome),
      exited.then(ending),
    ]);
    clearTimeout(patience);
    gone.abort();
    await Promise.allSettled([answered, exited]);
    if (typeof outcome === 'object') return outcome;
    if (outcome === 'hung') await this.close();
    this.#child = undefined;
    return { outcome };
  }

  #living(): ChildProcess {
    if (this.#child?.connected !== true) {
      this.#child = fork(this.#program, { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    }
    return this.#child;
  }

  async close(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }
}

function ending([code, signal]: (number | string | null)[]): string {
  return signal === null ? `raw exit code ${code ?? ''}` : String(signal);
}
