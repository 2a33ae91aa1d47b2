import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DataSource, EmbeddedTransport } from 'dust-orm';
import { ServedProcess } from '../faults/served-process.js';
import { TcpProxy } from '../faults/tcp-proxy.js';
import { Soaked } from './soaked.js';

const STORE = 'acme/soaked';
const TOKEN = 'the-token-of-the-long-run';

/** As many operations as a served store keeps at the most before it compacts its log. */
const FULL_LOG = 100_000;
const BATCH = 1000;

const PACKAGE = fileURLToPath(new URL('dist/esm', import.meta.resolve('dust-orm/package.json')));

/** A served store behind a proxy, a client of it, and a store in this process. */
export class Scene {
  readonly embedded: DataSource;
  readonly remote: DataSource;
  readonly proxy: TcpProxy;
  readonly folders: { readonly embedded: string; readonly served: string };
  readonly server: ServedProcess;

  private constructor(home: string, server: ServedProcess, proxy: TcpProxy) {
    this.folders = foldersIn(home);
    this.server = server;
    this.proxy = proxy;
    this.embedded = openEmbedded(this.folders.embedded);
    const { url, token, store } = { url: `http://127.0.0.1:${proxy.port}`, token: TOKEN, store: STORE };
    this.remote = new DataSource({ url, token, store, realtime: true, entities: [Soaked], logging: false });
  }

  static async open(home: string): Promise<Scene> {
    await fillLog(foldersIn(home).served);
    const server = await serve(home);
    const scene = new Scene(home, server, await TcpProxy.open(server.port));
    await Promise.all([scene.embedded.initialize(), scene.remote.initialize()]);
    return scene;
  }

  /** How the server is reached past the proxy. */
  get direct(): { readonly url: string; readonly store: string; readonly token: string } {
    return { url: this.server.url, store: STORE, token: TOKEN };
  }

  /** Ends everything, the server by SIGKILL. */
  async close(): Promise<void> {
    await Promise.all([this.embedded.destroy(), this.remote.destroy()]);
    await this.proxy.close();
    await this.server.kill();
  }
}

/** What lies in both stores, opened anew. */
export async function reopened(
  home: string,
  look: (embedded: DataSource, served: DataSource) => Promise<void>,
): Promise<void> {
  const { embedded, served } = foldersIn(home);
  const sources = [openEmbedded(embedded), openEmbedded(served)] as const;
  try {
    for (const source of sources) await source.initialize();
    await look(...sources);
  } finally {
    await Promise.all(sources.map((source) => source.destroy()));
  }
}

function foldersIn(home: string): Scene['folders'] {
  return { embedded: join(home, 'embedded'), served: join(home, 'served', ...STORE.split('/')) };
}

/** With a log that is compacted often. */
function openEmbedded(path: string): DataSource {
  const transport = new EmbeddedTransport({ path, log: { keep: 500, limit: 2000 } });
  return new DataSource({ transport, entities: [Soaked], logging: false });
}

function serve(home: string): Promise<ServedProcess> {
  return ServedProcess.start(PACKAGE, { data: join(home, 'served'), store: STORE, token: TOKEN, port: 0 });
}

/** Fills a log up to its limit, so that the file has the size from the start that it is to keep. */
async function fillLog(path: string): Promise<void> {
  const transport = new EmbeddedTransport({ path });
  await transport.connect();
  try {
    for (let start = 0; start < FULL_LOG; start += BATCH) {
      await transport.batchWrite(
        Array.from({ length: BATCH }, (_, i) => ({ op: 'set', path: `warm/${i}`, value: 'x'.repeat(100) })),
      );
    }
    await transport.delete('warm');
  } finally {
    await transport.close();
  }
}
