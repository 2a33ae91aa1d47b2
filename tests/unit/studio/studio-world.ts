import { request as httpRequest } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSourceOptions } from '../../../src/index.js';
import { DataSource } from '../../../src/index.js';
import type { Studio, StudioOptions } from '../../../src/studio/index.js';
import { openStudio } from '../../../src/studio/index.js';

/** An answer of the studio. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly text: string;
  /** Its JSON; undefined for what is none. */
  readonly json: any;
}

/** How a request is made. */
export interface Sending {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
}

/** Makes one request as it is written, whatever a browser would make of it. */
export function send(origin: string, path: string, { method = 'GET', headers = {}, body }: Sending = {}) {
  const { hostname, port, host } = new URL(origin);
  return new Promise<Answer>((resolve, reject) => {
    const sent = httpRequest({ hostname, port, path, method, headers: { host, ...headers }, agent: false });
    sent.on('error', reject).on('response', (response) => {
      const chunks: Buffer[] = [];
      response
        .on('data', (chunk: Buffer) => chunks.push(chunk))
        .on('error', reject)
        .on('end', () => {
          const bytes = Buffer.concat(chunks);
          const text = bytes.toString();
          let json: unknown;
          try {
            json = JSON.parse(text);
          } catch {
            json = undefined;
          }
          resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes, text, json });
        });
    });
    sent.end(body);
  });
}

/** A browser that was let in. */
export class Visitor {
  readonly origin: string;
  readonly cookie: string;

  constructor(origin: string, cookie: string) {
    this.origin = origin;
    this.cookie = cookie;
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return send(this.origin, path, {
      headers: { cookie: this.cookie, 'sec-fetch-site': 'same-origin', ...headers },
    });
  }

  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    return send(this.origin, path, {
      method: 'POST',
      headers: {
        cookie: this.cookie,
        origin: this.origin,
        'sec-fetch-site': 'same-origin',
        'content-type': 'application/json',
        ...headers,
      },
      body: JSON.stringify(body),
    });
  }
}

/** Goes to a one-time address, and comes in. */
export async function visit(address: string): Promise<Visitor> {
  const { origin, pathname } = new URL(address);
  const answer = await send(origin, pathname);
  const [cookie = ''] = answer.headers['set-cookie'] ?? [];
  return new Visitor(origin, cookie.slice(0, cookie.indexOf(';')));
}

/** Studios of one test file, with their stores; all gone after each test. */
export class StudioWorld {
  folder = '';
  readonly #closing: (() => Promise<unknown>)[] = [];

  static use(): StudioWorld {
    const world = new StudioWorld();
    beforeEach(async () => {
      world.folder = await mkdtemp(join(tmpdir(), 'dust-studio-'));
      await writeFile(join(world.folder, 'index.html'), '<!doctype html><title>studio</title>');
      await writeFile(join(world.folder, 'app.js'), 'export {};');
    });
    afterEach(async () => {
      for (const close of world.#closing.splice(0).reverse()) await close();
      await rm(world.folder, { recursive: true, force: true });
    });
    return world;
  }

  onClose(close: () => Promise<unknown>): void {
    this.#closing.push(close);
  }

  async source(options: DataSourceOptions): Promise<DataSource> {
    const dataSource = await new DataSource({ logging: false, ...options }).initialize();
    this.onClose(() => dataSource.destroy());
    return dataSource;
  }

  async studio(dataSource: DataSource, options: Partial<StudioOptions> = {}): Promise<Studio> {
    const studio = await openStudio(dataSource, {
      page: this.folder,
      place: 'memory',
      version: '1.2.3',
      ...options,
    });
    this.onClose(() => studio.close());
    return studio;
  }

  /** A visitor of a new studio. */
  async visitor(dataSource: DataSource, options: Partial<StudioOptions> = {}): Promise<Visitor> {
    return visit((await this.studio(dataSource, options)).address);
  }
}
