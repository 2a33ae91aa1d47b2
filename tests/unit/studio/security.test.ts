import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Sessions } from '../../../src/studio/http/sessions.js';
import { StudioWorld, send, visit } from './studio-world.js';

const world = StudioWorld.use();

const open = async (options = {}) => {
  const dataSource = await world.source({ entities: [] });
  await dataSource.transport.set('a/b', 1);
  const studio = await world.studio(dataSource, options);
  return { dataSource, studio, visitor: await visit(studio.address) };
};

it('an address lets one browser in, once', async () => {
  const dataSource = await world.source({ entities: [] });
  const { address } = await world.studio(dataSource);
  const { origin, pathname } = new URL(address);
  expect(pathname).toMatch(/^\/open\/[\w-]{43}$/);
  const first = await send(origin, pathname);
  expect(first).toMatchObject({ status: 303, headers: { location: '/' } });
  const [cookie = ''] = first.headers['set-cookie'] ?? [];
  expect(cookie).toMatch(/^dust_studio_\d+=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/$/);
  const stolen = await send(origin, pathname);
  expect(stolen.status).toBe(403);
  expect(stolen.text).toContain('This address has been used');
  expect(stolen.headers['set-cookie']).toBeUndefined();
});

it('another address makes the one before void, and keeps who is in', async () => {
  const { studio, visitor } = await open();
  const second = studio.invite();
  const third = studio.invite();
  const { origin, pathname } = new URL(second);
  expect((await send(origin, pathname)).status).toBe(403);
  expect((await (await visit(third)).get('/api/store')).status).toBe(200);
  expect((await visitor.get('/api/store')).status).toBe(200);
});

it('a browser that fetches ahead does not use an address up', async () => {
  const dataSource = await world.source({ entities: [] });
  const { address } = await world.studio(dataSource);
  const { origin, pathname } = new URL(address);
  const ahead = await send(origin, pathname, { headers: { 'sec-purpose': 'prefetch;prerender' } });
  expect(ahead.status).toBe(503);
  expect((await send(origin, pathname)).status).toBe(303);
});

it('an address that was followed from another page leads in by way of a page of ours', async () => {
  const dataSource = await world.source({ entities: [] });
  const { address } = await world.studio(dataSource);
  const { origin, pathname } = new URL(address);
  const headers = {
    'sec-fetch-site': 'cross-site',
    'sec-fetch-mode': 'navigate',
    'sec-fetch-dest': 'document',
  };
  expect(await send(origin, pathname, { headers })).toMatchObject({
    status: 200,
    headers: { refresh: '0;url=/' },
  });
});

it('an address is good for a window, and not for what is embedded or fetched by another page', async () => {
  const dataSource = await world.source({ entities: [] });
  const { address } = await world.studio(dataSource);
  const { origin, pathname } = new URL(address);
  for (const headers of [
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' },
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
    { origin: 'http://evil.example' },
    { origin: 'null' },
    { origin: 'http://evil.example', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
  ]) {
    expect((await send(origin, pathname, { headers })).status).toBe(403);
  }
  expect((await send(origin, pathname)).status).toBe(303);
});

it('nobody comes in without a cookie of the studio', async () => {
  const { visitor, dataSource } = await open();
  const other = await world.visitor(dataSource);
  const name = visitor.cookie.slice(0, visitor.cookie.indexOf('='));
  const foreign = other.cookie.slice(other.cookie.indexOf('=') + 1);
  for (const path of ['/', '/app.js', '/api/store', '/api/children', '/api/changes', '/api/file?path=a/b']) {
    for (const cookie of ['', `${name}=`, `${name}=x`, `${name}=${foreign}`, other.cookie]) {
      const { status, text } = await send(visitor.origin, path, { headers: { cookie } });
      expect([path, cookie, status]).toEqual([path, cookie, 401]);
      expect(text).not.toContain('<title>studio');
      expect(text).toContain('for a new address');
    }
  }
  expect((await visitor.get('/')).text).toContain('<title>studio');
});

it('answers to its own name alone, whatever name leads to this machine', async () => {
  const { studio, visitor } = await open();
  const { port } = new URL(visitor.origin);
  const secret = new URL(studio.invite()).pathname;
  for (const host of [
    'evil.example',
    `evil.example:${port}`,
    `localhost:${port}`,
    '127.0.0.1',
    `[::1]:${port}`,
  ]) {
    for (const path of ['/', '/api/store', secret]) {
      const { status, text } = await send(visitor.origin, path, {
        headers: { host, cookie: visitor.cookie },
      });
      expect([host, path, status]).toEqual([host, path, 403]);
      expect(text).not.toMatch(/<title>studio|local\/default/);
    }
  }
});

it('a page of another origin gets nothing, and changes nothing', async () => {
  const { dataSource, visitor } = await open({ write: true });
  const { port } = new URL(visitor.origin);
  const body = { path: 'a/b', value: 2, revision: 1 };
  for (const headers of [
    { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    { origin: 'null', 'sec-fetch-site': 'cross-site' },
    { origin: `http://127.0.0.1:${Number(port) + 1}`, 'sec-fetch-site': 'same-site' },
    { origin: `http://localhost:${port}`, 'sec-fetch-site': 'same-site' },
    { origin: visitor.origin, 'sec-fetch-site': 'cross-site' },
    { origin: `${visitor.origin}.evil.example`, 'sec-fetch-site': 'same-origin' },
  ]) {
    const written = await visitor.post('/api/save', body, headers);
    expect([headers, written.status]).toEqual([headers, 403]);
    const read = await visitor.get('/api/children', headers);
    expect([headers, read.status, read.headers['access-control-allow-origin']]).toEqual([
      headers,
      403,
      undefined,
    ]);
  }
  expect((await dataSource.transport.get('a/b'))?.value).toBe(1);
});

it('is told things in JSON, by POST, and in no other way', async () => {
  const { dataSource, visitor } = await open({ write: true });
  const body = JSON.stringify({ path: 'a/b', value: 2, revision: 1 });
  const ask = (method: string, headers: Record<string, string>) =>
    send(visitor.origin, '/api/save', {
      method,
      headers: { cookie: visitor.cookie, 'content-length': String(body.length), ...headers },
      body,
    });
  for (const type of [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    '',
  ]) {
    expect([type, (await ask('POST', { 'content-type': type })).status]).toEqual([type, 415]);
  }
  for (const method of ['PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
    expect([method, (await ask(method, { 'content-type': 'application/json' })).status]).toEqual([
      method,
      405,
    ]);
  }
  expect((await visitor.get('/api/save?path=a/b')).status).toBe(405);
  expect((await dataSource.transport.get('a/b'))?.value).toBe(1);
});

it('without --write refuses whatever would change something', async () => {
  const { dataSource, visitor } = await open();
  for (const [path, body] of [
    ['/api/save', { path: 'a/b', value: 2, revision: 1 }],
    ['/api/delete', { path: 'a/b', revision: 1 }],
    ['/api/restore', { path: 'a/b', revision: 1, storeSeq: 0 }],
  ] as const) {
    const { status, json } = await visitor.post(path, body);
    expect([path, status, json.error.message]).toEqual([path, 403, expect.stringContaining('--write')]);
  }
  expect((await dataSource.transport.status()).storeSeq).toBe(1);
});

it('hands out the files of its page and no others', async () => {
  const { visitor } = await open();
  await mkdir(join(world.folder, 'inner'), { recursive: true });
  await writeFile(join(world.folder, 'inner', 'secret.js'), 'secret');
  await writeFile(join(world.folder, 'later.js'), 'later');
  expect((await visitor.get('/app.js')).text).toBe('export {};');
  for (const path of [
    '/../package.json',
    '/..%2fpackage.json',
    '/inner/secret.js',
    '/later.js',
    '//app.js',
    '/./app.js',
    '/app.js/',
    '/app.js%00',
    '/open',
    'http://evil.example/app.js',
  ]) {
    expect([path, (await visitor.get(path)).status]).toEqual([path, 404]);
  }
});

it('every answer says that nothing else may run, be embedded or be kept', async () => {
  const { visitor } = await open();
  for (const path of ['/', '/api/store', '/api/nothing', '/nothing']) {
    const { headers } = await visitor.get(path);
    expect(headers).toMatchObject({
      'content-security-policy':
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
  }
});

it('what is asked for is shown as text where it is told back', async () => {
  const { visitor } = await open();
  const { text, headers } = await visitor.get('/<script>alert(1)</script>');
  expect(headers['content-type']).toBe('text/html; charset=utf-8');
  expect(text).not.toContain('<script>');
});

it('takes no more than so much of a body', async () => {
  const { visitor } = await open({ write: true });
  const answer = await visitor.post('/api/save', {
    path: 'a/b',
    value: 'x'.repeat(8 * 1024 * 1024),
    revision: 1,
  });
  expect(answer.status).toBe(413);
});

it('without its files says that the package was not built', async () => {
  const { visitor } = await open({ page: join(world.folder, 'nowhere') });
  expect((await visitor.get('/')).text).toContain('the package was not built');
});

it('lets in so many browsers, the first of them no more then', () => {
  const sessions = new Sessions();
  const letIn = () => sessions.exchange(sessions.invite())!;
  const first = letIn();
  const others = Array.from({ length: 15 }, letIn);
  expect([first, ...others].every((session) => sessions.has(session))).toBe(true);
  const last = letIn();
  expect([sessions.has(first), sessions.has(others[0]!), sessions.has(last)]).toEqual([false, true, true]);
  sessions.end();
  expect(sessions.has(last)).toBe(false);
});

it('lets nobody in any more when it has been closed', async () => {
  const { studio, visitor } = await open();
  await studio.close();
  await expect(visitor.get('/api/store')).rejects.toThrow('ECONNREFUSED');
});
