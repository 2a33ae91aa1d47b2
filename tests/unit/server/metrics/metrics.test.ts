import { rmSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import hooks = require('node:perf_hooks');
import type { AccessToken } from '../../../../src/server/index.js';
import { newServerMemory, resolveBounds } from '../../../../src/server/bounds.js';
import { DustServer, openStore, serve } from '../../../../src/server/index.js';
import { noLoad } from '../../../../src/server/metrics/channel-load.js';
import { ServerMetrics } from '../../../../src/server/metrics/server-metrics.js';
import { DataSource, DustError, silentLogger, systemClock } from '../../../../src/index.js';
import { useDataFolder } from '../../store/lmdb/data-folder.js';
import { Link } from '../../repository/support.js';
import { http } from '../http.js';
import type { Running } from '../running.js';
import { BASE, STORE, TOKEN, start, stopAll } from '../running.js';
import { PrometheusText } from './prometheus-text.js';

const folder = useDataFolder();

afterEach(stopAll);

const startCounting = (options: Parameters<typeof start>[0] = {}): Promise<Running> =>
  start({ metrics: true, ...options });

async function metricsOf(url: string): Promise<PrometheusText> {
  const { status, text, headers } = await http(url, { path: '/metrics', token: TOKEN });
  expect(status).toBe(200);
  expect(headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
  return new PrometheusText(text);
}

const REQUESTS = 'dust_http_request_duration_seconds';

it('counts requests by the pattern of their route, whatever their paths', async () => {
  const { url, ask } = await startCounting();
  for (const path of ['a', 'b', 'c/d']) await ask('PUT', `/entries/${path}`, { body: 1 });
  await ask('GET', '/entries/a');
  await ask('GET', '/entries/nobody');
  await ask('GET', '/entries?pattern=**');
  await ask('POST', '/entries/batch', { body: { paths: ['a'] } });
  await ask('GET', '/entries/x', { token: 'a-token-that-nobody-has' });
  await http(url, { path: '/nothing/of/this' });
  await http(url, { method: 'BREW', path: '/coffee' }).catch(() => undefined);
  await http(url, { path: '/healthz' });

  const metrics = await metricsOf(url);
  const entry = '/api/stores/:org/:store/entries/:path';
  const requests = (route: string, method: string, status: string) =>
    metrics.value(`${REQUESTS}_count`, { route, method, status });
  expect(requests(entry, 'PUT', '200')).toBe(3);
  expect(requests(entry, 'GET', '200')).toBe(1);
  expect(requests(entry, 'GET', '404')).toBe(1);
  expect(requests(entry, 'GET', '401')).toBe(1);
  expect(requests('/api/stores/:org/:store/entries', 'GET', '200')).toBe(1);
  expect(requests('/api/stores/:org/:store/entries/batch', 'POST', '200')).toBe(1);
  expect(requests('/healthz', 'GET', '200')).toBe(1);
  expect(requests('none', 'GET', '404')).toBe(1);
  expect(metrics.labels(`${REQUESTS}_count`, 'route').join()).not.toMatch(/nobody|nothing|coffee/);
});

it('times requests', async () => {
  let time = 0;
  const clock = { ...systemClock, now: () => time, monotonic: () => time };
  const { url, ask, store } = await startCounting({ clock });
  jest.spyOn(store, 'get').mockImplementationOnce(() => {
    time += 300;
    return null;
  });
  await ask('GET', '/entries/a');
  const metrics = await metricsOf(url);
  const within = (le: string) => metrics.value(`${REQUESTS}_bucket`, { le });
  expect([within('0.25'), within('0.5'), within('+Inf')]).toEqual([0, 1, 1]);
});

it('counts operations by kind, and tells where the store stands', async () => {
  const { url, ask, store } = await startCounting();
  await ask('PUT', '/entries/a', { body: { b: 1, c: 2 } });
  await ask('DELETE', '/entries/a/b');
  await store.write({ op: 'increment', path: 'n', value: 1 } as never);
  const metrics = await metricsOf(url);
  const operations = (kind: string) => metrics.value('dust_operations_total', { store: STORE, kind });
  expect([operations('set'), operations('delete'), operations('increment')]).toEqual([1, 1, 1]);
  expect(metrics.value('dust_store_seq', { store: STORE })).toBe(3);
  expect(metrics.value('dust_store_leaves', { store: STORE })).toBe(2);
  expect(metrics.value('dust_store_log_operations', { store: STORE })).toBe(3);
  expect(metrics.value('dust_store_readable', { store: STORE })).toBe(1);
  // There is neither a file nor a cluster.
  expect(metrics.value('dust_store_lmdb_readers')).toBeUndefined();
  expect(metrics.value('dust_cluster_lag_seconds')).toBeUndefined();
});

it('looks at a store once for each scrape, and at each scrape anew', async () => {
  const { url, store } = await startCounting();
  const probes = jest.spyOn(store, 'probe');
  await metricsOf(url);
  // One for what is read of it, and one for whether it can be.
  expect(probes).toHaveBeenCalledTimes(2);
  await store.write({ op: 'set', path: 'a', value: 1 });
  expect((await metricsOf(url)).value('dust_store_seq', { store: STORE })).toBe(1);
  expect(probes).toHaveBeenCalledTimes(4);
});

it('tells of connections, of who follows what, and of what waits', async () => {
  const { url } = await startCounting();
  const options = { url, token: TOKEN, store: STORE, entities: [Link], logger: silentLogger };
  const sources = [
    new DataSource(options),
    new DataSource({ ...options, channel: { heartbeatInterval: 20_000 } }),
  ];
  try {
    for (const source of sources) await source.initialize();
    const metrics = await metricsOf(url);
    const sockets = metrics.value('dust_connections', { kind: 'channel' })!;
    expect(sockets).toBeGreaterThanOrEqual(1);
    expect(metrics.value('dust_channel_subscriptions', { store: STORE })).toBe(sockets);
    expect(metrics.value('dust_channel_catching_up')).toBe(0);
    expect(metrics.value('dust_connections', { kind: 'http' })).toBeGreaterThanOrEqual(1);
    const queues = ['channel_inlet', 'channel_mailbox', 'channel_outlet', 'received', 'unread'];
    expect(metrics.labels('dust_queue_items', 'queue')).toEqual(queues);
    expect(metrics.labels('dust_queue_bytes', 'queue')).toEqual(queues);
    expect(metrics.value('dust_queue_bytes', { queue: 'channel_mailbox' })).toBe(0);
  } finally {
    for (const source of sources) await source.destroy();
  }
  while (((await metricsOf(url)).value('dust_connections', { kind: 'channel' }) ?? 0) > 0);
  expect((await metricsOf(url)).value('dust_channel_subscriptions', { store: STORE })).toBe(0);
});

it('leaves nobody on a store that goes on without the server', async () => {
  const store = await openStore({ logger: silentLogger });
  const ends: jest.Mock[] = [];
  const watch = store.watch.bind(store);
  jest.spyOn(store, 'watch').mockImplementation((pattern, listener) => {
    ends.push(jest.fn(watch(pattern, listener)));
    return ends.at(-1)!;
  });
  const server = new DustServer({
    stores: { [STORE]: store },
    tokens: [{ token: TOKEN }],
    metrics: true,
    logger: silentLogger,
  });
  await server.listen({ port: 0 });
  await server.close();
  expect(ends.map(({ mock }) => mock.calls.length)).toEqual([1]);
  await store.close();
});

it('begins at 0, so that a first operation and a first join are seen to come', async () => {
  const metrics = await metricsOf((await startCounting()).url);
  const kinds = metrics.labels('dust_operations_total', 'kind');
  expect(kinds).toEqual(expect.arrayContaining(['set', 'delete', 'merge', 'increment', 'put_file', 'lease']));
  for (const kind of kinds) expect(metrics.value('dust_operations_total', { store: STORE, kind })).toBe(0);
  expect(metrics.value('dust_channel_subscriptions', { store: STORE })).toBe(0);
});

it('of a store that cannot be read, tells that, what was counted, and nothing else', async () => {
  const options = { data: folder.path, stores: ['a/gone', 'a/here'], tokens: [{ token: TOKEN }] };
  const server = await serve({ ...options, port: 0, metrics: true, logger: silentLogger });
  try {
    rmSync(`${folder.path}/a/gone`, { recursive: true });
    const metrics = await metricsOf(server.url);
    const readable = (store: string) => metrics.value('dust_store_readable', { store });
    expect([readable('a/gone'), readable('a/here')]).toEqual([0, 1]);
    for (const name of [
      'seq',
      'snapshot_seq',
      'log_operations',
      'leaves',
      'file_bytes',
      'disk_bytes',
      'lmdb_readers',
    ]) {
      expect(metrics.labels(`dust_store_${name}`, 'store')).toEqual(['a/here']);
    }
    expect(metrics.value('dust_operations_total', { store: 'a/gone', kind: 'set' })).toBe(0);
  } finally {
    await server.close();
  }
});

it('tells of the data file', async () => {
  const server = await serve({
    port: 0,
    data: folder.path,
    tokens: [{ token: TOKEN }],
    metrics: true,
    logger: silentLogger,
  });
  try {
    const metrics = await metricsOf(server.url);
    const store = 'local/default';
    expect(metrics.value('dust_store_disk_bytes', { store })).toBeGreaterThan(0);
    expect(metrics.value('dust_store_lmdb_readers', { store })).toBeGreaterThanOrEqual(0);
  } finally {
    await server.close();
  }
});

it('counts what limits refuse', async () => {
  const { url, ask } = await startCounting({ rateLimits: { writes: 1, wrongTokens: 1 } });
  for (let times = 0; times < 3; times++) await ask('PUT', '/entries/a', { body: 1 });
  for (let times = 0; times < 3; times++) {
    await ask('GET', '/entries/a', { token: 'a-token-that-nobody-has' });
  }
  const metrics = await metricsOf(url);
  const refused = (limit: string) => metrics.value('dust_rate_limited_total', { limit });
  expect([refused('reads'), refused('writes'), refused('wrong_tokens')]).toEqual([0, 2, 2]);
});

it('tells of the process, and of its event loop since it was last asked', async () => {
  const { url } = await startCounting();
  const metrics = await metricsOf(url);
  expect(metrics.value('process_resident_memory_bytes')).toBeGreaterThan(1e6);
  expect(metrics.value('process_cpu_user_seconds_total')).toBeGreaterThan(0);
  expect(metrics.value('process_start_time_seconds')).toBe(Math.round(performance.timeOrigin / 1000));
  expect(metrics.value('nodejs_eventloop_delay_seconds', { quantile: '0.99' })).toBeGreaterThanOrEqual(0);
});

it('names and explains every metric once', async () => {
  const { families } = await metricsOf((await startCounting()).url);
  const names = families.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const { help, type } of families) {
    expect(help).toMatch(/\.$/);
    expect(['COUNTER', 'GAUGE', 'HISTOGRAM']).toContain(type);
  }
});

describe('who may read them', () => {
  const tokens: readonly AccessToken[] = [
    { token: TOKEN },
    { token: 'a-token-that-only-reads', scopes: ['entries:read'] },
    { token: 'a-token-that-only-writes', scopes: ['entries:write'] },
    { token: 'a-token-for-one-store-alone', stores: [STORE] },
  ];

  it.each([
    [undefined, 401],
    ['a-token-that-nobody-has', 401],
    ['a-token-that-only-reads', 200],
    ['a-token-that-only-writes', 403],
    ['a-token-for-one-store-alone', 403],
  ])('%s is %d', async (token, status) => {
    const { url } = await startCounting({ tokens });
    expect((await http(url, { path: '/metrics', ...(token !== undefined && { token }) })).status).toBe(
      status,
    );
  });

  it('nobody, where there are none', async () => {
    const { url } = await start();
    expect((await http(url, { path: '/metrics', token: TOKEN })).status).toBe(404);
    expect((await http(url, { path: '/metrics', token: TOKEN })).text).toContain('Not Found');
  });

  it.each([
    ['127.0.0.1', false],
    ['0.0.0.0', true],
  ])('an address of their own on %s warns where other machines reach it', async (host, warns) => {
    const warn = jest.fn();
    const server = await serve({ port: 0, metrics: { port: 0, host }, logger: { ...silentLogger, warn } });
    await server.close();
    const { port } = new URL(server.metricsUrl!);
    expect(warn.mock.calls).toEqual(
      warns ? [[expect.stringContaining(`the metrics on ${host}, port ${port}, name all stores`)]] : [],
    );
  });

  it('whoever reaches an address of their own, which answers nothing else', async () => {
    const server = await serve({ port: 0, metrics: { port: 0 }, logger: silentLogger });
    const metricsUrl = server.metricsUrl!;
    try {
      expect(metricsUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/metrics$/);
      await http(server.url, { path: '/healthz' });
      const { origin } = new URL(metricsUrl);
      const metrics = new PrometheusText((await http(origin, { path: '/metrics' })).text);
      expect(metrics.value(`${REQUESTS}_count`, { route: '/healthz' })).toBe(1);
      expect((await http(origin, { path: BASE })).status).toBe(404);
      expect((await http(origin, { method: 'POST', path: '/metrics' })).status).toBe(404);
      expect((await http(server.url, { path: '/metrics', token: server.token })).status).toBe(404);
    } finally {
      await server.close();
    }
    await expect(http(new URL(metricsUrl).origin, { path: '/metrics' })).rejects.toMatchObject({
      code: 'ECONNREFUSED',
    });
  });
});

it('two servers of a process count for themselves, and what they watch ends with them', async () => {
  const disabled = jest.fn<boolean, []>();
  const made = jest.spyOn(hooks, 'monitorEventLoopDelay').mockImplementation(((): object => ({
    enable: () => true,
    disable: disabled,
    reset: () => undefined,
    percentile: () => 0,
    max: 0,
  })) as never);
  try {
    const [one, other] = [await startCounting(), await startCounting()];
    await one.ask('PUT', '/entries/a', { body: 1 });
    expect((await metricsOf(one.url)).value('dust_operations_total', { kind: 'set' })).toBe(1);
    expect((await metricsOf(other.url)).value('dust_operations_total', { kind: 'set' })).toBe(0);
    expect(made).toHaveBeenCalledTimes(2);
    await one.server.close();
    expect(disabled).toHaveBeenCalledTimes(1);
  } finally {
    made.mockRestore();
  }
});

it('an address that cannot be had ends all of it', async () => {
  const { url } = await start();
  const port = Number(new URL(url).port);
  const refusal = serve({ port: 0, metrics: { port }, logger: silentLogger });
  await expect(refusal).rejects.toMatchObject({ kind: 'network', detail: 'EADDRINUSE' });
  await expect(serve({ port, metrics: true, logger: silentLogger })).rejects.toThrow(DustError);
});

it('an address for the metrics that cannot be had gives back that of the server by the time it is told', async () => {
  const { url, store } = await start();
  const taken = Number(new URL(url).port);
  const { url: freed, server: other } = await start();
  await other.close();
  const port = Number(new URL(freed).port);
  const stores = { [STORE]: store };
  const refused = new DustServer({
    stores,
    tokens: [{ token: TOKEN }],
    metrics: { port: taken },
    logger: silentLogger,
  });
  await expect(refused.listen({ port })).rejects.toMatchObject({ detail: 'EADDRINUSE' });
  const next = new DustServer({ stores, tokens: [{ token: TOKEN }], logger: silentLogger });
  await next.listen({ port });
  await next.close();
});

it('metrics that are closed tell nothing, and hold nothing', async () => {
  const metrics = new ServerMetrics();
  const nothing = { type: 'text/plain; charset=utf-8', body: '' };
  expect(await metrics.text()).toEqual(nothing);
  await metrics.open({
    stores: new Map(),
    clock: systemClock,
    memory: newServerMemory(resolveBounds()),
    connections: () => 0,
    channel: noLoad,
    refusals: () => ({}),
  });
  expect((await metrics.text()).body).toContain('dust_connections');
  metrics.close();
  expect(await metrics.text()).toEqual(nothing);
});

it.each([
  [{ metrics: 'yes' }, 'metrics must be true, false or an object'],
  [{ metrics: { port: -1 } }, 'metrics: port must be'],
  [{ metrics: { path: '/x' } }, 'metrics has no option "path"'],
])('refuses %j', (options, message) => {
  expect(() => new DustServer({ stores: {}, tokens: [{ token: TOKEN }], ...(options as object) })).toThrow(
    message,
  );
});
