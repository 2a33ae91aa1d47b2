import type { Readable } from 'node:stream';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { Connections } from '../../../src/transport/http/client/connections.js';
import type { HttpClient, HttpRequest } from '../../../src/transport/http/client/http-client.js';
import type { Scene } from './servers.js';
import {
  ONCE,
  READ,
  WRITE,
  answering,
  clientFor,
  freePort,
  httpScene,
  json,
  rejection,
  tcpScene,
  tlsScene,
} from './servers.js';

const scenes: Scene[] = [];
const clients: HttpClient[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  for (const scene of scenes.splice(0)) await scene.close();
});

async function kept(scene: Promise<Scene>): Promise<Scene> {
  scenes.push(await scene);
  return scene;
}

function client(url: string, timeout = {}): HttpClient {
  const made = clientFor(url, { timeout });
  clients.push(made);
  return made;
}

/** The beginning of an answer on a raw socket, followed by its end. */
const raw =
  (text: string, end: 'end' | 'resetAndDestroy' = 'end') =>
  (socket: Socket) => {
    socket.once('data', () => {
      if (text === '') socket[end]();
      else socket.write(text, () => socket[end]());
    });
  };

const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n';

describe('a connection that does not come to stand', () => {
  it.each([READ, WRITE, ONCE])('refused: nothing was sent (%#)', async (request) => {
    const error = await rejection(client(`http://127.0.0.1:${await freePort()}`).send(request));
    expect(error).toMatchObject({ kind: 'network', detail: 'connection_refused', retryable: true });
    expect(error.cause).toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('unknown host', async () => {
    const error = await rejection(client('http://no-such-host.invalid').send(ONCE));
    expect(error).toMatchObject({ kind: 'network', detail: 'dns', retryable: true });
    expect(error.message).toContain('http://no-such-host.invalid');
  });

  it('a certificate nobody vouches for', async () => {
    const { client } = await kept(tlsScene(answering(200, '1', json)));
    const error = await rejection(client.send(ONCE));
    expect(error).toMatchObject({ kind: 'network', detail: 'tls', retryable: false });
    expect(error.message).toMatch(/self-signed.*NODE_EXTRA_CA_CERTS/);
  });

  it('HTTPS where HTTP is spoken', async () => {
    const { url } = await kept(httpScene(answering(200, '1', json)));
    const error = await rejection(client(url.replace('http:', 'https:')).send(READ));
    expect(error).toMatchObject({ kind: 'network', detail: 'tls' });
    expect(error.message).toContain('http://');
  });

  it('a TLS handshake cut off: nothing was sent', async () => {
    const { client } = await kept(
      tcpScene((socket) => socket.once('data', () => socket.destroy()), {}, 'https'),
    );
    expect(await rejection(client.send(ONCE))).toMatchObject({
      kind: 'network',
      detail: 'connection_lost',
      retryable: true,
    });
  });

  it('a TLS handshake that never ends: the connect timeout', async () => {
    const { client } = await kept(tcpScene(() => {}, { timeout: { connect: 30 } }, 'https'));
    const error = await rejection(client.send(ONCE));
    expect(error).toMatchObject({ kind: 'timeout', detail: 'connect', retryable: true });
    expect(error.message).toContain('within 30 ms');
  });
});

describe('a connection that breaks', () => {
  const broken: [string, (socket: Socket) => void, string][] = [
    ['before the answer', raw(''), 'connection_lost'],
    ['with a reset', raw('', 'resetAndDestroy'), 'connection_lost'],
    ['in the middle of the headers', raw(HEAD), 'connection_lost'],
    [
      'in the middle of a body of known length',
      raw(`${HEAD}Content-Length: 100\r\n\r\n{"value":`),
      'connection_lost',
    ],
    [
      'in the middle of a chunked body',
      raw(`${HEAD}Transfer-Encoding: chunked\r\n\r\n5\r\n{"val\r\n`),
      'connection_lost',
    ],
    ['after what is no HTTP', raw('SSH-2.0-OpenSSH_9.6\r\n'), 'protocol'],
    [
      'after a body that is no gzip',
      raw(`${HEAD}Connection: close\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd`),
      'protocol',
    ],
  ];

  it.each(broken)('%s', async (_, onSocket, detail) => {
    const { client } = await kept(tcpScene(onSocket));
    expect(await rejection(client.send(READ))).toMatchObject({ kind: 'network', detail, retryable: true });
    expect(await rejection(client.send(WRITE))).toMatchObject({ kind: 'network', detail, retryable: true });
    const error = await rejection(client.send(ONCE));
    expect(error).toMatchObject({ kind: 'indeterminate', detail, retryable: false });
    expect(error.message).toContain('may or may not have been applied');
  });

  it('a body that ends too early without anybody saying so is truncated JSON', async () => {
    const { client } = await kept(tcpScene(raw(`${HEAD}\r\n{"value":`)));
    expect(await rejection(client.send(READ))).toMatchObject({ kind: 'http', detail: 'unexpected_response' });
  });

  it('an error status counts even when its body breaks', async () => {
    const { client } = await kept(
      tcpScene(raw('HTTP/1.1 403 Forbidden\r\nContent-Length: 100\r\n\r\n{"err')),
    );
    expect(await rejection(client.send(READ))).toMatchObject({ kind: 'forbidden', status: 403 });
  });
});

describe('an answer that does not come', () => {
  const slow = (listener: (socket: Socket) => void) =>
    kept(tcpScene(listener, { timeout: { response: 30 } }));

  it.each<[HttpRequest, object]>([
    [READ, { kind: 'timeout', detail: 'response', retryable: true }],
    [WRITE, { kind: 'timeout', detail: 'response', retryable: true }],
    [ONCE, { kind: 'indeterminate', detail: 'timeout', retryable: false }],
  ])('%#', async (request, expected) => {
    const { client } = await slow(() => {});
    expect(await rejection(client.send(request))).toMatchObject(expected);
  });

  it('stalls in the middle of a body', async () => {
    const { client } = await slow((socket) => socket.write(`${HEAD}Content-Length: 10\r\n\r\n[1`));
    expect(await rejection(client.send(READ))).toMatchObject({ kind: 'timeout' });
  });

  it('an error status counts even when its body stalls', async () => {
    const { client } = await slow((socket) =>
      socket.write('HTTP/1.1 401 Unauthorized\r\nContent-Length: 10\r\n\r\n'),
    );
    expect(await rejection(client.send(READ))).toMatchObject({ kind: 'unauthorized' });
  });

  it('a stream: stalls after its beginning', async () => {
    const { client } = await slow((socket) => socket.write(`${HEAD}Content-Length: 10\r\n\r\n[1`));
    const { body } = await client.send({ ...READ, read: 'stream' });
    expect(await rejection(collect(body as Readable))).toMatchObject({ kind: 'timeout' });
  });
});

describe('streams', () => {
  it('give what was sent', async () => {
    const { client } = await kept(httpScene(answering(200, 'a\nb\n')));
    const { body } = await client.send({ ...READ, read: 'stream' });
    expect(await collect(body as Readable)).toBe('a\nb\n');
  });

  it('cut in the middle', async () => {
    const { client } = await kept(tcpScene(raw(`${HEAD}Content-Length: 100\r\n\r\n[1`)));
    const { body } = await client.send({ ...READ, read: 'stream' });
    expect(await rejection(collect(body as Readable))).toMatchObject({
      kind: 'network',
      detail: 'connection_lost',
    });
  });

  it('called off in the middle', async () => {
    const controller = new AbortController();
    const { client } = await kept(tcpScene((socket) => socket.write(`${HEAD}Content-Length: 100\r\n\r\n[1`)));
    const { body } = await client.send({ ...READ, read: 'stream', signal: controller.signal });
    const reading = rejection(collect(body as Readable));
    controller.abort();
    expect(await reading).toMatchObject({ kind: 'aborted' });
  });

  it('left unread end their connection when destroyed', async () => {
    let closed: Promise<unknown> | undefined;
    const { client } = await kept(
      tcpScene((socket) => {
        closed = new Promise((resolve) => socket.resume().once('close', resolve));
        socket.write(`${HEAD}Content-Length: 100\r\n\r\n[1`);
      }),
    );
    const { body } = await client.send({ ...READ, read: 'stream' });
    (body as Readable).destroy();
    await closed;
  });
});

describe('calling off', () => {
  it('a signal aborted before sends nothing', async () => {
    const scene = await kept(httpScene(answering(200, '1', json)));
    const reason = new Error('enough');
    const error = await rejection(scene.client.send({ ...WRITE, signal: AbortSignal.abort(reason) }));
    expect(error).toMatchObject({ kind: 'aborted', cause: reason });
    expect(scene.connections()).toBe(0);
  });

  it.each([READ, ONCE])('in the middle (%#)', async (request) => {
    const controller = new AbortController();
    const { client } = await kept(httpScene(() => controller.abort()));
    expect(await rejection(client.send({ ...request, signal: controller.signal }))).toMatchObject({
      kind: 'aborted',
    });
  });

  it('in the middle of connecting', async () => {
    const controller = new AbortController();
    const { client } = await kept(
      tcpScene((socket) => socket.once('data', () => controller.abort()), {}, 'https'),
    );
    expect(await rejection(client.send({ ...ONCE, signal: controller.signal }))).toMatchObject({
      kind: 'aborted',
    });
  });

  it('any number of requests with one signal warns of no leak', async () => {
    const { signal } = new AbortController();
    const warned = jest.fn();
    process.on('warning', warned);
    const { client } = await kept(httpScene(answering(200, '1', json)));
    await Promise.all(Array.from({ length: 30 }, () => client.send({ ...READ, signal })));
    await client.send(READ);
    process.off('warning', warned);
    expect(warned).not.toHaveBeenCalled();
  });

  it('after the answer changes nothing', async () => {
    const controller = new AbortController();
    const { client } = await kept(httpScene(answering(200, '1', json)));
    expect((await client.send({ ...READ, signal: controller.signal })).body).toBe(1);
    controller.abort();
    expect((await client.send(READ)).body).toBe(1);
  });
});

describe('connections', () => {
  it('are kept for what comes next, whatever was answered', async () => {
    const statuses = [200, 404, 412, 500, 200];
    const scene = await kept(
      httpScene((request, response) => {
        request.resume().on('end', () => response.writeHead(statuses.shift()!, json).end('{}'));
      }),
    );
    for (const request of [READ, READ, ONCE, READ, { ...READ, method: 'HEAD' as const }]) {
      await scene.client.send(request).catch(() => undefined);
    }
    expect(statuses).toEqual([]);
    expect(scene.connections()).toBe(1);
  });

  it('kept are as uncertain as new ones when they break or stall', async () => {
    for (const [onSecond, detail] of [
      [(socket: Socket) => socket.destroy(), 'connection_lost'],
      [() => undefined, 'timeout'],
    ] as const) {
      let requests = 0;
      const scene = await kept(
        httpScene(
          (request, response) => {
            if (++requests === 1) response.writeHead(200, json).end('1');
            else onSecond(request.socket);
          },
          { timeout: { response: 30 } },
        ),
      );
      await scene.client.send(READ);
      expect(await rejection(scene.client.send(ONCE))).toMatchObject({ kind: 'indeterminate', detail });
      expect(scene.connections()).toBe(1);
    }
  });

  it('idle are given up before servers do', async () => {
    const connections = new Connections({ connections: 64, idle: 4000 });
    const { url } = await kept(httpScene(answering(200, '1')));
    const { port } = new URL(url);
    const progress = { connecting: jest.fn(), connected: jest.fn(), sent: jest.fn() };
    const request = connections
      .watched(progress)
      .request({ port, agent: connections.http }, (response) => response.resume());
    const freed = once(connections.http, 'free');
    request.end();
    const [socket] = (await freed) as [Socket];
    expect(socket.timeout).toBe(4000);
    expect(progress.connected).toHaveBeenCalledTimes(1);
    connections.close();
    await once(socket, 'close');
  });

  it('are at most 64 at once', async () => {
    const scene = await kept(
      httpScene((_, response) => setImmediate(() => response.writeHead(200, json).end('1'))),
    );
    await Promise.all(Array.from({ length: 200 }, () => scene.client.send(READ)));
    expect(scene.connections()).toBeLessThanOrEqual(64);
  });

  it('keep a path prefix of the url', async () => {
    const { url } = await kept(
      httpScene((request, response) => response.writeHead(200, json).end(JSON.stringify(request.url))),
    );
    expect((await client(`${url}/dust/`).send({ ...READ, target: '/api/x' })).body).toBe('/dust/api/x');
  });
});

describe('a proxy of the environment', () => {
  const before = process.env;

  function useProxy(url: string): void {
    process.env = { PATH: before.PATH, http_proxy: url, https_proxy: url };
  }

  afterEach(() => {
    process.env = before;
  });

  it('is not asked for a server on this machine', async () => {
    useProxy(`http://127.0.0.1:${await freePort()}`);
    const { client } = await kept(httpScene(answering(200, '1', json)));
    expect((await client.send(READ)).body).toBe(1);
  });

  it('is asked for others', async () => {
    const proxy = await kept(
      httpScene((request, response) => response.writeHead(200, json).end(JSON.stringify(request.url))),
    );
    useProxy(proxy.url);
    const { body } = await client('http://dust.example:81/a').send({ ...READ, target: '/api/x' });
    expect(body).toBe('http://dust.example:81/a/api/x');
  });

  it('that digs no tunnel makes a connect timeout', async () => {
    useProxy((await kept(tcpScene(() => {}))).url);
    const error = await rejection(client('https://dust.example', { connect: 30 }).send(ONCE));
    expect(error).toMatchObject({ kind: 'timeout', detail: 'connect' });
  });
});

describe('close', () => {
  it('fails requests under way, and later ones', async () => {
    const { client } = await kept(httpScene(() => client.close()));
    expect(await rejection(client.send(ONCE))).toMatchObject({ kind: 'closed' });
    expect(await rejection(client.send(READ))).toMatchObject({ kind: 'closed' });
  });

  it('ends idle connections', async () => {
    let closed: Promise<unknown> | undefined;
    const { client } = await kept(
      httpScene((request, response) => {
        closed = new Promise((resolve) => request.socket.once('close', resolve));
        response.writeHead(200, json).end('1');
      }),
    );
    await client.send(READ);
    client.close();
    await closed;
  });

  it('ends a stream', async () => {
    const { client } = await kept(tcpScene((socket) => socket.write(`${HEAD}Content-Length: 100\r\n\r\n[1`)));
    const { body } = await client.send({ ...READ, read: 'stream' });
    const reading = rejection(collect(body as Readable));
    client.close();
    expect(await reading).toMatchObject({ kind: 'closed' });
  });
});

async function collect(body: Readable): Promise<string> {
  let text = '';
  for await (const chunk of body) text += String(chunk);
  return text;
}
