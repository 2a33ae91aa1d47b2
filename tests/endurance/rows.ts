import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClusterNode } from '../../src/cluster/cluster-node.js';
import { MemoryLog } from '../../src/cluster/logs/memory/memory-log.js';
import type { DataSourceOptions, TransportFactory } from '../../src/index.js';
import { EmbeddedTransport } from '../../src/index.js';
import { silentLogger } from '../../src/logging.js';
import { DustServer } from '../../src/server/index.js';
import { SharedFolderTransport } from '../../src/share/index.js';
import type { StoreStorage } from '../../src/store/index.js';
import { createMemoryStorage } from '../../src/store/index.js';
import { openLmdbStorage } from '../../src/store/lmdb/index.js';
import { announcingWrites } from '../contract/rows/announcing-writes.js';
import { createChannelTransport, EngineRegistry } from '../../src/transport/channel/index.js';
import { HttpTransport } from '../../src/transport/http/index.js';
import type { Held } from '../shared-folder/folder-program.js';
import { FolderPrograms } from '../shared-folder/folder-programs.js';
import { SharedByProcesses } from '../shared-folder/shared-by-processes.js';
import { CountedStore, CountedTransport } from './counted.js';

/** A log that is full soon: what a store may keep is not to look like a leak. */
const LOG = { keep: 20, limit: 40 };

const STORE = 'acme/endurance';

/** A store, the way to it, and what there is to count. */
export interface OpenRow {
  readonly transport: TransportFactory;
  /** Options of a data source of its own that may be opened and closed beside; `n` tells several apart. */
  options(n: number): Omit<DataSourceOptions, 'entities'>;
  /** Where a copy of the store goes; left out where it cannot be copied. */
  readonly backups?: ((n: number) => string) | undefined;
  /** Those who watch the store, and subscriptions that clients have not ended. */
  watching(): number;
  /** What another process holds that has the store; left out where none has. */
  readonly elsewhere?: (() => Promise<Held>) | undefined;
  /** LMDB environments that are open all the time. */
  readonly folders: readonly string[];
  close(): Promise<void>;
}

export interface EnduranceRow {
  readonly name: string;
  open(): Promise<OpenRow>;
}

type Parts = Pick<OpenRow, 'options' | 'backups' | 'elsewhere' | 'folders'> & {
  readonly stores: readonly CountedStore[];
  readonly transport: TransportFactory;
  close(): Promise<void>;
};

function counted({ stores, transport, ...parts }: Parts): OpenRow {
  const clients: CountedTransport[] = [];
  return {
    ...parts,
    transport: (context) => {
      const client = new CountedTransport(transport(context));
      clients.push(client);
      return client;
    },
    watching: () =>
      clients.reduce((sum, { subscriptions }) => sum + subscriptions, 0) +
      stores.reduce((sum, { watching }) => sum + watching, 0),
  };
}

function newFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'dust-orm-endurance-'));
  return {
    path,
    remove: () => {
      rmSync(path, { recursive: true, force: true });
    },
  };
}

async function embedded(isDurable: boolean): Promise<OpenRow> {
  const folder = newFolder();
  const path = join(folder.path, 'store');
  const storage: StoreStorage = isDurable ? await openLmdbStorage({ path }) : createMemoryStorage();
  const store = new CountedStore({ storage, log: LOG });
  return counted({
    stores: [store],
    transport: ({ deviceId }) => new EmbeddedTransport({ store, deviceId }),
    options: (n) => (isDurable ? { path: join(folder.path, `${n}`) } : {}),
    backups: isDurable ? (n) => join(folder.path, `${n}-backup`) : undefined,
    folders: isDurable ? [path] : [],
    close: async () => {
      await store.close();
      folder.remove();
    },
  });
}

async function served(way: 'http' | 'channel' | 'cached channel'): Promise<OpenRow> {
  const folder = newFolder();
  const store = new CountedStore({ storage: createMemoryStorage(), log: LOG });
  const token = `dust_tok_${randomUUID()}`;
  const server = new DustServer({
    stores: { [STORE]: store },
    tokens: [{ token }],
    rateLimits: false,
    logger: silentLogger,
  });
  const { url } = await server.listen({ port: 0 });
  const remote = { url, token, store: STORE };
  const path = join(folder.path, 'mirror');
  const cache = way === 'cached channel' ? { path } : undefined;
  const engines = new EngineRegistry();
  return counted({
    stores: [store],
    transport: ({ deviceId, logger }) =>
      way === 'http'
        ? new HttpTransport({ ...remote, deviceId, logger })
        : createChannelTransport({ ...remote, deviceId, logger, cache, limits: { gapTimeout: 20 } }, engines),
    options: (n) => {
      if (way === 'http') return { ...remote, realtime: false };
      return cache === undefined ? remote : { ...remote, cache: { path: join(folder.path, `${n}`) } };
    },
    folders: cache === undefined ? [] : [path],
    close: async () => {
      await server.close();
      await store.close();
      folder.remove();
    },
  });
}

/** Two nodes in folders, over a log that keeps nothing which both have: what a cluster holds of it is not to look like a leak. */
async function cluster(): Promise<OpenRow> {
  const folder = newFolder();
  const log = new MemoryLog();
  const folders = [join(folder.path, 'one'), join(folder.path, 'other')];
  const nodes: ClusterNode[] = [];
  const storages = await Promise.all(folders.map((path) => openLmdbStorage({ path })));
  const stores = storages.map(
    (storage) =>
      new CountedStore({
        storage,
        order: (copy) => {
          const node = new ClusterNode(copy, { log: log.connect(), logger: silentLogger });
          nodes.push(node);
          return node;
        },
      }),
  );
  let taken = 0;
  const heard = async (storeSeq: number): Promise<void> => {
    await Promise.all(stores.map((store) => store.barrier({ minSeq: storeSeq })));
    log.trim(Math.min(...nodes.map(({ state }) => (state.name === 'following' ? state.position : 0))));
  };
  const transport: TransportFactory = ({ deviceId }) => {
    const store = stores[taken++ % stores.length];
    if (store === undefined) throw new Error('a cluster without nodes');
    return announcingWrites(new EmbeddedTransport({ store, deviceId }), heard);
  };
  return counted({
    stores,
    transport,
    options: () => ({ transport }),
    backups: (n) => join(folder.path, `${n}-backup`),
    folders,
    close: async () => {
      await Promise.all(stores.map((store) => store.close()));
      folder.remove();
    },
  });
}

/** A folder that another process has, with two more that share it. Data sources beside join it, or have a folder of their own that they share. */
async function sharedFolder(): Promise<OpenRow> {
  const folder = newFolder();
  const programs = await FolderPrograms.start();
  const shared = await SharedByProcesses.open(programs.sockets, { log: LOG });
  const { path } = shared;
  return counted({
    stores: [],
    transport: ({ deviceId, logger }) =>
      new SharedFolderTransport({ path, deviceId, logger, limits: { gapTimeout: 20 } }),
    options: (n) => ({ path: n % 2 === 0 ? path : join(folder.path, `${n}`), share: true }),
    backups: (n) => join(folder.path, `${n}-backup`),
    elsewhere: () => shared.held(),
    folders: [],
    close: async () => {
      await shared.close();
      await programs.stop();
      folder.remove();
    },
  });
}

export const ROWS = {
  memory: { name: 'memory', open: () => embedded(false) },
  lmdb: { name: 'LMDB', open: () => embedded(true) },
  cluster: { name: 'nodes of a cluster', open: cluster },
  sharedFolder: { name: 'a shared folder', open: sharedFolder },
  http: { name: 'HTTP', open: () => served('http') },
  channel: { name: 'channel', open: () => served('channel') },
  cachedChannel: { name: 'channel with a cached mirror', open: () => served('cached channel') },
} as const satisfies Record<string, EnduranceRow>;
