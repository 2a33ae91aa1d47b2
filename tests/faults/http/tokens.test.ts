import { inspect } from 'node:util';
import type { TokenSource } from '../../../src/index.js';
import { DustError } from '../../../src/index.js';
import type { Scene } from './servers.js';
import { ONCE, READ, httpScene, json, rejection } from './servers.js';

let scene: Scene | undefined;
afterEach(async () => {
  await scene?.close();
  scene = undefined;
});

/** A server that takes some tokens and tells which it was shown. */
async function serving(token: TokenSource, valid: string[], options: object = {}) {
  const shown: string[] = [];
  scene = await httpScene(
    (request, response) => {
      const given = (request.headers.authorization ?? '').replace('Bearer ', '');
      shown.push(given);
      request.resume().on('end', () => {
        if (valid.includes(given)) response.writeHead(200, json).end('{"ok":true}');
        else response.writeHead(401, json).end(JSON.stringify({ error: 'unauthorized', detail: given }));
      });
    },
    { token, ...options },
  );
  return { client: scene.client, shown, valid };
}

describe('a token that a function gives', () => {
  it('is asked for once, by the first request, however many there are', async () => {
    const give = jest.fn(() => Promise.resolve('dust_tok_1'));
    const { client, shown } = await serving(give, ['dust_tok_1']);
    expect(give).not.toHaveBeenCalled();
    await Promise.all([client.send(READ), client.send(READ)]);
    await client.send(READ);
    expect(give).toHaveBeenCalledTimes(1);
    expect(shown).toEqual(['dust_tok_1', 'dust_tok_1', 'dust_tok_1']);
  });

  it('is asked for again when the server refuses it, and the request is sent with the new one', async () => {
    let current = 'dust_tok_1';
    const give = jest.fn(() => current);
    const { client, shown, valid } = await serving(give, ['dust_tok_1']);
    await client.send(READ);
    current = 'dust_tok_2';
    valid.splice(0, 1, current);
    // A write that counts once, too: a request that is refused for its token was not carried out.
    await client.send(ONCE);
    await client.send(READ);
    expect(shown).toEqual(['dust_tok_1', 'dust_tok_1', 'dust_tok_2', 'dust_tok_2']);
    expect(give).toHaveBeenCalledTimes(2);
  });

  it('is asked for once more only: the same one is not sent again, and a new one that is refused too is the end', async () => {
    const same = jest.fn(() => 'dust_tok_1');
    const first = await serving(same, []);
    expect(await rejection(first.client.send(READ))).toMatchObject({ kind: 'unauthorized', status: 401 });
    expect(first.shown).toEqual(['dust_tok_1']);
    expect(same).toHaveBeenCalledTimes(2);
    // Who asks next may be given another.
    await rejection(first.client.send(READ));
    expect(same).toHaveBeenCalledTimes(4);
    await scene?.close();

    let count = 0;
    const second = await serving(() => `dust_tok_${++count}`, []);
    expect(await rejection(second.client.send(READ))).toMatchObject({ kind: 'unauthorized', status: 401 });
    expect(second.shown).toEqual(['dust_tok_1', 'dust_tok_2']);
  });

  it.each<[string, TokenSource, object]>([
    [
      'throws',
      () => Promise.reject(new Error('vault is sealed')),
      { cause: new Error('vault is sealed'), retryable: true },
    ],
    ['gives nothing', (() => undefined) as never, { retryable: false }],
    ['gives what no header carries', () => 'dust tok\n', { retryable: false }],
  ])('a function that %s is named, and nothing is sent', async (_, token, details) => {
    const { client, shown } = await serving(token, []);
    const error = await rejection(client.send(READ));
    expect(error).toMatchObject({ kind: 'unauthorized', detail: 'token_function', ...details });
    expect(error.message).toMatch(/option token/);
    expect(error.message).not.toMatch(/sealed|dust tok/);
    expect(shown).toEqual([]);
  });

  it('is waited for as long as a connection is, and as long as somebody wants the answer', async () => {
    const { client } = await serving(() => new Promise<string>(() => undefined), [], {
      timeout: { connect: 30 },
    });
    const error = await rejection(client.send(READ));
    expect(error).toMatchObject({ kind: 'timeout', detail: 'connect' });
    expect(error.message).toMatch(/option token gave none within 30 ms/);
    const controller = new AbortController();
    const called = rejection(client.send({ ...READ, signal: controller.signal }));
    controller.abort();
    expect(await called).toMatchObject({ kind: 'aborted' });
    const closing = rejection(client.send(READ));
    client.close();
    expect(await closing).toMatchObject({ kind: 'closed' });
  });

  it('is shown by no error, neither the present one nor the one before', async () => {
    let count = 0;
    const { client } = await serving(() => `dust_tok_Secret${++count}`, []);
    const error: unknown = await rejection(client.send(READ));
    expect(error).toBeInstanceOf(DustError);
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('Secret');
    expect(inspect(client, { depth: 9, showHidden: true })).not.toContain('Secret');
  });
});

it('a token that is a text is refused at once', async () => {
  const { client, shown } = await serving('dust_tok_0', []);
  expect(await rejection(client.send(READ))).toMatchObject({ kind: 'unauthorized', status: 401 });
  expect(shown).toEqual(['dust_tok_0']);
});
