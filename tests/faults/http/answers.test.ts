import { gzipSync } from 'node:zlib';
import type { HttpRequest } from '../../../src/transport/http/client/http-client.js';
import type { Scene } from './servers.js';
import { ONCE, READ, WRITE, answering, httpScene, json, rejection } from './servers.js';

let scene: Scene | undefined;
afterEach(async () => {
  await scene?.close();
  scene = undefined;
});

async function ask(
  request: HttpRequest,
  status: number,
  body: unknown,
  headers: Record<string, string> = json,
): Promise<any> {
  scene = await httpScene(answering(status, typeof body === 'string' ? body : JSON.stringify(body), headers));
  return scene.client.send(request);
}

const refused = (...args: Parameters<typeof ask>): Promise<any> => rejection(ask(...args));

describe('each error a server answers with', () => {
  const rows: [string, HttpRequest, number, unknown, Record<string, string>, object][] = [
    ['401', READ, 401, { error: 'unauthorized' }, json, { kind: 'unauthorized', retryable: false }],
    ['401 without a body', READ, 401, '', {}, { kind: 'unauthorized' }],
    ['403', WRITE, 403, { error: 'forbidden' }, json, { kind: 'forbidden', path: 'links/dust' }],
    [
      '403 with a scope',
      WRITE,
      403,
      { error: 'forbidden', detail: 'entries:write' },
      json,
      { kind: 'forbidden', detail: 'entries:write' },
    ],
    [
      '404 of a store',
      READ,
      404,
      { error: 'not_found' },
      json,
      { kind: 'store_not_found', detail: 'not_found' },
    ],
    ['404 of a route', READ, 404, { errors: { detail: 'Not Found' } }, json, { kind: 'not_implemented' }],
    [
      '404 as plain text',
      READ,
      404,
      'Not Found',
      { 'content-type': 'text/html' },
      { kind: 'not_implemented' },
    ],
    [
      '404 with another error',
      READ,
      404,
      { error: 'blob_gone' },
      json,
      { kind: 'http', detail: 'blob_gone' },
    ],
    [
      '400 as plain text',
      WRITE,
      400,
      'Bad Request',
      { 'content-type': 'text/html' },
      { kind: 'invalid_params', detail: 'bad_request' },
    ],
    [
      '400 without error',
      WRITE,
      400,
      { errors: { detail: 'Bad Request' } },
      json,
      { kind: 'invalid_params', detail: 'bad_request' },
    ],
    [
      '400 with error',
      WRITE,
      400,
      { error: 'if_match_multi_leaf', detail: 'a map', op_index: 2, path: 'b/m' },
      json,
      { kind: 'invalid_params', detail: 'if_match_multi_leaf', opIndex: 2, path: 'b/m' },
    ],
    ['405', { ...READ, method: 'HEAD' }, 405, '', {}, { kind: 'not_implemented' }],
    ['409', WRITE, 409, { error: 'busy' }, json, { kind: 'http', detail: 'busy', retryable: false }],
    [
      '412',
      ONCE,
      412,
      { error: 'conflict', current_revision: 9 },
      json,
      { kind: 'conflict', currentRevision: 9 },
    ],
    [
      '412 of nothing',
      ONCE,
      412,
      { error: 'conflict', current_revision: null },
      json,
      { kind: 'conflict', currentRevision: null },
    ],
    [
      '412 in a batch',
      ONCE,
      412,
      { error: 'conflict', current_revision: 4, op_index: 1, path: 'b/x' },
      json,
      { kind: 'conflict', currentRevision: 4, opIndex: 1, path: 'b/x' },
    ],
    [
      '412 exists',
      ONCE,
      412,
      { error: 'exists', current_revision: 3 },
      json,
      { kind: 'exists', currentRevision: 3 },
    ],
    ['413', WRITE, 413, 'Request Entity Too Large', {}, { kind: 'invalid_params', detail: 'too_large' }],
    ['414', READ, 414, '', {}, { kind: 'invalid_params', detail: 'url_too_long' }],
    ['426', READ, 426, { error: 'upgrade_required' }, json, { kind: 'not_supported' }],
    [
      '429',
      ONCE,
      429,
      { error: 'rate_limited' },
      { ...json, 'retry-after': '7' },
      { kind: 'rate_limited', retryAfter: 7, retryable: true },
    ],
    [
      '429 without Retry-After',
      ONCE,
      429,
      { error: 'rate_limited' },
      { ...json, 'x-ratelimit-reset': '12' },
      { kind: 'rate_limited', retryAfter: 12 },
    ],
    ['431', READ, 431, '', {}, { kind: 'invalid_params', detail: 'url_too_long' }],
    ['418', READ, 418, 'short and stout', {}, { kind: 'http', detail: 'http_418' }],
    [
      '500 of a read',
      READ,
      500,
      { errors: { detail: 'Internal Server Error' } },
      json,
      { kind: 'http', detail: 'http_500', retryable: true },
    ],
    [
      '502 of an idempotent write',
      WRITE,
      502,
      '<html>Bad Gateway</html>',
      { 'content-type': 'text/html' },
      { kind: 'http', retryable: true },
    ],
    [
      '502 of a write with a precondition',
      ONCE,
      502,
      '<html>Bad Gateway</html>',
      { 'content-type': 'text/html' },
      { kind: 'indeterminate', detail: 'http_502', retryable: false },
    ],
    [
      '503 with Retry-After',
      READ,
      503,
      '',
      { 'retry-after': '3' },
      { kind: 'http', retryAfter: 3, retryable: true },
    ],
  ];

  it.each(rows)('%s', async (_, request, status, body, headers, expected) => {
    const error = await refused(request, status, body, headers);
    expect(error).toMatchObject({ ...expected, status });
    expect(error.message).toContain(`${request.method} "${request.path}" at http://127.0.0.1:`);
  });

  it('says what the server said', async () => {
    expect(
      (await refused(WRITE, 400, { error: 'invalid_params', detail: 'value is missing' })).message,
    ).toContain('"value is missing"');
  });

  it('names the route of a request without a path, and not its query', async () => {
    const { message } = await refused(
      { ...READ, path: undefined, target: '/api/x/entries?pattern=**' },
      401,
      '',
    );
    expect(message).toContain('GET /api/x/entries at');
    expect(message).not.toContain('pattern');
  });

  it.each(['json', 'bytes', 'stream'] as const)(
    'reads the reason whatever was to be read: %s',
    async (read) => {
      expect(await refused({ ...READ, read }, 403, { error: 'scope_missing' })).toMatchObject({
        kind: 'forbidden',
        detail: 'scope_missing',
      });
    },
  );
});

describe('a missing entry', () => {
  const ENTRY: HttpRequest = { ...READ, notFound: 'entry' };

  it('is no error where the request says so', async () => {
    expect(await ask(ENTRY, 404, { error: 'not_found' })).toMatchObject({ status: 404, body: undefined });
  });
  it('is told by HEAD without a body', async () => {
    expect(await ask({ ...ENTRY, method: 'HEAD' }, 404, '')).toMatchObject({ status: 404, body: undefined });
  });
  it('is not confused with a missing route', async () => {
    expect(await refused(ENTRY, 404, 'Not Found', { 'content-type': 'text/html' })).toMatchObject({
      kind: 'not_implemented',
    });
  });
});

describe('redirects', () => {
  it('are not followed, and told without credentials and query', async () => {
    const error = await refused(READ, 301, '', {
      location: 'https://user:hidden@elsewhere.example/x?key=hidden',
    });
    expect(error).toMatchObject({ kind: 'http', detail: 'redirect', status: 301, retryable: false });
    expect(error.message).toContain('https://elsewhere.example/x');
    expect(error.message).not.toContain('hidden');
  });
  it.each([undefined, 'http://[', 'javascript:alert(1)', '/login'])('to %s', async (location) => {
    const error = await refused(READ, 302, '', location === undefined ? {} : { location });
    expect(error).toMatchObject({ kind: 'http', detail: 'redirect' });
  });
});

describe('a 2xx answer that is not what it must be', () => {
  const bodies: [string, string, Record<string, string>][] = [
    ['HTML', '<!doctype html>\n<title>Welcome</title>', { 'content-type': 'text/html' }],
    ['plain text', 'OK', { 'content-type': 'text/plain' }],
    ['truncated JSON', '{"path":"links/dust","val', json],
    ['nothing', '', json],
    ['HTML said to be JSON', '<html>', json],
    ['no content type', 'hello', {}],
  ];

  it.each(bodies)('%s', async (_, body, headers) => {
    const error = await refused(READ, 200, body, headers);
    expect(error).toMatchObject({ kind: 'http', detail: 'unexpected_response', status: 200 });
    expect(error.message).toContain(headers['content-type'] ?? 'no content type');
  });
  it('shows the beginning of the body and no more', async () => {
    const { message } = await refused(READ, 200, `begin ${'x'.repeat(1000)} end`, {
      'content-type': 'text/plain',
    });
    expect(message).toContain('"begin xxx');
    expect(message).not.toContain('end"');
  });
  it('leaves the outcome of a write with a precondition unknown', async () => {
    const error = await refused(ONCE, 200, '<html>', {});
    expect(error).toMatchObject({ kind: 'indeterminate', detail: 'unexpected_response', retryable: false });
    expect(error.message).toContain('read what is there before writing again');
  });
  it('is welcome with a wrong content type and right JSON', async () => {
    expect(await ask(READ, 200, { value: 1 }, { 'content-type': 'text/plain' })).toMatchObject({
      body: { value: 1 },
    });
  });
});

describe('bodies', () => {
  const echo = async (request: Partial<HttpRequest>): Promise<any> => {
    scene = await httpScene((incoming, response) => {
      const chunks: Buffer[] = [];
      incoming
        .on('data', (chunk: Buffer) => chunks.push(chunk))
        .on('end', () => {
          const { method, url, headers } = incoming;
          response
            .writeHead(200, json)
            .end(JSON.stringify({ method, url, headers, body: Buffer.concat(chunks).toString() }));
        });
    });
    return (await scene.client.send({ ...WRITE, ...request })).body;
  };

  it.each([null, false, true, 0, 1.5, '', 'é😀', [], {}, { a: [1, null] }, 'null'])(
    'sends %j as JSON',
    async (body) => {
      const seen = await echo({ body });
      expect(seen.body).toBe(JSON.stringify(body));
      expect(seen.headers).toMatchObject({
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(seen.body)),
      });
    },
  );
  it('sends a string with a content type as it is', async () => {
    const seen = await echo({
      method: 'POST',
      body: '{"a":1}\n{"b":2}\n',
      contentType: 'application/x-ndjson',
    });
    expect(seen).toMatchObject({
      body: '{"a":1}\n{"b":2}\n',
      headers: { 'content-type': 'application/x-ndjson' },
    });
  });
  it.each(['GET', 'POST', 'DELETE'] as const)('sends none with a %s without body', async (method) => {
    const seen = await echo({ method, body: undefined });
    expect(seen.body).toBe('');
    expect(seen.headers).not.toHaveProperty('content-type');
  });
  it('asks for JSON exactly, with the token and the headers given', async () => {
    const seen = await echo({ headers: { 'X-Request-Id': 'op-1' } });
    expect(seen.headers).toMatchObject({
      accept: 'application/json',
      'x-request-id': 'op-1',
      'user-agent': 'dust-orm',
    });
    expect(seen.headers.authorization).toMatch(/^Bearer dust_tok_/);
  });
  it('keeps the percent-encoding of a target', async () => {
    expect((await echo({ target: '/api/e/a%2Bb%20c~1d%25?after=x%2Fy' })).url).toBe(
      '/api/e/a%2Bb%20c~1d%25?after=x%2Fy',
    );
  });
  it('reads bytes, JSON with a byte order mark, compressed JSON and 204', async () => {
    const answers: Record<string, [number, Buffer, Record<string, string>]> = {
      '/bytes': [200, Buffer.from([0, 255, 1]), { 'content-type': 'image/png' }],
      '/bom': [200, Buffer.from('\ufeff[1]'), json],
      '/gzip': [200, gzipSync('[2]'), { ...json, 'content-encoding': 'gzip' }],
      '/none': [204, Buffer.alloc(0), {}],
    };
    scene = await httpScene((incoming, response) => {
      const [status, body, headers] = answers[incoming.url!]!;
      response.writeHead(status, headers).end(body);
    });
    const { client } = scene;
    expect((await client.send({ ...READ, target: '/bytes', read: 'bytes' })).body).toEqual(
      new Uint8Array([0, 255, 1]),
    );
    expect((await client.send({ ...READ, target: '/bom' })).body).toEqual([1]);
    expect((await client.send({ ...READ, target: '/gzip' })).body).toEqual([2]);
    expect((await client.send({ ...READ, target: '/none' })).body).toBeUndefined();
  });
  it('tells of each answer, errors included', async () => {
    const seen: unknown[] = [];
    await refused(
      {
        ...READ,
        onAnswer: ({ status, headers }) => seen.push([status, headers.get('x-ratelimit-remaining')]),
      },
      412,
      '',
      { 'X-RateLimit-Remaining': '3' },
    );
    expect(seen).toEqual([[412, '3']]);
  });
});
