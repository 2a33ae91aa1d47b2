import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { silentLogger } from '../../../../src/index.js';
import { MetricsListener } from '../../../../src/server/metrics/metrics-listener.js';
import type { ServerMetrics } from '../../../../src/server/metrics/server-metrics.js';
import { http } from '../http.js';

type Text = ServerMetrics['text'];

const closings: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closings.splice(0)) await close();
});

/** A listener that tells what `text` says, with what it logs. */
async function listening(text: Text) {
  const error = jest.fn();
  const listener = new MetricsListener({ text }, { ...silentLogger, error });
  const port = await listener.listen('127.0.0.1', 0);
  closings.push(() => listener.close());
  return { listener, port, url: `http://127.0.0.1:${port}`, error };
}

it('answers with the text and its type, and keeps nobody from asking again', async () => {
  const { url } = await listening(() =>
    Promise.resolve({ type: 'text/plain; version=0.0.4', body: 'a 1\n' }),
  );
  for (const path of ['/metrics', '/metrics?name=a']) {
    const { status, text, headers } = await http(url, { path });
    expect([status, text]).toEqual([200, 'a 1\n']);
    expect(headers).toMatchObject({
      'content-type': 'text/plain; version=0.0.4',
      'cache-control': 'no-store',
    });
  }
});

it('metrics that cannot be told are 500, and what it was is for the log', async () => {
  const { url, error } = await listening(() => Promise.reject(new Error('secret')));
  const { status, text } = await http(url, { path: '/metrics' });
  expect([status, text]).toEqual([500, '']);
  expect(error.mock.calls).toEqual([['the metrics cannot be told: Error: secret']]);
});

it('ends at once, with a request whose answer is not there yet and with connections that are kept', async () => {
  const asked: (() => void)[] = [];
  const { listener, port } = await listening(
    () => new Promise((resolve) => asked.push(() => resolve({ type: 'text/plain', body: '' }))),
  );
  const sockets: Socket[] = [];
  for (const request of ['GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n', '']) {
    const socket = connect(port, '127.0.0.1');
    sockets.push(socket);
    await once(socket, 'connect');
    socket.on('error', () => undefined);
    socket.write(request);
  }
  while (asked.length === 0) await new Promise(setImmediate);
  const closed = Promise.all(sockets.map((socket) => once(socket, 'close')));
  await listener.close();
  await closed;
  for (const answer of asked) answer();
  await listener.close();
});
