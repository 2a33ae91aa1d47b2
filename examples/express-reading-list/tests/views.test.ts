import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunningReadingList } from '../src/server.js';
import { start } from '../src/server.js';

const VIEWS = 2000;
const READERS = 20;

/** A page that many people read, its list kept in a folder. */
describe('a link that is followed 2,000 times', () => {
  let folder: string;
  let list: RunningReadingList;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'reading-list-'));
    list = await start({ DUST_PATH: folder, PORT: '0' });
  });
  afterAll(async () => {
    await list.close();
    await rm(folder, { recursive: true, force: true });
  });

  const send = (method: string, path: string, body?: object): Promise<Response> =>
    fetch(`${list.url}${path}`, {
      method,
      ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });

  it('counts each of them, and is well afterwards', async () => {
    const link = { slug: 'dust', title: 'Dust', url: 'https://dustlayer.io' };
    expect((await send('POST', '/links', link)).status).toBe(201);
    let left = VIEWS;
    const read = async (): Promise<void> => {
      while (left-- > 0) {
        const answer = await send('POST', '/links/dust/views');
        if (answer.status !== 200) throw new Error(`${answer.status}: ${await answer.text()}`);
        await answer.arrayBuffer();
      }
    };
    await Promise.all(Array.from({ length: READERS }, read));
    expect(await (await send('GET', '/links/dust')).json()).toMatchObject({ views: VIEWS });
    expect(await (await send('GET', '/health')).json()).toMatchObject({ status: 'ok', state: 'live' });
  });
});
