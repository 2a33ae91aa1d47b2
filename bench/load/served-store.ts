import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** What is served, and where it lies. */
export interface ServedOptions {
  readonly store: string;
  readonly token: string;
  /** The folder; in memory when left out. */
  readonly data?: string;
}

/** A running `dust-orm serve`. */
export interface ServedStore {
  readonly url: string;
  readonly pid: number;
}

const COMMAND = fileURLToPath(new URL('dist/esm/cli/main.js', import.meta.resolve('dust-orm/package.json')));

/**
 * Runs `dust-orm serve` without rate limits in a process of its own while `work` lasts; then stops it with SIGTERM and waits
 * until it has ended well. `BENCH_SERVE_FLAGS` goes to its Node, such as `--cpu-prof`.
 */
export async function whileServed<Result>(
  { store, token, data }: ServedOptions,
  work: (served: ServedStore) => Promise<Result>,
): Promise<Result> {
  const nodeFlags = process.env.BENCH_SERVE_FLAGS?.split(' ') ?? [];
  const flags = ['--port', '0', '--store', store, '--no-rate-limit', '--json'];
  const folder = data === undefined ? [] : ['--data', data];
  const child = spawn(process.execPath, [...nodeFlags, COMMAND, 'serve', ...flags, ...folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, DUST_TOKEN: token },
  });
  const ended = once(child, 'exit') as Promise<[code: number | null, signal: string | null]>;
  try {
    return await work({ url: await urlOf(child), pid: child.pid! });
  } finally {
    child.kill('SIGTERM');
    const [code, signal] = await ended;
    if (code !== 0) {
      process.exitCode = 1;
      console.error(`  The server ended with ${code ?? signal}.`);
    }
  }
}

async function urlOf({ stdout }: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: stdout! })) {
    return (JSON.parse(line) as { url: string }).url;
  }
  throw new Error('The server ended before it listened.');
}
