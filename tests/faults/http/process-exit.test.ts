import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { useCompiledPackage } from '../compiled-sources.js';
import type { Scene } from './servers.js';
import { httpScene, json } from './servers.js';

const compiled = useCompiledPackage();
let scene: Scene;

beforeAll(async () => {
  scene = await httpScene((request, response) => {
    if (request.url === '/done') response.writeHead(200, json).end('1');
    if (request.url === '/busy') response.writeHead(429, { 'Retry-After': '100' }).end();
  });
});

afterAll(async () => {
  await scene.close();
});

/** Runs a program with a client; resolves to how it ended and what it said. */
async function run(body: string): Promise<{ code: unknown; output: string }> {
  const file = pathToFileURL(join(compiled.folder, 'transport/http/create-http-client.js')).href;
  const program = `
    const { createHttpClient } = await import(${JSON.stringify(file)});
    const logger = { debug() {}, info() {}, warn() {}, error() {} };
    const client = createHttpClient({ url: ${JSON.stringify(scene.url)}, store: 'a/b', token: 'x', logger, retry: {} });
    const send = (target, signal) => client.send({ method: 'GET', effect: 'read', target, signal }).then(
      ({ body }) => console.log(body),
      ({ kind }) => console.log(kind),
    );
    ${body}`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], { timeout: 10_000 });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [unknown];
  return { code, output };
}

describe('a program with a client ends by itself', () => {
  it('closed, whatever was under way', async () => {
    const body = `
      await send('/done');
      const rest = [send('/never'), send('/busy'), send('/done')];
      await rest[2];
      setTimeout(() => client.close(), 50);
      await Promise.all(rest);`;
    expect(await run(body)).toEqual({ code: 0, output: '1\n1\nclosed\nclosed\n' });
  });

  it('left open, with idle connections', async () => {
    expect(await run("await send('/done');")).toEqual({ code: 0, output: '1\n' });
  });
});
