import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nobody } from './parts/machine.js';
import { freePort, programOf } from './server-parts.js';

/** The line that a server writes when it takes connections. */
const READY = 'Server is ready';

/** A NATS server of a test's own, on loopback, in a folder of its own, as an unprivileged user. */
export class NatsServer {
  readonly #program: string;
  readonly #folder: string;
  readonly #port: number;
  readonly #user = nobody();
  #process: ChildProcess | undefined;

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
    const server = new NatsServer(programOf('ensure-nats.mjs'), folder, await freePort());
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
    const server = spawn(this.#program, ['-c', this.#configuration], {
      ...this.#user,
      cwd: this.#folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#process = server;
    let said = '';
    await new Promise<void>((resolve, reject) => {
      server.stderr.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        if (said.includes(READY)) resolve();
      });
      server.once('exit', () => {
        reject(new Error(`NATS did not begin:\n${said}`));
      });
    });
    // What it goes on saying is not kept.
    server.stderr.removeAllListeners('data').resume();
  }

  /** Sends a signal to the server: `SIGSTOP` as a machine that hangs. */
  signal(signal: NodeJS.Signals): void {
    this.#process?.kill(signal);
  }

  /** Ends it at once. Resolves when it has ended. */
  async stop(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const server = this.#process;
    this.#process = undefined;
    if (server?.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill(signal);
    await ended;
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
