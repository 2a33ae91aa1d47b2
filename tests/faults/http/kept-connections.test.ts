import type { Socket } from 'node:net';
import type { HttpRequest } from '../../../src/transport/http/client/http-client.js';
import type { Scene } from './servers.js';
import { ONCE, READ, WRITE, rejection, tcpScene } from './servers.js';

const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1\r\n\r\n1';

let scene: Scene | undefined;
afterEach(async () => {
  await scene?.close();
  scene = undefined;
});

/** A server that answers the first requests of each connection, and ends it at the next, as one does whose patience ran out. */
async function ending(answersOf: (connection: number) => number): Promise<Scene & { asked: () => number }> {
  let connections = 0;
  let asked = 0;
  const onSocket = (socket: Socket): void => {
    let left = answersOf(++connections);
    socket.on('data', () => {
      asked++;
      if (left-- > 0) socket.write(ANSWER);
      else socket.destroy();
    });
  };
  scene = await tcpScene(onSocket);
  return { ...scene, asked: () => asked };
}

describe('a kept connection that the other side has just closed', () => {
  it('costs a read nothing: it is sent again on a fresh one', async () => {
    const { client, connections } = await ending(() => 1);
    for (let i = 1; i <= 3; i++) {
      expect((await client.send(READ)).body).toBe(1);
      expect(connections()).toBe(i);
    }
  });

  it.each<[string, HttpRequest, string]>([
    ['a write', WRITE, 'network'],
    ['a write that counts once', ONCE, 'indeterminate'],
  ])('%s is not sent again: it may have arrived', async (_, request, kind) => {
    const { client, asked } = await ending(() => 1);
    await client.send(READ);
    expect(await rejection(client.send(request))).toMatchObject({ kind, detail: 'connection_lost' });
    expect(asked()).toBe(2);
  });

  it('is met once: the fresh one may break too, and a new one alone is not made again', async () => {
    const { client, asked } = await ending((connection) => (connection === 1 ? 1 : 0));
    await client.send(READ);
    expect(await rejection(client.send(READ))).toMatchObject({ kind: 'network', detail: 'connection_lost' });
    expect(asked()).toBe(3);
    expect(await rejection(client.send(READ))).toMatchObject({ kind: 'network', detail: 'connection_lost' });
    expect(asked()).toBe(4);
  });

  it('is not believed of the other idle ones either', async () => {
    const { client, connections } = await ending((connection) => (connection <= 4 ? 1 : 9));
    await Promise.all([1, 2, 3, 4].map(() => client.send(READ)));
    expect(connections()).toBe(4);
    expect((await client.send(READ)).body).toBe(1);
    expect(connections()).toBe(5);
  });
});
