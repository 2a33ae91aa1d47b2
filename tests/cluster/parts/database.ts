import type { ChildProcess } from 'node:child_process';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import type { Machine } from './machine.js';

/** Where a database lies. */
export interface DatabaseOptions {
  readonly machine: Machine;
  readonly port: number;
  /** The folder of PostgreSQL's programs. */
  readonly programs: string;
  /** Its own. Exists. */
  readonly folder: string;
  /** Who may connect, as `pg_hba.conf` has it. */
  readonly network: string;
  /** Settings beyond its own, as `name=value`. */
  readonly settings?: readonly string[];
}

/** The line that a server writes when it takes connections. */
const READY = /ready to accept (read-only )?connections/;
/** Small, because disks of a drive are. */
const SETTINGS = [
  'max_wal_size=96MB',
  'min_wal_size=32MB',
  'wal_keep_size=64MB',
  'shared_buffers=32MB',
  'wal_sender_timeout=5s',
  'wal_receiver_timeout=5s',
  'wal_retrieve_retry_interval=1s',
  'log_min_messages=log',
];

/** A PostgreSQL server of our own, which may become another one's standby and its successor. */
export class Database {
  readonly #options: DatabaseOptions;
  #process: ChildProcess | undefined;

  constructor(options: DatabaseOptions) {
    this.#options = options;
  }

  get address(): string {
    const { machine, port } = this.#options;
    return `${machine.address}:${port}`;
  }

  get machine(): Machine {
    return this.#options.machine;
  }

  get folder(): string {
    return this.#options.folder;
  }

  get isRunning(): boolean {
    return this.#process?.exitCode === null && this.#process.signalCode === null;
  }

  /** Makes its data. */
  async make(): Promise<void> {
    const { network } = this.#options;
    this.machine.giveAway(this.folder);
    await this.#run(
      'initdb',
      '-D',
      this.#data,
      '-U',
      'postgres',
      '-A',
      'trust',
      '--no-sync',
      '--wal-segsize=4',
    );
    appendFileSync(
      join(this.#data, 'pg_hba.conf'),
      `host all all ${network} trust\nhost replication all ${network} trust\n`,
    );
  }

  /** Resolves when it takes connections. @throws Error with what it said when it ends before that */
  async begin(): Promise<void> {
    const { machine, port, settings: more = [] } = this.#options;
    const settings = [
      `listen_addresses=${machine.address}`,
      `port=${port}`,
      `unix_socket_directories=${this.folder}`,
      ...SETTINGS,
      ...more,
    ];
    const server = machine.spawn(
      join(this.#options.programs, 'postgres'),
      ['-D', this.#data, ...settings.flatMap((setting) => ['-c', setting])],
      { cwd: this.folder, stdio: ['ignore', 'ignore', 'pipe'], asNobody: true },
    );
    this.#process = server;
    let said = '';
    await new Promise<void>((resolve, reject) => {
      server.stderr?.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        if (READY.test(said)) resolve();
      });
      server.once('exit', () => {
        reject(new Error(`PostgreSQL did not begin:\n${said}`));
      });
    });
    // What it goes on saying is not kept.
    server.stderr?.removeAllListeners('data').resume();
  }

  /** Takes a copy of another one and follows it. Loses its own data. */
  async follow({ address }: Database): Promise<void> {
    await this.end('SIGKILL');
    rmSync(this.#data, { recursive: true, force: true });
    const [host, port] = address.split(':');
    const source = `host=${host} port=${port} user=postgres connect_timeout=5`;
    await this.#run(
      'pg_basebackup',
      '-d',
      source,
      '-D',
      this.#data,
      '-R',
      '-X',
      'stream',
      '-c',
      'fast',
      '--no-sync',
    );
    await this.begin();
  }

  /** Makes a standby the one that is written to. Nobody follows it, and it waits for nobody. */
  async promote(): Promise<void> {
    await this.query('select pg_promote(true, 30)');
    await this.waitFor([]);
  }

  /** Waits with each commit until one of the standbys has it; for none with an empty list. */
  async waitFor(standbys: readonly string[]): Promise<void> {
    await this.query(`alter system set synchronous_standby_names = '${standbys.join(',')}'`);
    await this.query('select pg_reload_conf()');
  }

  /** How many standbys have all there is, and are waited for. */
  async standbys(): Promise<number> {
    const [row] = await this.query(
      "select count(*)::int as count from pg_stat_replication where state = 'streaming' and sync_state in ('sync', 'quorum')",
    );
    return Number(row?.count);
  }

  /** @throws whatever PostgreSQL fails with, or when it does not answer within 10 seconds */
  async query(text: string): Promise<readonly { readonly count?: number }[]> {
    const client = new Client({
      connectionString: `postgres://postgres@${this.address}/postgres`,
      connectionTimeoutMillis: 10_000,
      query_timeout: 60_000,
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return (await client.query<{ count?: number }>(text)).rows;
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  /** Resolves when it has ended. */
  async end(signal: NodeJS.Signals = 'SIGINT'): Promise<void> {
    const server = this.#process;
    this.#process = undefined;
    if (server?.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill(signal);
    await ended;
  }

  get #data(): string {
    return join(this.folder, 'data');
  }

  async #run(program: string, ...args: readonly string[]): Promise<void> {
    const child = this.machine.spawn(join(this.#options.programs, program), args, {
      cwd: this.folder,
      stdio: ['ignore', 'ignore', 'pipe'],
      asNobody: true,
    });
    let said = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0) throw new Error(`${program} failed: ${said}`);
  }
}

/** The folder of PostgreSQL's programs, which are installed where they are missing. @throws Error that says what to install */
export function postgresPrograms(): string {
  // From the sources, or from where they are compiled to.
  const script = ['../../../', '../../../../../']
    .map((up) => fileURLToPath(new URL(`${up}scripts/ensure/postgres.mjs`, import.meta.url)))
    .find((path) => existsSync(path));
  if (script === undefined) throw new Error('scripts/ensure/postgres.mjs is not there');
  return execFileSync(process.execPath, [script], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  }).trim();
}
