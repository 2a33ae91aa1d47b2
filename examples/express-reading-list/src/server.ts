import { once } from 'node:events';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DataSource } from 'dust-orm';
import { createApp } from './app.js';
import { dataSourceOptions } from './data-source.js';
import { Link } from './link.entity.js';
import { LiveLinks } from './live-links.js';

/** How long requests under way may take to end. */
const GRACE_MS = 10_000;

/** A reading list that is being served. */
export interface RunningReadingList {
  /** Such as `http://127.0.0.1:3000`. */
  readonly url: string;
  /** Takes no more requests, ends the streams, lets requests under way end, closes the store. Calling it again waits along. */
  close(): Promise<void>;
}

/** Opens the store and listens, as the environment says. */
export async function start(env: NodeJS.ProcessEnv = process.env): Promise<RunningReadingList> {
  const { HOST: host = '127.0.0.1', PORT: port = '3000' } = env;
  const dataSource = await new DataSource(dataSourceOptions(env)).initialize();
  try {
    const live = new LiveLinks(dataSource.getRepository(Link));
    const server = createServer(createApp(dataSource, { live }));
    server.listen(Number(port), host);
    await once(server, 'listening');
    const closeAll = async (): Promise<void> => {
      const drained = drain(server);
      live.close();
      await drained;
      await dataSource.destroy();
    };
    let closing: Promise<void> | undefined;
    return { url: urlOf(server), close: () => (closing ??= closeAll()) };
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
}

/** Resolves when the last request has been answered, or cut off because it took too long. */
async function drain(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  // A connection that is kept alive would wait for requests that are not taken any more.
  server.keepAliveTimeout = 1;
  const deadline = setTimeout(() => {
    server.closeAllConnections();
  }, GRACE_MS);
  await closed;
  clearTimeout(deadline);
}

function urlOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
