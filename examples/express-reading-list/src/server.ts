import { once } from 'node:events';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DataSource } from 'dust-orm';
import { closeGracefully, healthRoute } from 'dust-orm/express';
import { createApp } from './app.js';
import { dataSourceOptions } from './data-source.js';
import { linkEvents } from './link-events.js';
import { Link } from './link.entity.js';

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
    const events = linkEvents(dataSource.getRepository(Link));
    const health = healthRoute(dataSource);
    const server = createServer(createApp(dataSource, { events, health }));
    server.listen(Number(port), host);
    await once(server, 'listening');
    let closing: Promise<void> | undefined;
    const close = () => (closing ??= closeGracefully({ server, health, streams: [events], dataSource }));
    return { url: urlOf(server), close };
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
}

function urlOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
