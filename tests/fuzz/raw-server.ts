import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import type { DustServer } from '../../src/server/index.js';

/** A server that answers every connection with the same text. */
export function rawServer(text: string): Pick<DustServer, 'listen' | 'close'> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.resume().end(text);
  });
  return {
    listen: () =>
      new Promise((resolve) => {
        server.listen(0, '127.0.0.1', () => {
          resolve({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
        });
      }),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
