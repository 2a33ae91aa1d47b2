import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { connect } from 'node:net';
import { inspect } from 'node:util';
import { WebSocketServer } from 'ws';
import { HttpTransport } from '../../../src/index.js';
import { proxyFor } from '../../../src/transport/proxy/index.js';
import { openEngine } from '../../../src/transport/channel/open-engine.js';
import { openLink } from '../../unit/sync/phoenix/link-scene.js';
import {
  ONCE,
  READ,
  answering,
  clientFor,
  freePort,
  httpScene,
  json,
  rejection,
  tlsScene,
} from './servers.js';

const VARIABLES = ['http_proxy', 'https_proxy', 'all_proxy', 'no_proxy'].flatMap((name) => [
  name,
  name.toUpperCase(),
]);
const before = Object.fromEntries(VARIABLES.map((name) => [name, process.env[name]]));
const cleanup: (() => unknown)[] = [];

const setEnv = (values: Record<string, string | undefined>): void => {
  for (const name of VARIABLES) Reflect.deleteProperty(process.env, name);
  for (const [name, value] of Object.entries(values)) if (value !== undefined) process.env[name] = value;
};

beforeEach(() => setEnv({}));
afterEach(async () => {
  setEnv(before);
  for (const undo of cleanup.splice(0)) await undo();
});

/** A proxy that notes what it is asked for, and leads every host to one port of this machine. */
async function proxy(target: string, tunnelStatus = 200) {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const port = Number(new URL(target).port);
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers['proxy-authorization'] ?? '-'}`);
    request.resume().on('end', () => {
      if (tunnelStatus !== 200) response.writeHead(tunnelStatus).end();
      else response.writeHead(200, json).end('"proxied"');
    });
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  });
  server.on('connect', (request: IncomingMessage, socket: Socket) => {
    asked.push(`CONNECT ${request.url} ${request.headers['proxy-authorization'] ?? '-'}`);
    if (tunnelStatus !== 200) {
      socket.end(`HTTP/1.1 ${tunnelStatus} No\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    const inner = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      inner.pipe(socket).pipe(inner);
    });
    sockets.add(inner);
    inner.on('error', () => socket.destroy()).on('close', () => sockets.delete(inner));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanup.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const at = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { at, asked };
}

const client = (url: string) => {
  const made = clientFor(url);
  cleanup.push(() => made.close());
  return made;
};

describe('the proxy of the environment', () => {
  it.each<[Record<string, string>, string, string | undefined]>([
    [{}, 'http://dust.test', undefined],
    [{ HTTP_PROXY: 'http://p.test:3128' }, 'http://dust.test', 'p.test:3128 HTTP_PROXY'],
    [{ http_proxy: 'p.test' }, 'http://dust.test', 'p.test:80 http_proxy'],
    [{ HTTPS_PROXY: 'https://p.test' }, 'https://dust.test', 'p.test:443 HTTPS_PROXY'],
    [{ HTTP_PROXY: 'http://p.test' }, 'https://dust.test', undefined],
    [{ ALL_PROXY: 'http://p.test' }, 'https://dust.test', 'p.test:80 ALL_PROXY'],
    [
      { HTTPS_PROXY: 'http://p.test:1', ALL_PROXY: 'http://q.test:2' },
      'wss://dust.test/ws',
      'p.test:1 HTTPS_PROXY',
    ],
    [{ HTTP_PROXY: 'http://p.test:1' }, 'ws://dust.test/ws', 'p.test:1 HTTP_PROXY'],
    [{ HTTPS_PROXY: 'http://p.test:1', NO_PROXY: 'a.test,dust.test' }, 'wss://dust.test/ws', undefined],
    [{ HTTP_PROXY: 'http://p.test:1' }, 'http://127.0.0.1:9', undefined],
    [{ HTTP_PROXY: 'http://p.test:1' }, 'http://localhost', undefined],
  ])('%j leads %s through %s', (env, target, expected) => {
    setEnv(env);
    const found = proxyFor(target);
    expect(found && `${found.address} ${found.variable}`).toBe(expected);
  });

  it.each([
    ['http://', /HTTPS_PROXY holds no url of a proxy.*NO_PROXY/],
    ['http://secret@p:99999', /HTTPS_PROXY holds no url/],
    ['http://secret%ZZ:secret@p.test', /HTTPS_PROXY holds no url/],
    ['http://me:secret%@p.test', /HTTPS_PROXY holds no url/],
    ['socks5://secret@p.test:1080', /HTTPS_PROXY names a proxy that is spoken to by socks5:\/\//],
  ])(
    '%s is refused when a transport is made, by its variable and without what it holds',
    (value, message) => {
      setEnv({ HTTPS_PROXY: value });
      const options = { url: 'https://dust.test', store: 'a/b', token: 'dust_tok_0' };
      const refused = expect.objectContaining({
        kind: 'invalid_options',
        detail: 'proxy',
        retryable: false,
        message: expect.stringMatching(message),
      });
      expect(() => new HttpTransport(options)).toThrow(refused);
      expect(() => new HttpTransport(options)).not.toThrow(/secret/);
    },
  );

  it('is used, with its user name and password', async () => {
    const { at, asked } = await proxy('http://127.0.0.1:9');
    setEnv({ HTTP_PROXY: `http://me:p%40ss@${at}` });
    expect((await client('http://dust.test').send(READ)).body).toBe('proxied');
    expect(asked).toEqual([
      `GET http://dust.test${READ.target} Basic ${Buffer.from('me:p@ss').toString('base64')}`,
    ]);
  });

  it.each(['http', 'https'])('that is dead is named, with its variable, for %s', async (scheme) => {
    const port = await freePort();
    const variable = `${scheme.toUpperCase()}_PROXY`;
    setEnv({ [variable]: `http://me:hidden@127.0.0.1:${port}` });
    const error = await rejection(client(`${scheme}://dust.test`).send(ONCE));
    expect(error).toMatchObject({ kind: 'network', detail: 'proxy', retryable: true });
    expect(error.message).toMatch(
      new RegExp(`the proxy 127\\.0\\.0\\.1:${port} that ${variable} names cannot be used`),
    );
    expect(inspect(error, { depth: 9 })).not.toContain('hidden');
  });

  it('that speaks no TLS, and is to, is not taken for the server', async () => {
    const { at } = await proxy('http://127.0.0.1:9');
    setEnv({ HTTP_PROXY: `https://me:hidden@${at}` });
    const error = await rejection(client('http://dust.test').send(ONCE));
    expect(error).toMatchObject({ kind: 'network', detail: 'proxy', retryable: false });
    expect(error.message).toMatch(
      /the proxy 127\.0\.0\.1:\d+ that HTTP_PROXY names cannot be used \(.*TLS.*http:\/\//,
    );
    expect(inspect(error, { depth: 9 })).not.toContain('hidden');
    setEnv({ HTTPS_PROXY: `https://me:hidden@${at}` });
    const either = await rejection(client('https://dust.test').send(ONCE));
    expect(either.message).toContain(`the proxy ${at} that HTTPS_PROXY names`);
    expect(inspect(either, { depth: 9 })).not.toContain('hidden');
  });

  it.each([
    [407, false, /user name and a password/],
    [403, false, /did not open the way to the server \(403\)/],
    [502, true, /did not open the way to the server \(502\)/],
  ])('that answers a tunnel with %d is told from the server', async (status, retryable, message) => {
    const { at } = await proxy('http://127.0.0.1:9', status);
    setEnv({ HTTPS_PROXY: `http://${at}` });
    const error = await rejection(client('https://dust.test').send(ONCE));
    expect(error).toMatchObject({ kind: 'network', detail: 'proxy', status, retryable });
    expect(error.message).toMatch(message);
    expect(error.message).toContain(`the proxy ${at} that HTTPS_PROXY names`);
  });

  it('may have answered in the place of a server without TLS, and its 407 is its own', async () => {
    const busy = await proxy('http://127.0.0.1:9', 503);
    setEnv({ HTTP_PROXY: `http://${busy.at}` });
    const error = await rejection(client('http://dust.test').send(READ));
    expect(error.message).toContain(
      `the proxy ${busy.at} that HTTP_PROXY names, which may have answered itself`,
    );
    const locked = await proxy('http://127.0.0.1:9', 407);
    setEnv({ HTTP_PROXY: `http://${locked.at}` });
    expect(await rejection(client('http://dust.test').send(READ))).toMatchObject({
      kind: 'network',
      detail: 'proxy',
      status: 407,
    });
  });

  it('leaves the faults behind its tunnel to the server', async () => {
    const server = await tlsScene(answering(200, '1', json));
    cleanup.push(() => server.close());
    const { at, asked } = await proxy(server.url);
    setEnv({ HTTPS_PROXY: `http://${at}` });
    const error = await rejection(client('https://dust.test').send(READ));
    expect(error).toMatchObject({ kind: 'network', detail: 'tls' });
    expect(asked).toEqual(['CONNECT dust.test:443 -']);
  });
});

describe('a scheme that does not fit the port', () => {
  it('is guessed at where TLS was never agreed on', async () => {
    const server = await httpScene(answering(200, '1', json));
    cleanup.push(() => server.close());
    const error = await rejection(client(server.url.replace('http:', 'https:')).send(READ));
    expect(error.message).toMatch(/speaks HTTPS; a server without it is written http:\/\//);
  });

  it('is guessed at where TLS answers what was no TLS', async () => {
    const server = await tlsScene(answering(200, '1', json));
    cleanup.push(() => server.close());
    const error = await rejection(client(server.url.replace('https:', 'http:')).send(READ));
    expect(error.message).toMatch(/https:\/\//);
  });
});

describe('the socket', () => {
  const socketServer = async (): Promise<string> => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await new Promise((resolve) => server.once('listening', resolve));
    server.on('connection', (socket) => {
      socket.on('message', (data: Buffer) => {
        const [joinRef, ref, topic] = JSON.parse(data.toString()) as [string, string, string];
        const response = { store_seq: 0, capver: 3, capver_min: 1, permissions: { read: true, write: true } };
        socket.send(JSON.stringify([joinRef, ref, topic, 'phx_reply', { status: 'ok', response }]));
      });
    });
    cleanup.push(() => {
      for (const socket of server.clients) socket.terminate();
      return new Promise((resolve) => server.close(resolve));
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  const through = (at: string) => {
    setEnv({ HTTP_PROXY: `http://${at}` });
    const found = proxyFor('ws://dust.test/ws/sync/websocket');
    expect(found).toBeDefined();
    return found!;
  };

  it('goes through the proxy, and a channel that is opened takes it from the environment', async () => {
    const { at, asked } = await proxy(await socketServer());
    through(at);
    const engine = await openEngine({ url: 'http://dust.test', store: 'a/b', token: 'dust_tok_0' });
    cleanup.push(() => engine.close(0));
    void engine.engine.start().catch(() => undefined);
    while (asked.length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(asked[0]).toBe('CONNECT dust.test:80 -');
  });

  it.each([403, 407, 502])('a proxy that answers %d is no refusal of the server', async (status) => {
    const { at } = await proxy('http://127.0.0.1:9', status);
    const { socketAgent } = await import('../../../src/transport/proxy/index.js');
    const found = through(at);
    const { ended } = openLink('ws://dust.test/ws/sync/websocket', {
      proxy: { name: 'the proxy p', agent: () => socketAgent(found) },
    });
    expect(await ended).toEqual({
      kind: 'lost',
      reason: `the proxy p answered ${status} instead of opening the way to the server`,
      detail: 'proxy',
    });
  });

  it('names a proxy that is dead', async () => {
    const { socketAgent } = await import('../../../src/transport/proxy/index.js');
    const found = through(`127.0.0.1:${await freePort()}`);
    const { ended } = openLink('ws://dust.test/ws/sync/websocket', {
      proxy: { name: 'the proxy p', agent: () => socketAgent(found) },
    });
    expect(await ended).toEqual({
      kind: 'lost',
      reason: 'the connection failed (ECONNREFUSED) on its way through the proxy p',
      detail: 'proxy',
    });
  });

  it('hints at TLS where the port does not speak it', async () => {
    const { ended } = openLink((await socketServer()).replace('http:', 'wss:'));
    expect((await ended).reason).toMatch(/speaks TLS: a socket without it is written ws:\/\//);
  });
});
