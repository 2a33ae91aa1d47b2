import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { storeKey } from '../../../../src/transport/channel/open-engine.js';
import { PhoenixLinker } from '../../../../src/sync/phoenix/index.js';
import type { LinkEnd } from '../../../../src/sync/connection/link.js';

/** A server that refuses each socket, and notes the token that it was asked with. */
async function refusing() {
  const tokens: (string | null)[] = [];
  const server = createServer();
  server.on('upgrade', ({ url = '' }, socket) => {
    tokens.push(new URL(url, 'http://localhost').searchParams.get('token'));
    socket.end('HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const socketUrl = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/ws/sync/websocket`;
  return { tokens, socketUrl, close: () => new Promise((resolve) => server.close(resolve)) };
}

const endOf = (linker: PhoenixLinker): Promise<LinkEnd> =>
  new Promise((resolve) => linker.open({ onMessage: () => undefined, onEnd: resolve }));

describe('a token that a function gives', () => {
  it('is asked for before each connection', async () => {
    const { tokens, socketUrl, close } = await refusing();
    let count = 0;
    const token = jest.fn(() => Promise.resolve(`dust_tok_${++count}`));
    const linker = new PhoenixLinker({ socketUrl, store: 'a/b', token, deviceId: 'd' });
    expect(token).not.toHaveBeenCalled();
    for (let i = 0; i < 3; i++) expect(await endOf(linker)).toMatchObject({ kind: 'lost' });
    expect(tokens).toEqual(['dust_tok_1', 'dust_tok_2', 'dust_tok_3']);
    await close();
  });

  it.each<[string, () => unknown, RegExp]>([
    ['throws', () => Promise.reject(new Error('dust_tok_secret')), /option token failed/],
    ['gives nothing', () => undefined, /option token gave no token/],
    ['never answers', () => new Promise(() => undefined), /option token gave none within 20 ms/],
  ])('ends the link when the function %s, and shows nothing of it', async (_, token, reason) => {
    const linker = new PhoenixLinker({
      socketUrl: 'ws://127.0.0.1:9/ws',
      store: 'a/b',
      token: token as () => string,
      deviceId: 'd',
      openTimeout: 20,
    });
    const end = await endOf(linker);
    expect(end).toEqual({ kind: 'lost', reason: expect.stringMatching(reason) });
    expect(JSON.stringify(end)).not.toContain('secret');
  });

  it('is asked for once by all who wait for its answer, however often the connection is tried', async () => {
    const asked = jest.fn(() => new Promise<string>(() => undefined));
    const linker = new PhoenixLinker({
      socketUrl: 'ws://127.0.0.1:9/ws',
      store: 'a/b',
      token: asked,
      deviceId: 'd',
      openTimeout: 5,
    });
    for (let i = 0; i < 3; i++) expect(await endOf(linker)).toMatchObject({ kind: 'lost' });
    expect(asked).toHaveBeenCalledTimes(1);
  });
});

it('engines are shared by those with one function, and with one text', () => {
  const options = { url: 'http://localhost', store: 'a/b' };
  const [one, other] = [() => 'x', () => 'x'];
  expect(storeKey({ ...options, token: one })).toBe(storeKey({ ...options, token: one }));
  expect(storeKey({ ...options, token: one })).not.toBe(storeKey({ ...options, token: other }));
  expect(storeKey({ ...options, token: 'x' })).toBe(storeKey({ ...options, token: 'x' }));
  expect(storeKey({ ...options, token: '1' })).not.toBe(storeKey({ ...options, token: one }));
});
