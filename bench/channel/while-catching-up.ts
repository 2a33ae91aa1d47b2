import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Serialization } from './connect.js';

/** What a client in a process of its own took. */
export interface ClientReport {
  /** Until it was live. */
  readonly milliseconds: number;
  /** Where its mirror stood then. */
  readonly storeSeq: number;
  /** Bytes of the heap that were still needed then. */
  readonly heap: number;
  /** The most bytes that the process ever had in memory. */
  readonly peak: number;
}

const run = promisify(execFile);
const SCRIPT = fileURLToPath(new URL('catch-up-client.js', import.meta.url));

/** A client that begins with what `cache` holds, with nothing by default, and ends when it is live. */
export function catchingUp(url: string, serialization: Serialization, cache?: string): Promise<ClientReport> {
  return reportOf([url, serialization, ...(cache === undefined ? [] : [cache])]);
}

/** A mirror of so many leaves, and nothing else. */
export function filling(leaves: number): Promise<ClientReport> {
  return reportOf(['fill', String(leaves)]);
}

/** `BENCH_CLIENT_FLAGS` goes to its Node, such as `--cpu-prof`. */
async function reportOf(args: readonly string[]): Promise<ClientReport> {
  const nodeFlags = process.env.BENCH_CLIENT_FLAGS?.split(' ') ?? [];
  const { stdout } = await run(process.execPath, ['--expose-gc', ...nodeFlags, SCRIPT, ...args]);
  return JSON.parse(stdout) as ClientReport;
}
