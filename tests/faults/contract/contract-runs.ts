import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const ROOT = join(__dirname, '../../..');

/** No run of a test inherits where another was sent. */
const UNSET = { DUST_BASE_URL: '', DUST_TOKEN: '', DUST_STORE: '', DUST_TEST_STORES: '' };

/** How a run ended, and all it printed. */
export interface Outcome {
  readonly code: number | null;
  readonly output: string;
}

/** Runs of `npm run test:contract`. */
export class ContractRuns {
  readonly #running = new Set<ChildProcess>();

  /** `npm run test:contract -- <args>` with these variables and no others of the kind. */
  run(args: readonly string[], variables: Record<string, string>): Promise<Outcome> {
    const env = { ...process.env, ...UNSET, ...variables };
    const child = spawn(process.execPath, [join(ROOT, 'scripts/test-contract.mjs'), ...args], { env });
    this.#running.add(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    }
    return new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => {
        this.#running.delete(child);
        resolve({ code, output });
      });
    });
  }

  /** As `run`, for one that must end well. @throws Error with all it printed when it did not */
  async pass(args: readonly string[], variables: Record<string, string>): Promise<string> {
    const { code, output } = await this.run(args, variables);
    if (code !== 0) throw new Error(`The run ended with code ${code}:\n${output}`);
    return output;
  }

  /** Ends the runs that a test has given up, before their server is gone. */
  async end(): Promise<void> {
    await Promise.all(
      [...this.#running].map(async (child) => {
        child.kill();
        await once(child, 'close');
      }),
    );
  }
}
