import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'dust-orm';
import type { DataSourceOptions } from 'dust-orm';
import { serve } from 'dust-orm/server';
import { NatsServer } from '../../cluster/nats-server.js';
import type { JsonObject } from '../../../src/protocol/values/value.js';
import { FakeStore } from './fake-store.js';
import { FakeStudio } from './fake-studio.js';
import { BOOKS, Book, Reading, readings } from './library.js';
import { StudioProcess } from './studio-process.js';

/** Records that are written together. */
const PART = 10_000;

const common = { store: 'acme/library', entities: [Book, Reading] };

/** A second client of the store that a studio shows. */
export interface Books {
  insert(values: { id: string } & JsonObject): Promise<unknown>;
  update(id: string, values: JsonObject): Promise<unknown>;
  /** A book's fields; undefined where there is none. */
  find(id: string): Promise<JsonObject | undefined>;
}

/** A studio that runs. */
export interface RunningStudio {
  readonly address: string;
  stop(): Promise<void>;
}

/** Where a store with some books lies. */
export interface Place {
  readonly books: Books;
  /** Begins a studio of it. */
  begin(...flags: string[]): Promise<RunningStudio>;
  close(): Promise<void>;
}

async function bookOf(client: DataSource, id: string): Promise<JsonObject | undefined> {
  return ((await client.getRepository(Book).findOneBy({ id })) ?? undefined) as unknown as
    JsonObject | undefined;
}

/** Servers take files over their channel only. */
async function putCover(options: DataSourceOptions, client: DataSource): Promise<void> {
  const { capabilities } = client.transport;
  const able = capabilities.files ? client : new DataSource({ ...options, transport: 'channel' });
  if (able !== client) await able.initialize();
  try {
    await able.transport.putFile('library/books/emma/cover', Buffer.from('A short text about Emma'), {
      filename: 'emma.txt',
      contentType: 'text/plain',
    });
  } finally {
    if (able !== client) await able.destroy();
  }
}

/** A place with a second client in this process, and the real studio in another one. */
export interface RealPlace extends Place {
  readonly client: DataSource;
}

async function realPlace(
  options: Partial<DataSourceOptions>,
  env: Readonly<Record<string, string>>,
  end: () => Promise<unknown>,
): Promise<RealPlace> {
  const client = await new DataSource({ ...common, ...options }).initialize();
  const repository = client.getRepository(Book);
  await repository.insert([...BOOKS] as never);
  await putCover({ ...common, ...options }, client);
  return {
    client,
    books: {
      insert: (values) => repository.insert(values),
      update: (id, values) => repository.update(id, values),
      find: (id) => bookOf(client, id),
    },
    begin: (...flags) => StudioProcess.start(env, ...flags),
    close: async () => {
      await client.destroy();
      await end();
    },
  };
}

/** A folder that the studio shares with the test's process. */
export async function folder(): Promise<RealPlace> {
  const path = await mkdtemp(join(tmpdir(), 'dust-orm-studio-'));
  return realPlace({ path, share: true }, { STUDIO_FOLDER: path }, () =>
    rm(path, { recursive: true, force: true }),
  );
}

/** A folder with many readings, which the studio has for itself. */
export async function folderOfReadings(count: number): Promise<Pick<Place, 'begin' | 'close'>> {
  const path = await mkdtemp(join(tmpdir(), 'dust-orm-studio-'));
  const client = await new DataSource({ ...common, path }).initialize();
  try {
    for (let from = 0; from < count; from += PART) {
      await client.getRepository(Reading).insert(readings(from, Math.min(PART, count - from)));
    }
  } finally {
    await client.destroy();
  }
  return {
    begin: (...flags) => StudioProcess.start({ STUDIO_FOLDER: path, STUDIO_ALONE: '1' }, ...flags),
    close: () => rm(path, { recursive: true, force: true }),
  };
}

async function served(): Promise<RealPlace> {
  const server = await serve({ port: 0, stores: [common.store] });
  const { url, token } = server;
  const env = { STUDIO_URL: url, STUDIO_TOKEN: token };
  return realPlace({ url, token, transport: 'http' }, env, () => server.close());
}

/**
 * A server that is at fault as those of version 0.1 are. It tells nobody of what is written over HTTP, batches included, before they
 * catch up: the second client writes leaf by leaf, over its channel, and another one looks what the studio wrote.
 */
async function servedAsOld(): Promise<Place> {
  const server = await serve({ port: 0, stores: [common.store], imitate: '0.1' });
  const { url, token } = server;
  const env = { STUDIO_URL: url, STUDIO_TOKEN: token };
  const reader = await new DataSource({ ...common, url, token, transport: 'http' }).initialize();
  const place = await realPlace({ url, token }, env, async () => {
    await reader.destroy();
    await server.close();
  });
  const write = async (id: string, values: JsonObject) => {
    for (const [name, value] of Object.entries(values)) {
      await place.client.transport.set(`library/books/${id}/${name}`, value);
    }
  };
  return {
    ...place,
    books: {
      insert: ({ id, ...values }) => write(id, values),
      update: write,
      find: (id) => bookOf(reader, id),
    },
  };
}

/** A node of a cluster of two: the studio is one, and the test's process the other. */
async function clusterNode(): Promise<RealPlace> {
  const nats = await NatsServer.start();
  const parent = await mkdtemp(join(tmpdir(), 'dust-orm-studio-'));
  const env = { STUDIO_FOLDER: join(parent, 'studio'), STUDIO_CLUSTER: nats.url };
  return realPlace({ path: join(parent, 'test'), cluster: { url: nats.url } }, env, async () => {
    await nats.remove();
    await rm(parent, { recursive: true, force: true });
  });
}

/** A place without a store. */
export interface FakePlace extends Place {
  begin(...flags: string[]): Promise<FakeStudio>;
}

/** No store, but a list that answers like a studio's process. */
export function fake(): Promise<FakePlace> {
  const seed = new FakeStore(true);
  for (const { id, imprint, published, ...values } of BOOKS) {
    const { place, year } = imprint as { place: string; year: number };
    const more = { 'imprint.place': place, 'imprint.year': year, published: published!.toISOString() };
    seed.write(`library/books/${id!}`, { ...values, ...more } as unknown as JsonObject);
  }
  const cover = {
    _type: 'file',
    hash: 'sha256:0',
    size: 23,
    filename: 'emma.txt',
    content_type: 'text/plain',
  };
  seed.write('library/books/emma', { cover });
  const at = (id: string) => `library/books/${id}`;
  return Promise.resolve({
    books: {
      insert: ({ id, ...values }) => Promise.resolve(seed.write(at(id), values)),
      update: (id, values) => Promise.resolve(seed.write(at(id), values)),
      find: (id) => Promise.resolve(seed.record(at(id)).row?.values),
    },
    begin: (...flags) => {
      seed.writable = flags.includes('--write');
      return FakeStudio.start(seed);
    },
    close: () => Promise.resolve(),
  });
}

/** How a place is made, and how many nodes of a cluster its studio knows. */
export interface PlaceKind {
  readonly make: () => Promise<Place>;
  readonly members?: number;
}

/** Every place that the studio is tried on. */
export const PLACES: readonly (readonly [name: string, kind: PlaceKind])[] = [
  ['a list that imitates the process', { make: fake, members: 1 }],
  ['a folder', { make: folder }],
  ['serve', { make: served }],
  ['serve --imitate 0.1', { make: servedAsOld }],
  ['a node of a cluster', { make: clusterNode, members: 2 }],
];
