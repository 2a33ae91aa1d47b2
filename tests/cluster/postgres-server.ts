import { execFileSync } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './parts/free-port.js';
import { nobody } from './parts/machine.js';
import { programOf } from './server-parts.js';
import { ServerProcess } from './server-process.js';

/** What a server is begun with. */
export interface PostgresServerOptions {
  /** Settings beyond its own, as `name=value`. */
  readonly settings?: readonly string[];
}

/** The line that a server writes when it takes connections. */
const READY = 'ready to accept connections';

/** A PostgreSQL server of a test's own, on loopback, in a folder of its own, as an unprivileged user. */
export class PostgresServer {
  readonly #bin: string;
  readonly #folder: string;
  readonly #port: number;
  readonly #settings: readonly string[];
  readonly #user: ReturnType<typeof nobody>;
  readonly #process = new ServerProcess();

  private constructor(folder: string, port: number, { settings = [] }: PostgresServerOptions) {
    this.#bin = programOf('ensure/postgres.mjs');
    this.#folder = folder;
    this.#port = port;
    this.#settings = settings;
    this.#user = nobody();
  }

  /** Makes a new server and begins it. */
  static async start(options: PostgresServerOptions = {}): Promise<PostgresServer> {
    const folder = mkdtempSync(join(tmpdir(), 'dust-orm-postgres-'));
    const server = new PostgresServer(folder, await freePort(), options);
    try {
      if (server.#user !== undefined) chownSync(folder, server.#user.uid, server.#user.gid);
      server.#runToEnd('initdb', '-D', server.#data, '-U', 'postgres', '-A', 'trust', '--no-sync');
      await server.begin();
      return server;
    } catch (error) {
      await server.remove();
      throw error;
    }
  }

  /** Of its database, as the user who may do everything. */
  get url(): string {
    return `postgres://postgres@127.0.0.1:${this.#port}/postgres`;
  }

  /** Begins it again, with the same data on the same port. Resolves when it takes connections. */
  async begin(): Promise<void> {
    const settings = [
      'listen_addresses=127.0.0.1',
      `port=${this.#port}`,
      `unix_socket_directories=${this.#folder}`,
      ...this.#settings,
    ];
    const args = ['-D', this.#data, ...settings.flatMap((setting) => ['-c', setting])];
    await this.#process.begin({
      name: 'PostgreSQL',
      program: join(this.#bin, 'postgres'),
      args,
      cwd: this.#folder,
      user: this.#user,
      ready: READY,
    });
  }

  /** Sends a signal to the server: `SIGKILL` as a machine that loses power, `SIGSTOP` as one that hangs. */
  signal(signal: NodeJS.Signals): void {
    this.#process.signal(signal);
  }

  /** Ends it at once. Resolves when it has ended. */
  async stop(signal: NodeJS.Signals = 'SIGINT'): Promise<void> {
    await this.#process.stop(signal);
  }

  /** Ends it and removes its data. */
  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #data(): string {
    return join(this.#folder, 'data');
  }

  #runToEnd(program: string, ...args: readonly string[]): void {
    execFileSync(join(this.#bin, program), args, { ...this.#user, cwd: this.#folder, stdio: 'ignore' });
  }
}
