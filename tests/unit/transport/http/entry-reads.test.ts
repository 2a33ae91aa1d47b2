import { DustError } from '../../../../src/index.js';
import { connected, leaf, missing, ok, page } from './stub-client.js';

const noRoute = () => new DustError('not_implemented', 'No such route.', { status: 405 });
const unassembled = () => new DustError('http', 'It failed.', { status: 500 });

describe('get over HTTP', () => {
  it('gives the entry, frozen through and through', async () => {
    const { transport, client } = await connected();
    const body: unknown = JSON.parse(
      '{"path":"a/b c","value":{"list":[{"x":1}],"__proto__":{"y":2}},"type":"map","revision":4}',
    );
    client.script(ok(body));
    const entry = await transport.get('a/b c');
    expect(client.requests[0]).toMatchObject({
      method: 'GET',
      target: '/api/stores/acme/demo/entries/a/b%20c',
      notFound: 'entry',
      effect: 'read',
    });
    expect(entry).toMatchObject({ path: 'a/b c', type: 'map', revision: 4 });
    const value = entry?.value as any;
    expect(Object.keys(value)).toEqual(['list', '__proto__']);
    expect(Object.isFrozen(value) && Object.isFrozen(value.list) && Object.isFrozen(value.list[0])).toBe(
      true,
    );
    expect((Object.prototype as any).y).toBeUndefined();
  });

  it('gives null for a missing entry', async () => {
    const { transport, client } = await connected();
    client.script(missing);
    expect(await transport.get('a')).toBeNull();
  });

  it.each(['a/..', './a', `a/${'é'.repeat(1000)}`])('lists what no URL can carry: %.20s', async (path) => {
    const { transport, client } = await connected();
    client.script(page([leaf(`${path}/x`, 1, 3), leaf(`${path}/y`, 2, 5)]));
    expect(await transport.get(path)).toEqual({ path, value: { x: 1, y: 2 }, type: 'map', revision: 5 });
    expect(client.calls).toEqual([`GET /entries?pattern=${path}/**&limit=1000`]);
  });

  it('of a leaf that no URL can carry asks for it by the body', async () => {
    const { transport, client } = await connected();
    const stored = leaf('a/..', 'v', 2);
    client.script(page([]), ok({ entries: { 'a/..': stored }, missing: [] }));
    expect(await transport.get('a/..')).toEqual(stored);
    client.script(page([]), ok({ entries: {}, missing: ['a/..'] }));
    expect(await transport.get('a/..')).toBeNull();
  });

  it('lists what the server cannot assemble; descendants win', async () => {
    const { transport, client } = await connected();
    client.script(unassembled(), page([leaf('a/b', 'leaf', 1), leaf('a/b/c', 'child', 2)]));
    expect((await transport.get('a'))?.value).toEqual({ b: { c: 'child' } });
    client.script(new DustError('http', 'Down.', { status: 503 }));
    await expect(transport.get('a')).rejects.toMatchObject({ status: 503 });
  });

  it('keeps a type it does not know out of the way', async () => {
    const { transport, client } = await connected();
    client.script(ok(leaf('a', 1.5, 1, 'quaternion')));
    expect(await transport.get('a')).toMatchObject({ value: 1.5, type: 'float' });
  });

  it.each(['', 'a//b', '/a', 'a~2', 7 as never])('refuses the path %j', async (path) => {
    const { transport, client } = await connected();
    const reads = [
      transport.get(path),
      transport.exists(path),
      transport.subtree(path),
      transport.getMany([path]),
    ];
    for (const read of reads) await expect(read).rejects.toMatchObject({ kind: 'invalid_params' });
    expect(client.requests).toEqual([]);
  });
});

describe('getMany over HTTP', () => {
  it('asks for a thousand at a time, each path once, and keeps the order', async () => {
    const { transport, client } = await connected();
    const paths = Array.from({ length: 1500 }, (_, i) => `p/${i}`);
    client.answer = ({ body }) => {
      const { paths: asked } = body as { paths: string[] };
      const entries = asked.filter((path) => path !== 'p/3').map((path) => [path, leaf(path, path)]);
      return ok({ entries: Object.fromEntries(entries.reverse()), missing: [] });
    };
    const found = await transport.getMany([...paths, 'p/0']);
    expect(client.calls).toEqual(['POST /entries/batch', 'POST /entries/batch']);
    expect(client.requests.map(({ effect }) => effect)).toEqual(['read', 'read']);
    expect([...found.keys()]).toEqual(paths.filter((path) => path !== 'p/3'));
  });

  it('finds a leaf named __proto__, and nothing inherited', async () => {
    const { transport, client } = await connected();
    const body: unknown = JSON.parse('{"entries":{"__proto__":{"value":1,"type":"integer","revision":2}}}');
    client.answer = () => ok(body);
    const found = await transport.getMany(['__proto__', 'toString']);
    expect([...found]).toEqual([['__proto__', leaf('__proto__', 1, 2, 'integer')]]);
  });

  it('of no paths asks for nothing', async () => {
    const { transport, client } = await connected();
    expect((await transport.getMany([])).size).toBe(0);
    expect(client.requests).toEqual([]);
  });
});

describe('exists over HTTP', () => {
  it('asks by HEAD', async () => {
    const { transport, client } = await connected();
    client.script(ok(undefined), missing);
    expect([await transport.exists('a/b'), await transport.exists('a/c')]).toEqual([true, false]);
    expect(client.calls).toEqual(['HEAD /entries/a/b', 'HEAD /entries/a/c']);
  });

  it('asks for one key where the server has no HEAD, and remembers it', async () => {
    const { transport, client } = await connected();
    client.script(noRoute(), page(['a/*/x']), page([]), ok(leaf('b', 1)), page([]), missing);
    expect(await transport.exists('a/*')).toBe(true);
    expect(await transport.exists('b')).toBe(true);
    expect(await transport.exists('c')).toBe(false);
    expect(client.calls).toEqual([
      'HEAD /entries/a/*',
      'GET /entries?pattern=a/\\*/**&select=keys&limit=1',
      'GET /entries?pattern=b/**&select=keys&limit=1',
      'GET /entries/b',
      'GET /entries?pattern=c/**&select=keys&limit=1',
      'GET /entries/c',
    ]);
  });

  it('asks for one key where the server cannot assemble, and for paths no URL can carry', async () => {
    const { transport, client } = await connected();
    client.script(unassembled(), page(['a/b']), page(['a/../b']));
    expect(await transport.exists('a')).toBe(true);
    expect(await transport.exists('a/..')).toBe(true);
    expect(client.calls.map((call) => call.split(' ')[0])).toEqual(['HEAD', 'GET', 'GET']);
  });

  it('passes other failures on', async () => {
    const { transport, client } = await connected();
    client.script(new DustError('unauthorized', 'No.', { status: 401 }));
    await expect(transport.exists('a')).rejects.toMatchObject({ kind: 'unauthorized' });
  });
});

describe('list over HTTP', () => {
  it('asks for what the query says, encoded', async () => {
    const { transport, client } = await connected();
    await transport.list({ pattern: 'a b/+&/**', limit: 5, after: 'a b/+&/é', order: 'desc' });
    await transport.listKeys({ from: 'a', to: 'b' });
    expect(client.requests.map(({ target }) => target)).toEqual([
      '/api/stores/acme/demo/entries?pattern=a%20b%2F%2B%26%2F**&limit=5&order=desc&after=a%20b%2F%2B%26%2F%C3%A9',
      '/api/stores/acme/demo/entries?from=a&to=b&select=keys&limit=1000',
    ]);
  });

  it('gives page and cursor', async () => {
    const { transport, client } = await connected();
    client.script(page([leaf('a/b', 1)], 'a/b'), page(['a/b'], 'a/b'));
    expect(await transport.list({ pattern: 'a/*' })).toEqual({ items: [leaf('a/b', 1)], nextCursor: 'a/b' });
    expect(await transport.listKeys({ pattern: 'a/*' })).toEqual({ items: ['a/b'], nextCursor: 'a/b' });
  });

  it.each([
    [{}, ['p/*']],
    [{ after: 'p/!' }, ['p/*']],
    [{ after: 'p/*' }, []],
    [{ after: 'p/!', order: 'desc' as const }, []],
    [{ after: 'p/a', order: 'desc' as const }, ['p/*']],
  ])('without a wildcard asks for the exact leaf: %j', async (options, expected) => {
    const { transport, client } = await connected();
    client.answer = () => ok({ entries: { 'p/*': leaf('p/*', 1) }, missing: [] });
    const found = await transport.list({ pattern: 'p/\\*', ...options });
    expect(found).toEqual({ items: expected.map((path) => leaf(path, 1)), nextCursor: null });
    expect(await transport.listKeys({ pattern: 'p/\\*', ...options })).toMatchObject({ items: expected });
    expect(client.calls.every((call) => call === 'POST /entries/batch')).toBe(true);
  });

  it.each([
    [{ pattern: 'a/**/b' }, 'wildcard_many_not_tail'],
    [{ pattern: '' }, 'empty_path'],
    [{ pattern: '*', limit: 0 }, 'invalid_limit'],
    [{ pattern: '*', limit: 1001 }, 'invalid_limit'],
    [{ pattern: '*', limit: 1.5 }, 'invalid_limit'],
    [{ pattern: '*', order: 'up' as never }, 'invalid_order'],
    [{ from: 'a' } as never, 'invalid_range'],
  ])('refuses %j', async (query, detail) => {
    const { transport, client } = await connected();
    const error = { kind: 'invalid_params', detail };
    await expect(transport.list(query)).rejects.toMatchObject(error);
    await expect(transport.listKeys(query)).rejects.toMatchObject(error);
    expect(client.requests).toEqual([]);
  });

  it('does not walk in circles', async () => {
    const { transport, client } = await connected();
    client.answer = () => page([leaf('a/b', 1)], 'a/b');
    await expect(transport.list({ pattern: 'a/*', after: 'a/b' })).rejects.toMatchObject({
      detail: 'unexpected_response',
    });
  });
});

describe('getFile over HTTP', () => {
  const hash = `sha256:${'0'.repeat(64)}`;

  it('gives the content with its type', async () => {
    const { transport, client } = await connected();
    const content = new TextEncoder().encode('text');
    client.script({ status: 200, headers: new Map([['content-type', 'text/plain']]), body: content });
    expect(await transport.getFile(hash)).toEqual({ content, contentType: 'text/plain' });
    expect(client.requests[0]).toMatchObject({ read: 'bytes', notFound: 'entry' });
    expect(client.calls).toEqual([`GET /api/files/${hash}`]);
  });

  it('gives null for an unknown file, and for what is no hash', async () => {
    const { transport, client } = await connected();
    client.script(missing);
    expect(await transport.getFile(hash)).toBeNull();
    expect(await transport.getFile('../stores')).toBeNull();
    expect(client.requests).toHaveLength(1);
  });
});

describe('answers that are none', () => {
  it.each<unknown>([
    undefined,
    null,
    [],
    'text',
    {},
    { value: 1, type: 'integer' },
    { type: 'null', revision: 1 },
  ])('of an entry: %j', async (body) => {
    const { transport, client } = await connected();
    client.script(ok(body));
    await expect(transport.get('a')).rejects.toMatchObject({
      kind: 'http',
      detail: 'unexpected_response',
      path: 'a',
    });
  });

  it.each<unknown>([
    {},
    { items: {}, next_cursor: null },
    { items: [] },
    { items: [1], next_cursor: null },
    { items: [{ path: 'a' }], next_cursor: null },
    { items: [], next_cursor: 7 },
  ])('of a page: %j', async (body) => {
    const { transport, client } = await connected();
    client.answer = () => ok(body);
    const malformed = { kind: 'http', detail: 'unexpected_response' };
    await expect(transport.list({ pattern: '*' })).rejects.toMatchObject(malformed);
  });

  it.each<unknown>([{}, { entries: [] }, { entries: { a: 1 } }])('of a batch of reads: %j', async (body) => {
    const { transport, client } = await connected();
    client.script(ok(body));
    await expect(transport.getMany(['a'])).rejects.toMatchObject({ detail: 'unexpected_response' });
  });

  it.each<unknown>([{}, { store_seq: '1' }, { store_seq: 1.5 }])('of a write: %j', async (body) => {
    const { transport, client } = await connected();
    client.answer = () => ok(body);
    const malformed = { kind: 'http', detail: 'unexpected_response' };
    await expect(transport.set('a', 1)).rejects.toMatchObject(malformed);
    await expect(transport.batchWrite([{ op: 'delete', path: 'a' }])).rejects.toMatchObject(malformed);
  });

  it('of a batch that counts otherwise', async () => {
    const { transport, client } = await connected();
    client.script(ok({ store_seq: 1, ops: [] }));
    const batch = transport.batchWrite([{ op: 'delete', path: 'a' }]);
    await expect(batch).rejects.toMatchObject({ detail: 'unexpected_response' });
  });
});
