// A server with nothing behind it, in a process of its own, so that what is measured is the client.
// `node stub-server.js <operations> <leaves>`; prints its url.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import process, { argv } from 'node:process';
import { WebSocketServer } from 'ws';
import { jsonCodec, messagePackCodec } from '../../src/protocol/wire/frame-codec.js';
import { StubSession } from './stub-session.js';

const operations = Number(argv[2]);
const leaves = Number(argv[3]);
let session: StubSession | undefined;

const http = createServer((request, response) => {
  void answer(request, response);
});

/** The client's probe finds an empty listing; `/stub` is for the rows. */
async function answer({ url = '' }: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(url, 'http://stub');
  if (pathname === '/stub/broadcast') await session?.broadcast(Number(searchParams.get('count')));
  if (pathname === '/stub/hold') session?.hold();
  const body =
    pathname === '/stub/release' ? { count: session?.release() } : { items: [], next_cursor: null };
  response.setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify(body));
}

const sockets = new WebSocketServer({ server: http, perMessageDeflate: false });
sockets.on('connection', (socket, { url, socket: tcp }: IncomingMessage) => {
  const codec = url?.includes('vsn=3') === true ? messagePackCodec : jsonCodec;
  const opened = new StubSession(socket, tcp, codec, operations, leaves);
  session = opened;
  socket.on('message', (data, isBinary) => {
    opened.receive(data as Buffer, isBinary);
  });
});

http.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(http.address() as AddressInfo).port}`);
});

process.on('SIGTERM', () => process.exit());
