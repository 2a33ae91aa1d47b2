import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import type { Machine } from './machine.js';

/** Where a node runs and what it shares. */
export interface ServedNodeOptions {
  readonly machine: Machine;
  readonly port: number;
  /** Its own, for its copy. Exists. */
  readonly folder: string;
  /** What it says goes there. */
  readonly log: string;
  /** Of the database. */
  readonly url: string;
  readonly store: string;
  readonly token: string;
  /** The command `dust-orm`, of whatever version. */
  readonly program: string;
}

/** Milliseconds before a node that did not begin is begun again, as whoever looks after it does. */
const BREATH = 500;

/** `dust-orm serve --cluster` in a process of its own, which is begun again when it ends by itself. */
export class ServedNode {
  readonly #options: ServedNodeOptions;
  #program: string;
  #process: ChildProcess | undefined;
  #isWanted = false;

  constructor(options: ServedNodeOptions) {
    this.#options = options;
    this.#program = options.program;
  }

  get machine(): Machine {
    return this.#options.machine;
  }

  get port(): number {
    return this.#options.port;
  }

  get url(): string {
    return `http://${this.machine.address}:${this.port}`;
  }

  get folder(): string {
    return this.#options.folder;
  }

  /** Where its copy of the store is. */
  get data(): string {
    return join(this.folder, 'copies');
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Begins it, and again until it is ready, or until it is ended. */
  async begin(): Promise<void> {
    this.#isWanted = true;
    while (this.#isWanted) {
      await this.#spawn();
      if (await this.#untilReady()) return;
      await pause(BREATH);
    }
  }

  /** Of another version, when it is begun the next time. */
  install(program: string): void {
    this.#program = program;
  }

  /** Begins it. Resolves to its exit code when it ends before it is ready, and to undefined when it is. */
  async beginOnce(): Promise<number | null | undefined> {
    await this.#spawn();
    return (await this.#untilReady()) ? undefined : (this.#process?.exitCode ?? null);
  }

  /** What it says of itself: the status of `/readyz`; undefined when it does not answer. */
  async readiness(): Promise<number | undefined> {
    try {
      return (await fetch(`${this.url}/readyz`, { signal: AbortSignal.timeout(1_000) })).status;
    } catch {
      return undefined;
    }
  }

  signal(signal: NodeJS.Signals): void {
    this.#process?.kill(signal);
  }

  /** Resolves when it has ended. */
  async end(signal: NodeJS.Signals): Promise<void> {
    this.#isWanted = false;
    const child = this.#process;
    this.#process = undefined;
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  /** Its copy is gone: it takes a new one when it is begun. */
  forget(): void {
    rmSync(this.data, { recursive: true, force: true });
  }

  async #spawn(): Promise<void> {
    const { machine, port, log, url, store, token } = this.#options;
    mkdirSync(this.data, { recursive: true });
    const flags = ['--port', String(port), '--host', machine.address, '--data', this.data, '--store', store];
    const child = machine.spawn(
      process.execPath,
      [this.#program, 'serve', ...flags, '--no-rate-limit', '--json'],
      {
        cwd: this.folder,
        env: { ...process.env, DUST_TOKEN: token, DUST_CLUSTER_URL: url },
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    this.#process = child;
    const said = createWriteStream(log, { flags: 'a' });
    child.stderr?.pipe(said);
    await once(child, 'spawn');
  }

  /** Whether it got there before it ended. */
  async #untilReady(): Promise<boolean> {
    const child = this.#process;
    while (child?.exitCode === null && child.signalCode === null) {
      if ((await this.readiness()) === 200) return true;
      await pause(50);
    }
    return false;
  }
}
