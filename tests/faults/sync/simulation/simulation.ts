import { isDustError } from '../../../../src/errors.js';
import { SimulatedClient } from './client.js';
import { lmdbDisk, memoryDisk } from './disk.js';
import type { SyncWrite } from '../../../../src/sync/engine-types.js';
import type { SyncLimits } from '../../../../src/sync/options.js';
import type { CreateEngine } from './engine-under-test.js';
import { strike } from './faults.js';
import { counterFaults, impatienceFaults, mirrorFaults, writeFaults } from './invariants.js';
import { SimulatedNetwork } from './network.js';
import { Random } from './random.js';
import type { Scenario } from './scenario.js';
import { Scheduler } from './scheduler.js';
import type { SimulatedLink } from './simulated-link.js';
import { SimulatedServer } from './server.js';
import { POISON, ServerLoad } from './server-load.js';
import { drawPace, easedPace } from './server-pace.js';
import { Trace } from './trace.js';
import type { Written } from './written.js';

/** What a run came to. */
export interface Outcome {
  readonly faults: readonly string[];
  readonly trace: Trace;
}

/** Where virtual time begins, in milliseconds: traces are read by people. */
const START = 0;

/** How long faults and writes go on. */
const BUSY = 30_000;

/** How often each client reads its mirror, whatever it is at. */
const LOOKS = 10;

/** When a run that does not get quiet is given up. */
const PATIENCE = 900_000;

/** Writes what clients send as JSON. */
export type Encode = (payload: unknown) => string;

/** One run: a server, a network and a few clients, all of it decided by `seed`. */
export async function simulate(
  seed: number,
  scenario: Scenario,
  createEngine: CreateEngine,
  encode?: Encode,
): Promise<Outcome> {
  const run = new Simulation(seed, scenario, encode);
  try {
    await run.open(createEngine);
    return { faults: await run.play(), trace: run.trace };
  } finally {
    await run.dispose();
  }
}

class Simulation {
  readonly #scheduler = new Scheduler(START);
  readonly trace = new Trace(this.#scheduler.now);
  readonly #random: Random;
  /** What is drawn for those who only look moves nobody else's draws. */
  readonly #observers: Random;
  /** As little does what is drawn for a server under load. */
  readonly #hardships: Random;
  readonly #scenario: Scenario;
  readonly #server: SimulatedServer;
  readonly #network: SimulatedNetwork;
  readonly #clients: SimulatedClient[] = [];
  readonly #writes: Written[] = [];
  readonly #disposals: (() => Promise<void>)[] = [];
  readonly #faults: string[] = [];

  constructor(seed: number, scenario: Scenario, encode?: Encode) {
    const random = new Random(seed);
    this.#random = random;
    this.#observers = new Random(~seed);
    this.#hardships = new Random(seed ^ 0x5eed);
    this.#scenario = scenario;
    const { load } = scenario;
    this.#server = new SimulatedServer({
      scheduler: this.#scheduler,
      random: random.fork(),
      trace: this.trace,
      pace: drawPace(random, scenario.slowChannels),
      marksCommits: this.#observers.chance(0.5),
      load: load && new ServerLoad(load, this.#hardships.fork(), this.#scheduler),
    });
    this.#network = new SimulatedNetwork(this.#server, random.pick([2, 30, 200]));
    this.#network.readFailures = random.pick([0, 0.3]);
    if (encode !== undefined) this.#network.encode = encode;
  }

  async open(createEngine: CreateEngine): Promise<void> {
    const random = this.#random;
    const limits = {
      inFlight: random.pick([1, 3, 64]),
      reorderBuffer: random.pick([4, 10_000]),
      gapTimeout: random.pick([100, 1000]),
      writeTimeout: random.pick([60_000, 60_000, 5_000]),
      idleTimeout: random.pick([2_000, 30_000]),
      pushTimeout: random.pick([1_000, 15_000]),
      backoff: { base: 50, max: random.pick([500, 10_000]) },
      sessionTtl: random.pick([3_000, 120_000]),
      ...this.#patience,
    };
    for (const name of ['ann', 'bob', 'cid'].slice(0, random.int(2, 3))) {
      const disk = this.#scenario.disk === 'memory' ? memoryDisk() : await lmdbDisk();
      this.#disposals.push(() => disk.dispose());
      const { server, network, writes } = {
        server: this.#server,
        network: this.#network,
        writes: this.#writes,
      };
      this.#clients.push(
        new SimulatedClient({
          name,
          server,
          network,
          disk,
          random: random.fork(),
          limits,
          createEngine,
          writes,
        }),
      );
    }
  }

  /** Under a rate limit, a session that is renewed each second would use it up. */
  get #patience(): SyncLimits {
    return this.#scenario.load?.perWindow === undefined
      ? {}
      : { sessionTtl: 120_000, pushTimeout: 15_000, writeTimeout: 60_000 };
  }

  async play(): Promise<readonly string[]> {
    this.#schedule();
    await this.#scheduler.runUntil(START + BUSY);
    this.#calmDown();
    const isQuiet = await this.#scheduler.runUntil(this.#scheduler.now() + PATIENCE, () => this.#isQuiet());
    if (!isQuiet) this.#faults.push(...this.#unrest());
    this.#collect();
    for (const client of this.#clients) await this.#close(client);
    // What a closed engine's connections had handed over is worked off.
    await this.#scheduler.runUntil(this.#scheduler.now() + 10_000);
    return [
      ...new Set([...this.#faults, ...this.#clients.flatMap(({ faults }) => faults), ...this.#writeFaults()]),
    ];
  }

  async dispose(): Promise<void> {
    for (const dispose of this.#disposals) await dispose();
  }

  #schedule(): void {
    const random = this.#random;
    const at = (run: () => void, from = 0): void => {
      this.#scheduler.schedule(run, random.int(from, BUSY - 1_000));
    };
    for (const client of this.#clients) {
      const start = random.int(0, 500);
      this.#scheduler.schedule(() => {
        client.start();
      }, start);
      // Writes come in bursts, so that several are under way when a connection breaks.
      for (let left = random.int(8, 24); left > 0; left--) {
        const moment = random.int(start + 1, BUSY - 1_000);
        const burst = random.pick([1, 1, 4]);
        for (let i = 0; i < burst; i++) {
          this.#scheduler.schedule(() => {
            client.write();
          }, moment + i);
        }
      }
    }
    for (let left = random.int(0, 3); left > 0; left--) {
      const client = random.pick(this.#clients);
      at(() => void client.writeBatch().catch((error: unknown) => this.#onBatchFailed(client, error)), 600);
    }
    for (const client of this.#clients) {
      for (let left = LOOKS; left > 0; left--) {
        this.#scheduler.schedule(client.look, this.#observers.int(0, BUSY));
      }
    }
    if (this.#scenario.load?.perWindow === undefined && this.#server.load !== undefined) {
      this.#scheduleHardships();
    }
    const faults = random.fork();
    for (let left = random.int(1, this.#scenario.faultCount); left > 0; left--) {
      const fault = random.weighted(this.#scenario.faults);
      if (fault === undefined) continue;
      at(() => {
        this.trace.add('fault', fault);
        strike(fault, this.#target(faults), faults);
      }, 600);
    }
  }

  /** Writes that the server dies of, and floats that look like integers beyond 64 bits. */
  #scheduleHardships(): void {
    const random = this.#hardships;
    for (const client of this.#clients) {
      for (let left = random.int(0, 2); left > 0; left--) {
        const write = random.pick<SyncWrite>([
          { op: 'set', path: POISON, value: 'a second file' },
          { op: 'increment', path: POISON, value: 1 },
          { op: 'set', path: 'links/a/n', value: 9e20 },
          { op: 'merge', path: 'links/b', value: { n: -(2 ** 70), title: 'large' } },
        ]);
        this.#scheduler.schedule(
          () => {
            client.writeHard(write);
          },
          random.int(1_000, BUSY - 1_000),
        );
      }
    }
  }

  /** Nothing refuses these batches but an engine that was closed meanwhile, or refused, and a store that was restored. */
  #onBatchFailed({ name }: SimulatedClient, error: unknown): void {
    const isOver = isDustError(error, 'closed') || this.#network.isRevoked(name);
    const isExcused = isOver || this.#server.lostHistories.length > 0;
    if (!isExcused) this.#faults.push(`a batch failed with ${String(error)}`);
  }

  #target(random: Random): Parameters<typeof strike>[1] {
    return {
      server: this.#server,
      network: this.#network,
      restartClient: () => {
        const client = random.pick(this.#clients);
        if (!client.isRunning) return;
        client.kill();
        this.#scheduler.schedule(
          () => {
            void this.#scheduler.hold(client.reopen()).then(() => {
              client.start();
            });
          },
          random.pick([0, 100, 5_000]),
        );
      },
      restored: (links) => {
        this.#reopenStore(links);
      },
    };
  }

  /** Takes writes again when no mirror is ahead of the store: after that the protocol could not tell (PROTOCOL §5.7). */
  #reopenStore(oldLinks: readonly SimulatedLink[]): void {
    const { seq } = this.#server;
    const isAhead = this.#clients.some(
      ({ name, persistedSeq, status, isRunning, isCommitting }) =>
        !this.#network.isRevoked(name) &&
        (persistedSeq > seq || isCommitting || (isRunning && status.storeSeq > seq)),
    );
    // What arrives of the lost history may put a mirror ahead yet.
    const arrives = oldLinks.some((link) => this.#network.links.includes(link));
    if (!isAhead && !arrives) this.#server.isReadOnly = false;
    else {
      this.#scheduler.schedule(() => {
        this.#reopenStore(oldLinks);
      }, 10);
    }
  }

  #calmDown(): void {
    this.trace.add('world', 'calms down');
    this.#server.isUp = true;
    this.#server.pace = easedPace(this.#server.pace);
    this.#network.latency = 2;
    this.#network.readFailures = 0;
    if (this.#server.load !== undefined) this.#server.load.isEased = true;
  }

  #isQuiet(): boolean {
    const { isReadOnly, isBusy } = this.#server;
    return !isReadOnly && !isBusy && this.#clients.every((client) => this.#isSettled(client));
  }

  #isSettled({ name, isRunning, status }: SimulatedClient): boolean {
    if (this.#network.isRevoked(name)) return isRunning && status.state === 'closed';
    return (
      isRunning &&
      status.state === 'live' &&
      status.storeSeq === this.#server.seq &&
      status.pendingWrites === 0
    );
  }

  #unrest(): string[] {
    const unrest: string[] = [];
    if (this.#server.isReadOnly) unrest.push('the store waits for mirrors to notice that it was restored');
    if (this.#server.isBusy) unrest.push('the server is not done');
    for (const client of this.#clients) {
      if (this.#isSettled(client)) continue;
      const state = client.isRunning ? JSON.stringify(client.status) : 'not running';
      unrest.push(`${client.name} does not settle: ${state}, server at ${this.#server.seq}`);
    }
    return unrest;
  }

  #collect(): void {
    for (const client of this.#clients) {
      if (!this.#network.isRevoked(client.name)) this.#faults.push(...mirrorFaults(client, this.#server));
    }
    this.#faults.push(...this.#writeFaults());
  }

  #writeFaults(): string[] {
    return [
      ...writeFaults(this.#writes, this.#server),
      ...(this.#server.load?.faults ?? []),
      ...(this.#scenario.load?.perWindow === undefined ? [] : impatienceFaults(this.#writes)),
      ...counterFaults('counts/sum', this.#writes, this.#server),
      ...counterFaults('counts/fenced', this.#writes, this.#server),
    ];
  }

  async #close(client: SimulatedClient): Promise<void> {
    if (!client.isRunning) return;
    try {
      await this.#scheduler.settle(client.close(), `close of ${client.name}`);
    } catch (error) {
      this.#faults.push(String(error));
    }
  }
}
