import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { RequestListener } from 'node:http';
import type { Readable } from 'node:stream';
import { inspect } from 'node:util';
import { filter, firstValueFrom } from 'rxjs';
import {
  CONNECTION_CHANNEL,
  CounterField,
  DataSource,
  DustEntity,
  Field,
  OPERATION_CHANNEL,
  REPAIR_CHANNEL,
  RESEND_CHANNEL,
  RETRY_CHANNEL,
  Slug,
} from '../../../src/index.js';
import { isDustError } from '../../../src/errors.js';
import { silentLogger } from '../../../src/logging.js';
import { DustServer, openStore } from '../../../src/server/index.js';
import { HttpTransport } from '../../../src/transport/http/http-transport.js';
import { createHttpClient } from '../../../src/transport/http/create-http-client.js';
import type { HttpClient, HttpRequest } from '../../../src/transport/http/client/http-client.js';
import type { Scene } from './servers.js';
import {
  ONCE,
  READ,
  TOKEN,
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
import { serialisations } from '../serialisations.js';
import { TcpProxy } from '../tcp-proxy.js';

/** The token as it may turn up: itself, encoded for a url or for JSON, as base64, and cut in two. */
const FORMS = [
  TOKEN,
  TOKEN.slice(0, 12),
  TOKEN.slice(-12),
  encodeURIComponent(TOKEN),
  encodeURIComponent(TOKEN).toLowerCase(),
  JSON.stringify(TOKEN).slice(1, -1),
  Buffer.from(TOKEN).toString('base64').slice(0, -4),
];

const STATUSES = [301, 400, 401, 403, 404, 405, 409, 412, 413, 414, 418, 426, 429, 431, 500, 502, 503];

const ECHOED = `Bearer ${TOKEN}`;
const BODIES = [
  JSON.stringify({ error: TOKEN, detail: ECHOED, path: TOKEN, message: ECHOED }),
  JSON.stringify({
    error: 'conflict',
    detail: `${'x'.repeat(280)}${TOKEN}`,
    path: encodeURIComponent(TOKEN),
  }),
  `<html>${' '.repeat(10)}${'y'.repeat(50)}${ECHOED}</html>`,
  `${ECHOED} ${encodeURIComponent(TOKEN)} ${JSON.stringify(TOKEN)}`,
  '',
];
const HEADERS = {
  location: `https://${encodeURIComponent(TOKEN)}@example.com/${encodeURIComponent(TOKEN)}?t=${encodeURIComponent(TOKEN)}`,
  'content-type': `text/plain; token=${TOKEN}`,
  'www-authenticate': ECHOED,
};

const scenes: Scene[] = [];
const printed: string[] = [];
/** What the diagnostics channels have told. */
const told: unknown[] = [];
const CHANNELS = [
  ...['start', 'asyncEnd', 'error'].map((step) => `tracing:${OPERATION_CHANNEL}:${step}`),
  CONNECTION_CHANNEL,
  REPAIR_CHANNEL,
  RESEND_CHANNEL,
  RETRY_CHANNEL,
];
const clients: HttpClient[] = [];
const logger = Object.fromEntries(
  ['debug', 'info', 'warn', 'error'].map((level) => [
    level,
    (text: string, fields?: unknown) => printed.push(text, inspect(fields)),
  ]),
) as any;
const options = {
  logger,
  timeout: { connect: 200, response: 30 },
  retry: { attempts: 2, baseDelay: 0, maxRetryAfter: 0.01 },
};

beforeEach(() => {
  for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    jest
      .spyOn(console, method)
      .mockImplementation((...args) => void printed.push(...args.map((arg) => inspect(arg))));
  }
  for (const stream of [process.stdout, process.stderr]) {
    jest.spyOn(stream, 'write').mockImplementation((chunk) => printed.push(String(chunk)) > 0);
  }
  process.on('warning', onWarning);
  for (const name of CHANNELS) subscribe(name, onTold);
});

afterEach(async () => {
  jest.restoreAllMocks();
  process.off('warning', onWarning);
  for (const client of clients.splice(0)) client.close();
  for (const scene of scenes.splice(0)) await scene.close();
  for (const name of CHANNELS) unsubscribe(name, onTold);
  expectClean(...printed.splice(0), ...told.splice(0));
});

function onTold(message: unknown): void {
  told.push(message);
}

function onWarning(warning: Error): void {
  printed.push(inspect(warning, { showHidden: true, depth: Infinity }));
}

function expectClean(...values: unknown[]): void {
  for (const text of values.flatMap(serialisations)) {
    for (const form of FORMS) {
      if (text.toLowerCase().includes(form.toLowerCase())) {
        throw new Error(`${form} is shown in: ${text.slice(0, 2000)}`);
      }
    }
  }
}

async function scene(made: Promise<Scene>): Promise<Scene> {
  scenes.push(await made);
  return made;
}

const server = (listener: RequestListener, more = {}) => scene(httpScene(listener, { ...options, ...more }));

function clientTo(url: string): HttpClient {
  const client = clientFor(url, options);
  clients.push(client);
  return client;
}

/** Sends `request` and looks at what it was rejected with. */
async function expectRefusedClean(client: HttpClient, request: HttpRequest): Promise<void> {
  const error = await rejection(client.send(request));
  expect(isDustError(error)).toBe(true);
  expectClean(error, client);
}

/** What a server answers well is data, the caller's to keep. */
const nothing = (): void => {};

const REQUESTS: readonly HttpRequest[] = [
  READ,
  { ...WRITE, path: `links/${TOKEN}` },
  ONCE,
  { ...READ, read: 'stream' },
];

it('would be found', () => {
  const error = Object.assign(new Error('x'), { config: { headers: { authorization: ECHOED } } });
  expect(() => expectClean(error)).toThrow('is shown in');
  expect(() => expectClean({ [Symbol('hidden')]: new Map([['a', [ECHOED]]]) })).toThrow('is shown in');
  expect(() => expectClean(new Error(encodeURIComponent(TOKEN).toLowerCase()))).toThrow('is shown in');
});

describe.each(BODIES.map((body, index) => [index, body] as const))(
  'in what servers answer, body %i',
  (_, body) => {
    it.each(STATUSES)('%i', async (status) => {
      const { client } = await server(answering(status, body, HEADERS), { retry: undefined });
      for (const request of REQUESTS) await expectRefusedClean(client, request);
    });

    it('200', async () => {
      const { client } = await server(answering(200, body.replace(/^\{/, '{{'), HEADERS));
      for (const request of [READ, WRITE, ONCE]) await expectRefusedClean(client, request);
    });
  },
);

it('in what is tried again', async () => {
  for (const [status, headers] of [
    [429, { 'retry-after': '100' }],
    [429, {}],
    [503, {}],
  ] as const) {
    const { client } = await server(answering(status, BODIES[0]!, headers));
    await expectRefusedClean(client, READ);
    await expectRefusedClean(client, READ);
  }
});

describe('in broken connections', () => {
  const broken: [string, () => Promise<HttpClient>][] = [
    ['refused', async () => clientTo(`http://127.0.0.1:${await freePort()}`)],
    ['dns', async () => clientTo('http://no-such-host.invalid')],
    ['tls', async () => (await scene(tlsScene(answering(200, ''), options))).client],
    ['handshake', async () => (await scene(tcpScene(() => {}, options, 'https'))).client],
    ['no answer', async () => (await scene(tcpScene(() => {}, options))).client],
    ['cut', async () => (await scene(tcpScene((s) => s.once('data', () => s.destroy()), options))).client],
    ['echo', async () => (await scene(tcpScene((s) => s.pipe(s), options))).client],
    ['no http', async () => (await scene(tcpScene((s) => s.end(`${ECHOED}\r\n\r\n`), options))).client],
    [
      'half a body',
      async () =>
        (
          await scene(
            tcpScene(
              (s) => s.end(`HTTP/1.1 200 OK\r\nX: ${ECHOED}\r\nContent-Length: 999\r\n\r\n"${ECHOED}`),
              options,
            ),
          )
        ).client,
    ],
  ];

  it.each(broken)('%s', async (_, make) => {
    const client = await make();
    for (const request of [READ, WRITE, ONCE]) await expectRefusedClean(client, request);
  });

  it('in the middle of a stream', async () => {
    const { client } = await scene(
      tcpScene((socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\nbegin'), options),
    );
    const { body } = await client.send({ ...READ, read: 'stream' });
    expectClean(body, client);
    const error = await rejection((body as Readable).toArray());
    expect(error).toMatchObject({ kind: 'network' });
    expectClean(error, body, client);
  });
});

it('in what was called off, timed out or closed', async () => {
  const controller = new AbortController();
  const { client } = await server(() => controller.abort());
  await expectRefusedClean(client, { ...WRITE, signal: controller.signal });
  expectClean(controller.signal);
  await expectRefusedClean(client, ONCE);
  client.close();
  await expectRefusedClean(client, READ);
});

it('in what a client answers and is, before, meanwhile and after', async () => {
  const seen: unknown[] = [];
  const { client } = await server((request, response) => {
    seen.push(...serialisations(client));
    answering(200, '{"value":1}', json)(request, response);
  });
  expectClean(client);
  const answer = await client.send(READ);
  expectClean(...seen, answer, client);
  expect(seen).not.toEqual([]);
});

describe('in a transport', () => {
  const PAGE = JSON.stringify({ items: [], next_cursor: null });

  it.each([
    ...BODIES,
    JSON.stringify([ECHOED]),
    JSON.stringify({ path: ECHOED, value: 1, revision: ECHOED }),
  ])('whose store answers nonsense (%#)', async (body) => {
    let connected = false;
    const { url } = await server((request, response) => {
      answering(200, connected ? body : PAGE, { ...HEADERS, ...json })(request, response);
    });
    const transport = new HttpTransport({ url, store: 'acme/reading', token: TOKEN, logger });
    await transport.connect();
    connected = true;
    const calls = [
      () => transport.get('links/dust'),
      () => transport.exists('links/dust'),
      () => transport.list({ pattern: 'links/**' }),
      () => transport.set('links/dust', 1, { ifMatch: 3 }),
      () => transport.delete('links/dust'),
      () => transport.batchWrite([{ op: 'set', path: 'links/dust', value: 1 }]),
      () => transport.getFile('sha256:1'),
    ];
    for (const call of calls) expectClean(await call().then(nothing, (error: unknown) => error), transport);
    await transport.close();
    expectClean(transport);
  });
});

describe('in a log of everything, and on the diagnostics channels', () => {
  @DustEntity('links')
  class Link {
    @Slug() slug!: string;
    @Field() title?: string;
    @CounterField() views!: number;
  }

  const STORE = 'acme/reading';
  const closings: (() => Promise<void>)[] = [];

  afterEach(async () => {
    for (const close of closings.splice(0).reverse()) await close();
  });

  /** A Dust server that knows one token; its url. */
  async function serving(token: string): Promise<string> {
    const store = await openStore({});
    closings.push(() => store.close());
    const served = new DustServer({
      stores: { [STORE]: store },
      tokens: [{ token }],
      logger: silentLogger,
    });
    closings.push(() => served.close());
    const { url } = await served.listen({ port: 0 });
    return url;
  }

  it('of a data source whose connection is lost and whose requests are sent again', async () => {
    const proxy = await TcpProxy.open(Number(new URL(await serving(TOKEN)).port));
    closings.push(() => proxy.close());
    const dataSource = await new DataSource({
      url: `http://127.0.0.1:${proxy.port}`,
      token: TOKEN,
      store: STORE,
      entities: [Link],
      logging: 'debug',
      slowOperationThreshold: 0,
      retry: { attempts: 3, baseDelay: 1 },
    }).initialize();
    closings.push(() => dataSource.destroy());
    const links = dataSource.getRepository(Link);
    const state = (wanted: string) =>
      firstValueFrom(dataSource.status$.pipe(filter((status) => status.state === wanted)));
    await links.insert({ slug: 'a', title: 'A' });
    await links.increment('a', 'views', 1);
    const degraded = state('degraded');
    proxy.cut();
    await degraded;
    await state('live');
    await links.increment('a', 'views', 1);
    await expect(links.insert({ slug: 'a', title: 'B' }, { ifAbsent: true })).rejects.toThrow();
    await dataSource.destroy();
    expect(printed.join()).toContain('has lost its connection');
    expect(printed.join()).toContain('dust-orm debug');
    expect(told.length).toBeGreaterThan(10);
  });

  it('of one that the server refuses', async () => {
    const url = await serving('dust_tok_of_somebody_else');
    const dataSource = new DataSource({
      url,
      token: TOKEN,
      store: STORE,
      entities: [Link],
      logging: 'debug',
    });
    await expectRejectedClean(dataSource.initialize());
  });

  it('of one whose server is out of order', async () => {
    let connected = false;
    const { url } = await server((request, response) => {
      if (connected) answering(503, BODIES[0]!, HEADERS)(request, response);
      else answering(200, JSON.stringify({ items: [], next_cursor: null }), json)(request, response);
    });
    const dataSource = await new DataSource({
      url,
      token: TOKEN,
      store: STORE,
      entities: [Link],
      realtime: false,
      logging: 'debug',
      retry: { attempts: 3, baseDelay: 0 },
    }).initialize();
    connected = true;
    await expectRejectedClean(dataSource.getRepository(Link).find());
    await expectRejectedClean(dataSource.getRepository(Link).insert({ slug: 'a', title: 'A' }));
    expect(printed.join()).toContain('attempt 2 of 3');
    await dataSource.destroy();
  });

  async function expectRejectedClean(work: Promise<unknown>): Promise<void> {
    const error = await rejection(work);
    expect(isDustError(error)).toBe(true);
    expectClean(error);
  }
});

describe('in options refused', () => {
  const given = { url: 'https://dustlayer.io', store: 'acme/reading', token: TOKEN };
  it.each([
    { ...given, token: `${TOKEN} ` },
    { ...given, token: `${TOKEN}\n${TOKEN}` },
    { ...given, token: `${TOKEN}é` },
    { ...given, store: `${TOKEN}/reading` },
    { ...given, url: TOKEN },
    { ...given, url: `https://${encodeURIComponent(TOKEN)}@dustlayer.io` },
    { ...given, url: `https://user:${encodeURIComponent(TOKEN)}@dustlayer.io` },
    { ...given, url: `wss://user:${encodeURIComponent(TOKEN)}@dustlayer.io` },
    { ...given, url: `https://dustlayer.io/?token=${encodeURIComponent(TOKEN)}` },
    { ...given, url: `https://dustlayer.io/#${encodeURIComponent(TOKEN)}` },
  ])('%#', async (refused) => {
    const error = await rejection(Promise.resolve().then(() => createHttpClient(refused)));
    expect(error).toMatchObject({ kind: 'invalid_options' });
    expectClean(error);
  });
});
