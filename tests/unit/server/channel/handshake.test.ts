import { once } from 'node:events';
import type { IncomingMessage, Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import { silentLogger } from '../../../../src/logging.js';
import { ChannelServer } from '../../../../src/server/channel/socket/channel-server.js';
import { openStore } from '../../store/open-store.js';
import { serverParts } from '../../../../src/server/server-parts.js';

const TOKEN = 'the-token-of-these-tests';

/** How many listen for errors of the connection below a socket that `serve` has opened. */
async function listenersAfter(serve: (http: Server) => () => Promise<void>): Promise<number> {
  const http = createServer();
  const close = serve(http);
  const connections: Duplex[] = [];
  http.on('upgrade', (_request, connection: Duplex) => connections.push(connection));
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const { port } = http.address() as AddressInfo;
  const query = `token=${TOKEN}&device_id=d&vsn=2.0.0&capver=3`;
  const client = new WebSocket(`ws://127.0.0.1:${port}/ws/sync/websocket?${query}`);
  await once(client, 'open');
  const count = connections[0]!.listenerCount('error');
  const ended = once(client, 'close');
  client.close();
  await ended;
  await close();
  http.close();
  return count;
}

test('the listener that stands in during the handshake goes with it', async () => {
  const bare = await listenersAfter((http) => {
    const sockets = new WebSocketServer({ noServer: true });
    http.on('upgrade', (request, connection, head) => {
      sockets.handleUpgrade(request, connection, head, () => undefined);
    });
    return () => Promise.resolve();
  });
  const ours = await listenersAfter((http) => {
    const stores = { 'acme/a': openStore() };
    const parts = serverParts({ stores, tokens: [{ token: TOKEN }], logger: silentLogger });
    const channels = new ChannelServer(parts);
    http.on('upgrade', (request: IncomingMessage, connection: Duplex, head: Buffer) => {
      channels.upgrade(request, connection, head);
    });
    return () => channels.close();
  });
  expect(ours).toBe(bare);
});

test('a connection whose request is refused is gone once it was told, though the client keeps its own end open', async () => {
  const parts = serverParts({
    stores: { 'acme/a': openStore() },
    tokens: [{ token: TOKEN }],
    logger: silentLogger,
  });
  const channels = new ChannelServer(parts);
  const told: Buffer[] = [];
  const connection = new Duplex({
    allowHalfOpen: true,
    read: () => undefined,
    write: (chunk: Buffer, _encoding, done) => {
      told.push(chunk);
      done();
    },
  });
  const request = {
    method: 'GET',
    url: '/ws/sync/websocket',
    headers: {},
    socket: {},
  } as unknown as IncomingMessage;
  channels.upgrade(request, connection, Buffer.alloc(0));
  expect(connection.destroyed).toBe(false);
  await once(connection, 'finish');
  expect([Buffer.concat(told).toString().split('\r\n')[0], connection.destroyed]).toEqual([
    'HTTP/1.1 403 Forbidden',
    true,
  ]);
  await channels.close();
});
