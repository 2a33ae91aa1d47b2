import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** What a stub claims to hold. */
export interface StubOptions {
  /** How many operations were ever committed. */
  readonly operations?: number;
  /** How many leaves they, and those that are broadcast, are about. */
  readonly leaves?: number;
}

/** A running stub. */
export interface Stub {
  readonly url: string;
  /** Broadcasts so many operations; resolves when the last of them is on its way. */
  broadcast(count: number): Promise<void>;
  /** Answers no write from now on. */
  hold(): Promise<void>;
  /** Answers the writes that wait, and those to come. Resolves to how many waited. */
  release(): Promise<number>;
}

/** Runs a stub in a process of its own while `work` lasts. `BENCH_STUB_FLAGS` goes to its Node, such as `--cpu-prof`. */
export async function whileStubbed<Result>(
  { operations = 0, leaves = 1 }: StubOptions,
  work: (stub: Stub) => Promise<Result>,
): Promise<Result> {
  const nodeFlags = process.env.BENCH_STUB_FLAGS?.split(' ') ?? [];
  const script = fileURLToPath(new URL('stub-server.js', import.meta.url));
  const child = spawn(process.execPath, [...nodeFlags, script, String(operations), String(leaves)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  try {
    const lines = createInterface({ input: child.stdout });
    const [url] = (await once(lines, 'line')) as [string];
    const ask = async (question: string): Promise<{ count: number }> =>
      (await (await fetch(`${url}/stub/${question}`)).json()) as { count: number };
    return await work({
      url,
      broadcast: async (count) => {
        await ask(`broadcast?count=${count}`);
      },
      hold: async () => {
        await ask('hold');
      },
      release: async () => (await ask('release')).count,
    });
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
}
