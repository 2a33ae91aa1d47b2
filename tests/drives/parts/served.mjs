import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../../dist/esm/cli/main.js', import.meta.url));

export const TOKEN = 'the-token-that-writes';
export const READ_TOKEN = 'the-token-that-reads';
export const STORE = 'local/default';

/** `dust-orm serve` in a process of its own, in memory, without rate limits, with a heap of so many megabytes. */
export function serveWithin(megabytes) {
  return serveWith(['--no-rate-limit'], [`--max-old-space-size=${megabytes}`]);
}

/** `dust-orm serve` in a process of its own, in memory, with these flags beside its port and tokens. */
export async function serveWith(flags, nodeFlags = []) {
  const child = spawn(
    process.execPath,
    [
      ...nodeFlags,
      PROGRAM,
      'serve',
      ...['--port', '0', '--json', '--token', TOKEN, '--read-token', READ_TOKEN],
      ...flags,
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const errors = [];
  child.stderr.on('data', (data) => errors.push(data.toString()));
  let ended;
  child.once('exit', (code, signal) => {
    ended = signal ?? `code ${code}`;
  });
  const lines = createInterface({ input: child.stdout });
  const [line] = await once(lines, 'line', { signal: AbortSignal.timeout(30_000) });
  const { url } = JSON.parse(line);
  return {
    url,
    pid: child.pid,
    /** How it ended; undefined while it runs. */
    ended: () => ended,
    /** The last of what it said. */
    said: () => errors.join('').slice(-2000),
    /** Megabytes that it takes of the machine; undefined where that cannot be asked. */
    rss: () => rssOf(child.pid),
    stop: async () => {
      if (ended !== undefined) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

/** One request on a connection of its own. A connection that is cut has status 0. */
export function ask(url, method, path, { token = READ_TOKEN, body, type = 'application/json' } = {}) {
  return new Promise((resolve) => {
    const headers = { connection: 'close', authorization: `Bearer ${token}` };
    if (body !== undefined) {
      Object.assign(headers, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
    }
    const outgoing = request(new URL(path, url), { method, headers, agent: false }, (incoming) => {
      const chunks = [];
      incoming.on('data', (chunk) => chunks.push(chunk));
      incoming.on('error', () => resolve({ status: 0, text: '' }));
      incoming.on('end', () =>
        resolve({ status: incoming.statusCode, text: Buffer.concat(chunks).toString() }),
      );
    });
    outgoing.on('error', () => resolve({ status: 0, text: '' }));
    outgoing.end(body);
  });
}

function rssOf(pid) {
  try {
    const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Math.round(Number(kilobytes) / 1024);
  } catch {
    return undefined;
  }
}
