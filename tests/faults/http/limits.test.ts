import { setTimeout as sleep } from 'node:timers/promises';
import { HttpTransport } from '../../../src/index.js';
import { TestClock } from '../../../src/testing/index.js';
import type { Scene } from './servers.js';
import { READ, WRITE, answering, httpScene, json, rejection } from './servers.js';

let scene: Scene | undefined;
afterEach(async () => {
  await scene?.close();
  scene = undefined;
});

describe('what the options of HTTP bound', () => {
  it('the length of an answer, and of a file', async () => {
    const body = JSON.stringify('x'.repeat(100));
    const requests = { answerBytes: 50, fileBytes: 60 };
    scene = await httpScene(answering(200, body, json), { requests });
    const error = await rejection(scene.client.send(READ));
    expect(error).toMatchObject({ kind: 'http', detail: 'response_too_large' });
    expect(error.message).toMatch(/longer than 50 bytes.*requests\.answerBytes/);
    const file = await rejection(scene.client.send({ ...READ, read: 'bytes' }));
    expect(file.message).toContain('longer than 60 bytes');
  });

  it('the number of connections', async () => {
    let underWay = 0;
    let most = 0;
    scene = await httpScene(
      (_, response) => {
        most = Math.max(most, ++underWay);
        setImmediate(() => {
          underWay--;
          response.writeHead(200, json).end('1');
        });
      },
      { requests: { connections: 2 } },
    );
    const { client } = scene;
    await Promise.all(Array.from({ length: 10 }, () => client.send(READ)));
    expect(scene.connections()).toBe(2);
    expect(most).toBeLessThanOrEqual(2);
  });

  it('how many requests wait, and how many bytes', async () => {
    scene = await httpScene(answering(200, '1', json), { requests: { waiting: 2, waitingBytes: 100 } });
    const { client } = scene;
    const sent = [1, 2, 3].map(() => client.send(READ));
    expect(await rejection(sent[2]!)).toMatchObject({ kind: 'rate_limited', detail: 'outbox_full' });
    await Promise.all(sent.slice(0, 2));
    const long = [1, 2].map(() => client.send({ ...WRITE, body: 'x'.repeat(80) }));
    expect(await rejection(long[1]!)).toMatchObject({ kind: 'rate_limited', detail: 'outbox_full' });
    await long[0];
  });

  it('how long an idle connection is kept', async () => {
    scene = await httpScene(answering(200, '1', json), { timeout: { idle: 1 } });
    await scene.client.send(READ);
    while (scene.open() > 0) await sleep(1);
    await scene.client.send(READ);
    expect(scene.connections()).toBe(2);
  });

  it('how long closing waits for a write', async () => {
    scene = await httpScene((request, response) => {
      if (request.method === 'GET') response.writeHead(200, json).end('{"items":[],"next_cursor":null}');
    });
    const clock = new TestClock();
    const options = {
      url: scene.url,
      store: 'acme/demo',
      token: 'dust_tok_0',
      clock,
      timeout: { close: 70 },
    };
    const transport = new HttpTransport(options);
    await transport.connect();
    const write = rejection(transport.set('a', 1));
    const closing = transport.close();
    await clock.advance(69);
    let isClosed = false;
    void closing.then(() => (isClosed = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(isClosed).toBe(false);
    await clock.advance(1);
    await closing;
    expect(await write).toMatchObject({ kind: 'closed' });
  });
});
