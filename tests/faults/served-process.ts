import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** What a {@link ServedProcess} serves. */
export interface ServedOptions {
  /** The folder that keeps the stores; in memory when left out. */
  readonly data?: string | undefined;
  readonly store: string;
  readonly token: string;
  /** Where to listen; 0 takes a free port. */
  readonly port: number;
  /** Other flags of `serve`. */
  readonly flags?: readonly string[] | undefined;
}

/** `dust-orm serve` in a process of its own. */
export class ServedProcess {
  /** Where it listens. */
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;

  private constructor(child: ChildProcess, ended: Promise<unknown>, url: string) {
    this.#child = child;
    this.#ended = ended;
    this.url = url;
  }

  /** Resolves when the server listens. @throws Error with what it said when it ends before that */
  static async start(compiledPackage: string, options: ServedOptions): Promise<ServedProcess> {
    const { data, store, token, port, flags: others = [] } = options;
    const kept = data === undefined ? [] : ['--data', data];
    const flags = [...kept, '--store', store, '--port', String(port), '--no-rate-limit', '--json', ...others];
    const child = spawn(process.execPath, [join(compiledPackage, 'cli/main.js'), 'serve', ...flags], {
      env: { ...process.env, DUST_TOKEN: token },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = once(child, 'close');
    let said = '';
    let complaints = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
    const listening = new Promise<string>((resolve) => {
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        const [line, rest] = said.split('\n', 2);
        if (line !== undefined && rest !== undefined) resolve(line);
      });
    });
    const failed = ended.then((): never => {
      throw new Error(`the server ended before it listened: ${said}${complaints}`);
    });
    const { url } = JSON.parse(await Promise.race([listening, failed])) as { readonly url: string };
    return new ServedProcess(child, ended, url);
  }

  get pid(): number {
    return this.#child.pid!;
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  /** Kills it with SIGKILL; resolves when it is gone. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }
}
