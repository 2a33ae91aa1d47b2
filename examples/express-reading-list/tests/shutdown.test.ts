import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStream } from './support/event-stream.js';

const MAIN = join(__dirname, '../dist/main.js');
const DUST = JSON.stringify({ slug: 'dust', title: 'Dust', url: 'https://dustlayer.io' });

/** The built application as a process of its own, with its store in a folder. */
describe('a process that is told to stop', () => {
  let folder: string;
  let child: ChildProcess | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'reading-list-'));
  });

  afterEach(async () => {
    child?.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });

  async function run(): Promise<{ url: string; exit: Promise<number | null> }> {
    const env = { PATH: process.env.PATH, DUST_PATH: join(folder, 'data'), PORT: '0' };
    child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    const exit = once(child, 'exit').then(([code]) => code as number | null);
    const died = exit.then((code) => {
      throw new Error(`The application ended with ${code}. Has it been built (npm run build)?`);
    });
    const [line] = await Promise.race([once(child.stdout!.setEncoding('utf8'), 'data'), died]);
    return { url: /is at (\S+)/.exec(line)![1]!, exit };
  }

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'on %s answers what is under way, ends the streams, closes the store and exits with 0',
    async (signal) => {
      const { url, exit } = await run();
      const { port, hostname } = new URL(url);
      const stream = await openStream(`${url}/links/events`);
      const socket = connect(Number(port), hostname).setEncoding('utf8');
      await once(socket, 'connect');
      const head = `POST /links HTTP/1.1\r\nHost: ${hostname}\r\nContent-Type: application/json\r\n`;
      socket.write(`${head}Content-Length: ${DUST.length}\r\nExpect: 100-continue\r\n\r\n`);
      // The server is reading this request now.
      expect((await once(socket, 'data')).join()).toContain('100 Continue');

      child!.kill(signal);
      expect(await stream.next()).toBeUndefined();
      await expect(fetch(`${url}/health`)).rejects.toThrow('fetch failed');
      socket.write(DUST);
      const answer: string[] = [];
      for await (const part of socket) answer.push(part as string);
      expect(answer.join('')).toContain('201 Created');
      expect(await exit).toBe(0);

      const again = await run();
      expect(await (await fetch(`${again.url}/links/dust`)).json()).toMatchObject({ title: 'Dust' });
      child!.kill('SIGTERM');
      expect(await again.exit).toBe(0);
    },
  );
});
