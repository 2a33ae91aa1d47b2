import type { ChildProcess } from 'node:child_process';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const ROOT = join(__dirname, '../../..');
const MAIN = join(ROOT, 'dist/esm/cli/main.js');
const COMPILE = join(__dirname, 'compile.mjs');

let config: string | undefined;

/** The compiled configuration. */
function configuration(): string {
  config ??= execFileSync(process.execPath, [COMPILE], { encoding: 'utf8' }).trim();
  return config;
}

/** The studio's process of the built package. */
export class StudioProcess {
  readonly address: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, address: string) {
    this.#child = child;
    this.address = address;
  }

  /** Begins it, and waits for the address that it prints. */
  static async start(env: Readonly<Record<string, string>>, ...flags: string[]): Promise<StudioProcess> {
    const child = spawn(process.execPath, [MAIN, 'studio', '--config', configuration(), '--json', ...flags], {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let complaints = '';
    child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
    const address = await new Promise<string>((resolve, reject) => {
      const lines = createInterface(child.stdout);
      lines.once('line', (line) => {
        lines.close();
        child.stdout.resume();
        resolve((JSON.parse(line) as { studio: string }).studio);
      });
      child.once('exit', (code) => {
        reject(new Error(`The studio ended with ${String(code)}: ${complaints}`));
      });
    });
    return new StudioProcess(child, address);
  }

  /** Ends it. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await gone;
  }
}
