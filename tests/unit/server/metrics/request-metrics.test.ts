import { once } from 'node:events';
import { createServer, get } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as prometheus from 'prom-client';
import { systemClock } from '../../../../src/index.js';
import { RequestMetrics } from '../../../../src/server/metrics/request-metrics.js';
import { PrometheusText } from './prometheus-text.js';

let registry: prometheus.Registry;
let server: Server;
let answer: (response: ServerResponse) => void;
let closed: Promise<unknown>;

beforeEach(async () => {
  registry = new prometheus.Registry();
  const metrics = new RequestMetrics(prometheus, registry, systemClock);
  server = createServer((request, response) => {
    metrics.observe(request.method, response);
    closed = once(response, 'close');
    answer(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

/** Asks, and goes away at what comes first: a part of the answer, or `leave`. */
async function statusesOf(leave?: Promise<void>): Promise<readonly string[]> {
  const request = get({ port: (server.address() as AddressInfo).port, agent: false });
  const gone = new Promise<void>((resolve) => request.once('close', resolve));
  request.on('error', () => undefined);
  request.on('response', (response) => {
    response.once('data', () => request.destroy());
    response.on('error', () => undefined);
  });
  void leave?.then(() => request.destroy());
  await gone;
  await closed;
  return new PrometheusText(await registry.metrics()).labels(
    'dust_http_request_duration_seconds_count',
    'status',
  );
}

it('an answer that came to its end is counted by its status', async () => {
  answer = (response) => response.writeHead(200).end('all of it');
  expect(await statusesOf()).toEqual(['200']);
});

it('an answer that was cut off is not counted as one that came', async () => {
  answer = (response) => response.writeHead(200, { 'content-length': '1000' }).write('some of it');
  expect(await statusesOf()).toEqual(['cut_off']);
});

it('a request whose client left before the answer has no status', async () => {
  const asked = new Promise<void>((resolve) => {
    answer = () => {
      resolve();
    };
  });
  expect(await statusesOf(asked)).toEqual(['none']);
});
