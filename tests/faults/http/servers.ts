import { readFileSync } from 'node:fs';
import type { IncomingMessage, RequestListener, Server as HttpServer, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import { join } from 'node:path';
import type { HttpClient, HttpRequest } from '../../../src/transport/http/client/http-client.js';
import { createHttpClient } from '../../../src/transport/http/create-http-client.js';
import type { HttpTransportOptions } from '../../../src/transport/http/options.js';

export const TOKEN = 'dust_tok_Sup3r/Secret+"x"=~1';

const fixture = (name: string): Buffer => readFileSync(join(__dirname, '../../fixtures/tls', name));

/** A server on a free port of loopback and the client that asks it; both gone after `close`. */
export interface Scene {
  readonly url: string;
  readonly client: HttpClient;
  /** Connections that were made so far. */
  readonly connections: () => number;
  /** Those that are open. */
  readonly open: () => number;
  readonly close: () => Promise<void>;
}

type Options = Partial<HttpTransportOptions>;

export function httpScene(listener: RequestListener, options?: Options): Promise<Scene> {
  return open(createServer(listener), 'http', options);
}

export function tlsScene(listener: RequestListener, options?: Options): Promise<Scene> {
  const server = createTlsServer({ key: fixture('key.pem'), cert: fixture('certificate.pem') }, listener);
  return open(server, 'https', options);
}

/** A server that speaks TCP and leaves the rest to `onSocket`. */
export function tcpScene(onSocket: (socket: Socket) => void, options?: Options, scheme = 'http') {
  return open(createTcpServer(onSocket), scheme, options);
}

async function open(server: Server | HttpServer, scheme: string, options: Options = {}): Promise<Scene> {
  const sockets = new Set<Socket>();
  let connections = 0;
  server.on('connection', (socket: Socket) => {
    connections++;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = clientFor(url, options);
  const close = async (): Promise<void> => {
    client.close();
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url, client, connections: () => connections, open: () => sockets.size, close };
}

export function clientFor(url: string, options: Options = {}): HttpClient {
  return createHttpClient({ url, store: 'acme/reading', token: TOKEN, ...options });
}

/** A port of loopback where nothing listens. */
export async function freePort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Answers every request the same. */
export function answering(
  status: number,
  body: string,
  headers: Record<string, string> = {},
): RequestListener {
  return (request: IncomingMessage, response: ServerResponse) => {
    request.resume().on('end', () => {
      response.writeHead(status, headers).end(body);
    });
  };
}

export const json = { 'content-type': 'application/json; charset=utf-8' };

export const READ: HttpRequest = {
  method: 'GET',
  target: '/api/stores/acme/reading/entries/links/dust',
  effect: 'read',
  path: 'links/dust',
};
export const WRITE: HttpRequest = { ...READ, method: 'PUT', effect: 'idempotent', body: 1 };
export const ONCE: HttpRequest = { ...WRITE, effect: 'once', headers: { 'If-Match': '7' } };

/** What `work` rejects with. */
export async function rejection(work: Promise<unknown>): Promise<any> {
  try {
    await work;
  } catch (error) {
    return error;
  }
  throw new Error('It resolved.');
}
