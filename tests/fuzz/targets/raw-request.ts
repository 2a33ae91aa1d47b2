import { connect } from 'node:net';

/** Milliseconds without a byte after which the other side waits for more, or is done. */
const QUIET = 5;

/** Milliseconds that a server may take to end a connection whose other side has ended it. */
const PATIENCE = 5000;

/** What a server said over one connection. */
export interface Answered {
  readonly bytes: Buffer;
  /** Whether the server ended the connection, too, once the client had. */
  readonly closed: boolean;
}

/** Sends bytes over a connection of its own to this machine, takes what comes, and ends it when nothing more does. */
export function rawRequest(port: number, bytes: Uint8Array): Promise<Answered> {
  return new Promise((resolve) => {
    const said: Buffer[] = [];
    const socket = connect({ port, host: '127.0.0.1' });
    const finish = (closed: boolean): void => {
      clearTimeout(patience);
      clearTimeout(quiet);
      socket.destroy();
      resolve({ bytes: Buffer.concat(said), closed });
    };
    const end = (): void => {
      socket.end();
    };
    let quiet = setTimeout(end, 10 * QUIET);
    const patience = setTimeout(() => finish(false), PATIENCE);
    socket.setNoDelay(true);
    socket.on('data', (chunk) => {
      said.push(chunk);
      clearTimeout(quiet);
      quiet = setTimeout(end, QUIET);
    });
    // A reset is one of the ways to end a connection that was used badly.
    socket.on('error', () => undefined);
    socket.on('close', () => finish(true));
    socket.write(bytes);
  });
}
