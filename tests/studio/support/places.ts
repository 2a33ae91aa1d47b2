import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'dust-orm';
import type { DataSourceOptions } from 'dust-orm';
import { serve } from 'dust-orm/server';
import { NatsServer } from '../../cluster/nats-server.js';
import { BOOKS, Book, Reading } from './library.js';

const common = { store: 'acme/library', entities: [Book, Reading] };

/** Where a store lies, with a client beside the studio. */
export interface Place {
  /** What the studio's configuration is told. */
  readonly env: Readonly<Record<string, string>>;
  /** A second client of the same store. */
  readonly client: DataSource;
  close(): Promise<void>;
}

async function open(options: Partial<DataSourceOptions>): Promise<DataSource> {
  const client = await new DataSource({ ...common, ...options } as DataSourceOptions).initialize();
  await client.getRepository(Book).insert([...BOOKS] as never);
  return client;
}

/** A folder that the studio shares with the test's process. */
export async function folder(): Promise<Place> {
  const path = await mkdtemp(join(tmpdir(), 'dust-orm-studio-'));
  const client = await open({ path, share: true });
  return {
    env: { STUDIO_FOLDER: path },
    client,
    close: async () => {
      await client.destroy();
      await rm(path, { recursive: true, force: true });
    },
  };
}

async function served(imitate?: '0.1'): Promise<Place> {
  const server = await serve({ port: 0, stores: [common.store], ...(imitate ? { imitate } : {}) });
  const client = await open({ url: server.url, token: server.token, transport: 'http' });
  return {
    env: { STUDIO_URL: server.url, STUDIO_TOKEN: server.token! },
    client,
    close: async () => {
      await client.destroy();
      await server.close();
    },
  };
}

/** A node of a cluster of two: the studio is one, and the test's process the other. */
async function clusterNode(): Promise<Place> {
  const nats = await NatsServer.start();
  const parent = await mkdtemp(join(tmpdir(), 'dust-orm-studio-'));
  const client = await open({ path: join(parent, 'test'), cluster: { url: nats.url } });
  return {
    env: { STUDIO_FOLDER: join(parent, 'studio'), STUDIO_CLUSTER: nats.url },
    client,
    close: async () => {
      await client.destroy();
      await nats.remove();
      await rm(parent, { recursive: true, force: true });
    },
  };
}

/** Every place that the studio is tried on. */
export const PLACES: readonly (readonly [name: string, make: () => Promise<Place>])[] = [
  ['a folder', folder],
  ['serve', () => served()],
  ['serve --imitate 0.1', () => served('0.1')],
  ['a node of a cluster', clusterNode],
];
