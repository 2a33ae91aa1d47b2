import { mkdir, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Store } from '../../../src/store/index.js';
import { openLmdbStorage } from '../../../src/store/lmdb/index.js';
import { CliWorld } from './cli-world.js';
import type { RunOptions } from './cli-world.js';

const world = CliWorld.use();
const TOKEN = 'dust_tok_0123456789abcdef';
const READER = 'dust_tok_reader_0123456789';

interface Examined {
  readonly code: number;
  readonly healthy: boolean;
  readonly findings: readonly { check: string; status: string; message: string }[];
  /** `check: status`, in order. */
  readonly summary: readonly string[];
}

async function doctor(argv: string[] = [], options?: RunOptions): Promise<Examined> {
  const { code, out, err } = await world.run(['doctor', '--json', ...argv], options);
  expect(err).toBe('');
  expect(out).not.toContain(TOKEN);
  const { healthy, findings } = JSON.parse(out);
  return { code, healthy, findings, summary: findings.map((f: any) => `${f.check}: ${f.status}`) };
}

const HEALTHY = [
  'configuration: ok',
  'server: ok',
  'clock: ok',
  'token: ok',
  'store: ok',
  'write: ok',
  'features: ok',
];

/** What an imagined server answers to a request, as status and body. */
type Answer = readonly [status: number, body?: unknown, headers?: Record<string, string>];

/** A server of another age: answers as `answer` says, and points the environment at itself. */
async function standIn(answer: (method: string, path: string) => Answer): Promise<void> {
  const server: Server = createServer((request, response) => {
    const [status, body, headers] = answer(request.method ?? '', (request.url ?? '').split('?')[0] ?? '');
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(body === undefined ? undefined : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  world.onClose(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  Object.assign(world.env, {
    DUST_BASE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    DUST_TOKEN: TOKEN,
    DUST_STORE: 'acme/reading',
  });
}

describe('doctor on a server', () => {
  it('finds nothing wrong where nothing is, and changes nothing', async () => {
    await world.serve();
    expect(await doctor()).toMatchObject({ code: 0, healthy: true, summary: HEALTHY });
    const written = await world.run(['put', 'a', '1', '--json']);
    expect(JSON.parse(written.out)).toEqual({ path: 'a', storeSeq: 1 });
  });

  it('prints a line for each check', async () => {
    await world.serve();
    const { code, lines } = await world.run(['doctor']);
    expect({ code, lines }).toEqual({
      code: 0,
      lines: HEALTHY.map((line) => expect.stringMatching(new RegExp(`^ok {4}${line.split(':')[0]} +\\S`))),
    });
  });

  it('a token that may only read is a warning', async () => {
    await world.serve({ tokens: [{ token: READER, scopes: ['entries:read', 'files:read'] }] });
    const { code, findings } = await doctor();
    expect(code).toBe(0);
    expect(findings.find(({ check }) => check === 'write')).toMatchObject({
      status: 'warn',
      message: expect.stringContaining('may only read acme/reading'),
    });
  });

  describe.each([
    ['ours', undefined],
    ['imitating 0.1', '0.1'],
  ] as const)('the write of a token, on a server %s', (_, imitate) => {
    const FOREIGN = 'dust_tok_foreign_0123456789';
    const serveFor = (token: string) =>
      world.serve({
        imitate,
        stores: ['acme/reading', 'acme/other'],
        tokens: [
          { token },
          { token: READER, scopes: ['entries:read', 'files:read'] },
          { token: FOREIGN, stores: ['acme/other'] },
        ],
      });

    it.each([
      [TOKEN, 'ok', 'may write to acme/reading', 0],
      [READER, 'warn', 'may only read acme/reading', 0],
      [FOREIGN, 'warn', 'may not write to acme/reading', 1],
    ])('%s: %s', async (token, status, message, code) => {
      await serveFor(TOKEN);
      world.env.DUST_TOKEN = token;
      const examined = await doctor();
      expect(examined.code).toBe(code);
      expect(examined.findings.find(({ check }) => check === 'write')).toMatchObject({
        status,
        message: expect.stringContaining(message),
      });
      world.env.DUST_TOKEN = TOKEN;
      const written = await world.run(['put', 'a', '1', '--json']);
      expect(JSON.parse(written.out)).toEqual({ path: 'a', storeSeq: 1 });
    });
  });

  it('a server that takes no notice of If-Match is told', async () => {
    await standIn((method, path) => {
      if (path.endsWith('/entries') && method === 'GET') return [200, { items: [], next_cursor: null }];
      return [200, { revision: 1, store_seq: 1 }];
    });
    const { findings } = await doctor();
    expect(findings.find(({ check }) => check === 'write')).toMatchObject({
      status: 'warn',
      message: expect.stringContaining('no notice of If-Match'),
    });
  });

  it('a token that may only write fails the store', async () => {
    await world.serve({ tokens: [{ token: READER, scopes: ['entries:write'] }] });
    const { code, summary } = await doctor();
    expect({ code, summary }).toEqual({
      code: 1,
      summary: ['configuration: ok', 'server: ok', 'clock: ok', 'token: ok', 'store: fail', 'write: ok'],
    });
  });

  it('a token that the server does not know fails', async () => {
    await world.serve();
    world.env.DUST_TOKEN = TOKEN;
    const { code, findings } = await doctor();
    expect(code).toBe(1);
    expect(findings.at(-1)).toMatchObject({
      check: 'token',
      status: 'fail',
      message: expect.stringContaining('does not accept the token'),
    });
  });

  it('a store that is not there fails', async () => {
    await world.serve();
    const { code, findings } = await doctor(['--store', 'acme/nowhere']);
    expect(code).toBe(1);
    expect(findings.at(-1)).toMatchObject({
      check: 'store',
      status: 'fail',
      message: expect.stringContaining('acme/nowhere'),
    });
  });

  it('nothing that listens fails', async () => {
    const env = { DUST_BASE_URL: 'http://127.0.0.1:1', DUST_TOKEN: TOKEN, DUST_STORE: 'acme/reading' };
    const { code, findings } = await doctor([], { env });
    expect(code).toBe(1);
    expect(findings.at(-1)).toMatchObject({
      check: 'server',
      status: 'fail',
      message: expect.stringContaining('connection refused'),
    });
  });

  it('limits that are used up are no verdict on the token', async () => {
    await world.serve({ rateLimits: { reads: 1000, writes: 1 } });
    await world.run(['put', 'a', '1']);
    const { code, findings } = await doctor();
    expect(code).toBe(0);
    expect(findings.find(({ check }) => check === 'write')).toMatchObject({ status: 'warn' });
  });

  it('a clock that is far off is a warning', async () => {
    await world.serve();
    const hour = 3_600_000;
    const clock = { now: () => Date.now() + hour, schedule: () => () => {} };
    const { code, findings } = await doctor([], { clock });
    expect(code).toBe(0);
    expect(findings.find(({ check }) => check === 'clock')).toMatchObject({
      status: 'warn',
      message: expect.stringMatching(/36\d\d s behind/),
    });
  });

  it('an older server is told by what it lacks', async () => {
    const missing: Answer = [404, { errors: { detail: 'Not Found' } }];
    await standIn((method, path) => {
      if (path === '/healthz') return [200, { status: 'ok' }];
      if (path === '/readyz') return [503, { status: 'error' }];
      if (path.endsWith('/entries') && method === 'GET') return [200, { items: [], next_cursor: null }];
      if (path.endsWith('/entries') && method === 'POST') return [400, { error: 'invalid_params' }];
      if (method === 'DELETE') return [412, { error: 'conflict', current_revision: null }];
      return method === 'HEAD' ? [405] : missing;
    });
    const { code, findings } = await doctor();
    expect(code).toBe(0);
    const messages = findings.filter(({ status }) => status === 'warn').map(({ message }) => message);
    expect(messages).toEqual([
      expect.stringContaining('not ready (503)'),
      expect.stringContaining('older than HEAD of entries'),
      expect.stringContaining('older than batch_write'),
      expect.stringContaining('older than files'),
    ]);
    expect(findings.find(({ check }) => check === 'write')).toMatchObject({ status: 'ok' });
    expect(findings.at(-1)).toMatchObject({ message: 'The server has paths in the body.' });
  });

  it('another program at the url is told', async () => {
    await standIn(() => [404, 'nothing here']);
    const { code, findings } = await doctor();
    expect(code).toBe(1);
    expect(findings[1]).toMatchObject({
      status: 'warn',
      message: expect.stringContaining('leads to a Dust server'),
    });
    expect(findings.at(-1)).toMatchObject({ check: 'store', status: 'fail' });
  });
});

describe('doctor on a folder', () => {
  const options = { env: {} };

  it('one that opens is fine', async () => {
    await world.run(['put', 'a', '1', '--data', 'data']);
    expect(await doctor(['--data', 'data'], options)).toMatchObject({
      code: 0,
      findings: [{}, { check: 'folder', status: 'ok', message: expect.stringContaining('store_seq 1') }],
    });
  });

  it.each([
    ['missing', 'warn', 'does not exist yet'],
    ['empty', 'warn', 'holds no store yet'],
    ['file', 'fail', 'is not a folder'],
    ['other', 'fail', 'does not hold a readable store'],
    ['busy', 'warn', 'in use'],
  ])('%s: %s', async (name, status, message) => {
    const folder = join(world.folder, name);
    if (name === 'empty') await mkdir(folder);
    if (name === 'file') await writeFile(folder, '');
    if (name === 'other') {
      await mkdir(folder);
      await writeFile(join(folder, 'data.mdb'), 'x'.repeat(5000));
    }
    if (name === 'busy') {
      const store = new Store({ storage: await openLmdbStorage({ path: folder }) });
      world.onClose(() => store.close());
    }
    const { code, findings } = await doctor(['--data', name], options);
    expect(code).toBe(status === 'fail' ? 1 : 0);
    expect(findings.at(-1)).toMatchObject({ check: 'folder', status });
    expect(findings.at(-1)!.message).toMatch(new RegExp(message, 'i'));
  });
});

it('without any configuration doctor says which ways there are', async () => {
  const { code, findings } = await doctor([], { env: {} });
  expect({ code, findings }).toEqual({
    code: 1,
    findings: [
      {
        check: 'configuration',
        status: 'fail',
        message: expect.stringContaining('Nothing says where the store is'),
      },
    ],
  });
});
