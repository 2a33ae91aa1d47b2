import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import type { RunningServer } from '../../../src/server/index.js';
import { serve } from '../../../src/server/index.js';
import { useCompiledPackage } from '../compiled-sources.js';

const TOKEN = 'the-token-of-this-test';
const STORE = 'acme/notes';

const compiled = useCompiledPackage();
let server: RunningServer | undefined;
let child: ChildProcess | undefined;

const begin = async (port: number): Promise<RunningServer> =>
  (server = await serve({ port, stores: [STORE], tokens: [{ token: TOKEN }] }));

afterEach(async () => {
  child?.kill('SIGKILL');
  await server?.close();
});

/** A program that does nothing but follow a list, and ends when that holds something. */
function follow(url: string): AsyncIterableIterator<string> {
  const options = { url, token: TOKEN, store: STORE };
  const program = `
    const { DataSource, defineEntity, field, slug } = await import(${JSON.stringify(pathToFileURL(join(compiled.folder, 'index.js')).href)});
    class Note extends defineEntity('notes', { slug: slug(), text: field('string') }, { name: 'Note' }) {}
    const dataSource = await new DataSource({ entities: [Note], logging: false, ...${JSON.stringify(options)} }).initialize();
    dataSource.transport.status$.subscribe(({ state }) => { if (state !== 'live' && state !== 'closed') console.log('away'); });
    dataSource.getRepository(Note).live({}).subscribe((notes) => {
      console.log('list ' + notes.length);
      if (notes.length > 0) dataSource.destroy();
    });`;
  child = spawn(process.execPath, ['--input-type=module', '--eval', program], { timeout: 30_000 });
  child.stderr!.on('data', (chunk: Buffer) => process.stderr.write(chunk));
  return createInterface(child.stdout!)[Symbol.asyncIterator]();
}

it('a program that follows a list goes on while its server is away, and ends when it is destroyed', async () => {
  const first = await begin(0);
  const port = Number(new URL(first.url).port);
  const lines = follow(first.url);
  expect((await lines.next()).value).toBe('list 0');
  await first.close();
  expect((await lines.next()).value).toBe('away');
  const again = await begin(port);
  const written = await fetch(`${again.url}/api/stores/${STORE}/entries/notes/a/text`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify('kept'),
  });
  expect(written.status).toBeLessThan(300);
  const seen: string[] = [];
  for await (const line of lines) seen.push(line);
  expect(seen.at(-1)).toBe('list 1');
  if (child!.exitCode === null) await once(child!, 'exit');
  expect(child!.exitCode).toBe(0);
});
