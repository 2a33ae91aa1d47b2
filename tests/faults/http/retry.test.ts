import type { RequestListener } from 'node:http';
import type { HttpRequest } from '../../../src/transport/http/client/http-client.js';
import type { Scene } from './servers.js';
import { ONCE, READ, WRITE, httpScene, json, rejection } from './servers.js';

let scene: Scene | undefined;
afterEach(async () => {
  await scene?.close();
  scene = undefined;
});

const answer200: RequestListener = (_, response) => response.writeHead(200, json).end('"done"');
const cut: RequestListener = (request) => request.socket.destroy();
const status =
  (code: number, headers = {}): RequestListener =>
  (_, response) =>
    response.writeHead(code, headers).end();

/** What `request` comes to with at most 3 attempts, and how often the server saw it; its last answer is repeated. */
async function sent(
  request: HttpRequest,
  ...answers: RequestListener[]
): Promise<{ times: number; outcome: any }> {
  let times = 0;
  scene = await httpScene(
    (incoming, response) => {
      const listener = answers[Math.min(times++, answers.length - 1)]!;
      incoming.resume().on('end', () => listener(incoming, response));
    },
    { retry: { attempts: 3, baseDelay: 1 }, timeout: { response: 1000 } },
  );
  const { client } = scene;
  const outcome = await client.send(request).catch((error: unknown) => error);
  return { times, outcome };
}

describe('with retry', () => {
  it.each([READ, WRITE])(
    'goes on after broken connections and faults of the server (%#)',
    async (request) => {
      expect(await sent(request, cut, status(503), answer200)).toMatchObject({
        times: 3,
        outcome: { body: 'done' },
      });
    },
  );

  it.each([
    [cut, 'connection_lost'],
    [status(500), 'http_500'],
    [status(200), 'unexpected_response'],
  ])('never repeats a write whose outcome is unknown (%#)', async (answer, detail) => {
    expect(await sent(ONCE, answer, answer200)).toMatchObject({
      times: 1,
      outcome: { kind: 'indeterminate', detail },
    });
  });

  it('repeats every write that was refused for the rate', async () => {
    const refused = status(429, { 'retry-after': '0' });
    expect(await sent(ONCE, refused, refused, answer200)).toMatchObject({
      times: 3,
      outcome: { body: 'done' },
    });
  });

  it('gives up in the end', async () => {
    const { times, outcome } = await sent(READ, status(502));
    expect(times).toBe(3);
    expect(outcome).toMatchObject({
      kind: 'http',
      status: 502,
      message: expect.stringContaining('tried 3 times'),
    });
  });

  it('tries nothing again that stays as it is', async () => {
    expect(await sent(READ, status(401))).toMatchObject({ times: 1, outcome: { kind: 'unauthorized' } });
  });
});

it('without retry nothing is tried again', async () => {
  let times = 0;
  scene = await httpScene((_, response) => {
    times++;
    response.writeHead(503).end();
  });
  await rejection(scene.client.send(READ));
  expect(times).toBe(1);
});
