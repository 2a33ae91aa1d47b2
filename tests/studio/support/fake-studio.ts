import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type {
  ChangeMessage,
  DeleteRequest,
  RecordsQuery,
  RestoreRequest,
  SaveRequest,
} from '../../../src/studio/api/messages.js';
import type { FakeStore } from './fake-store.js';

const PAGE = join(__dirname, '../../../dist/studio');
const TYPES: Readonly<Record<string, string>> = { html: 'text/html', js: 'text/javascript', css: 'text/css' };
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'none'; base-uri 'none'";

/** Serves the built page, and answers it from a {@link FakeStore}: no studio, but quick, and the same every time. */
export class FakeStudio {
  readonly #store: FakeStore;
  readonly #listeners = new Set<ServerResponse>();
  #server: Server;
  #port = 0;

  private constructor(store: FakeStore) {
    this.#store = store;
    this.#server = this.#make();
    store.heard = ({ storeSeq, op, path, deviceId }) => {
      this.#tell({
        kind: 'commit',
        first: storeSeq,
        last: storeSeq,
        operations: [{ storeSeq, op, path, deviceId }],
      });
    };
  }

  static async start(store: FakeStore): Promise<FakeStudio> {
    const studio = new FakeStudio(store);
    await studio.resume();
    return studio;
  }

  get address(): string {
    return `http://127.0.0.1:${this.#port}/`;
  }

  /** Begins again where it was. */
  async resume(): Promise<void> {
    this.#server = this.#make().listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    for (const listener of this.#listeners) listener.destroy();
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  #make(): Server {
    return createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => {
        response.writeHead(500).end(JSON.stringify({ error: { kind: 'fake', message: String(error) } }));
      });
    });
  }

  #tell(message: ChangeMessage): void {
    for (const listener of this.#listeners) listener.write(`data: ${JSON.stringify(message)}\n\n`);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url!, 'http://fake');
    response.setHeader('content-security-policy', POLICY);
    const file = pathname === '/' ? '/index.html' : pathname;
    if (!pathname.startsWith('/api/')) {
      if (!existsSync(PAGE + file)) return void response.writeHead(404).end();
      response.setHeader('content-type', TYPES[file.split('.').at(-1)!]!);
      return void response.end(readFileSync(PAGE + file));
    }
    const path = searchParams.get('path') ?? '';
    if (pathname === '/api/changes') {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(': \n\n');
      this.#listeners.add(response);
      response.on('close', () => this.#listeners.delete(response));
      return;
    }
    if (pathname === '/api/file') {
      response.writeHead(200, { 'content-type': 'text/plain' });
      return void response.end('A short text about Emma');
    }
    response.setHeader('content-type', 'application/json');
    const body: unknown = request.method === 'POST' ? JSON.parse(await textOf(request)) : undefined;
    response.end(JSON.stringify(this.#value(pathname.slice('/api/'.length), path, body)));
  }

  #value(name: string, path: string, body: unknown): unknown {
    const store = this.#store;
    switch (name) {
      case 'store':
        return store.info();
      case 'children':
        return store.children(path);
      case 'record':
        return store.record(path);
      case 'records':
        return store.records(body as RecordsQuery);
      case 'history':
        return { entries: store.history(path), nextBefore: null, firstSeq: 1 };
      case 'save':
        return store.save(body as SaveRequest);
      case 'delete':
        return store.delete((body as DeleteRequest).path, (body as DeleteRequest).revision);
      case 'restore':
        return store.restore((body as RestoreRequest).path, (body as RestoreRequest).storeSeq);
      default:
        return {
          state: 'open',
          readsFrom: 'store',
          storeSeq: store.seq,
          leases: [{ key: 'jobs/nightly', holder: 'a-test', expiresAt: '2026-11-30T06:10:00.000Z' }],
          figures: [{ name: 'On the disk', value: 1_500_000, unit: 'B' }],
          connections: [{ store: 'acme/library', device: 'a-test', since: '2026-11-30T05:00:00.000Z' }],
          members: [
            { name: 'one', isSelf: true, level: 1, position: 7, heardAt: '2026-11-30T05:30:00.000Z' },
          ],
        };
    }
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
