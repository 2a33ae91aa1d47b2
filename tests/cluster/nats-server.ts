import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nobody } from './parts/machine.js';
import { freePort } from './parts/free-port.js';
import { programOf } from './server-parts.js';
import { ServerProcess } from './server-process.js';

/** The line that a server writes when it takes connections. */
const READY = 'Server is ready';

/** A NATS server of a test's own, on loopback, in a folder of its own, as an unprivileged user. */
export class NatsServer {
  readonly #program: string;
  readonly #folder: string;
  readonly #port: number;
  readonly #user = nobody();
  readonly #process = new ServerProcess();

  private constructor(program: string, folder: string, port: number) {
    this.#program = program;
    this.#folder = folder;
    this.#port = port;
  }

  /** Makes a new server and begins it. */
  static async start(settings = ''): Promise<NatsServer> {
    const server = await NatsServer.#make(settings);
    try {
      await server.begin();
      return server;
    } catch (error) {
      await server.remove();
      throw error;
    }
  }

  /** Makes servers that keep copies for each other, and begins them. */
  static async startCluster(size: number): Promise<readonly NatsServer[]> {
    const ports = await Promise.all(Array.from({ length: size }, freePort));
    const routes = ports.map((port) => `nats-route://127.0.0.1:${port}`).join(', ');
    const servers = await Promise.all(
      ports.map((port) =>
        NatsServer.#make(`cluster { name: tests, listen: "127.0.0.1:${port}", routes: [${routes}] }`),
      ),
    );
    try {
      await Promise.all(servers.map((server) => server.begin()));
      return servers;
    } catch (error) {
      for (const server of servers) await server.remove();
      throw error;
    }
  }

  static async #make(settings: string): Promise<NatsServer> {
    const folder = mkdtempSync(join(tmpdir(), 'dust-orm-nats-'));
    const server = new NatsServer(programOf('ensure/nats.mjs'), folder, await freePort());
    const port = server.#port;
    writeFileSync(
      server.#configuration,
      [
        `listen: "127.0.0.1:${port}"`,
        `server_name: tests-${port}`,
        `jetstream { store_dir: ${JSON.stringify(join(folder, 'data'))} }`,
        settings,
      ].join('\n'),
    );
    if (server.#user !== undefined) chownSync(folder, server.#user.uid, server.#user.gid);
    return server;
  }

  /** `host:port`. */
  get host(): string {
    return `127.0.0.1:${this.#port}`;
  }

  /** As the servers know it among each other. */
  get name(): string {
    return `tests-${this.#port}`;
  }

  get url(): string {
    return `nats://${this.host}`;
  }

  /** Begins it again, with the same data on the same port. Resolves when it takes connections. */
  async begin(): Promise<void> {
    await this.#process.begin({
      name: 'NATS',
      program: this.#program,
      args: ['-c', this.#configuration],
      cwd: this.#folder,
      user: this.#user,
      ready: READY,
    });
  }

  /** Sends a signal to the server: `SIGSTOP` as a machine that hangs. */
  signal(signal: NodeJS.Signals): void {
    this.#process.signal(signal);
  }

  /** Ends it at once. Resolves when it has ended. */
  async stop(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    await this.#process.stop(signal);
  }

  /** Ends it and removes its data. */
  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #configuration(): string {
    return join(this.#folder, 'nats.conf');
  }
}
