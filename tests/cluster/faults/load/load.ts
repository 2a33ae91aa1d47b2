import type { DataSource } from 'dust-orm';
import { randomInts } from '../../../faults/random-ints.js';
import type { Send } from './asker.js';
import { Asker } from './asker.js';
import type { NodeAddress } from './balancer.js';
import { Balancer } from './balancer.js';
import { countByChannel, holdLeases, openChannel, watchAll } from './channel-client.js';
import { countExactly, countLoosely } from './counters.js';
import { Findings, Sums } from './findings.js';
import { Journal } from './journal.js';
import { judge } from './judge.js';
import { readEverywhere } from './readers.js';
import { useRegisters } from './registers.js';
import type { Stage, Worker } from './stage.js';
import { Told } from './told.js';

/** What a {@link Load} works on. */
export interface LoadOptions {
  readonly nodes: readonly NodeAddress[];
  readonly store: string;
  readonly token: string;
  readonly seed: number;
  readonly send: Send;
  /** Milliseconds that a client waits for a node before it asks another one. */
  readonly patience: number;
  /** Whether all clients are there that this knows, or those alone that count and watch, which is a third of the writes. Default `all`. */
  readonly clients?: 'all' | 'counting' | undefined;
}

/** Milliseconds that writes under way have at the end. */
const LATE = 60_000;

/** Clients of all kinds, at work on a cluster until they are told to end; then their findings are put together. */
export class Load {
  readonly #options: LoadOptions;
  readonly #stage: Stage;
  readonly #avoided = new Set<number>();
  readonly #generations: number[];
  readonly #balancers: Balancer[] = [];
  readonly #sources: DataSource[] = [];
  readonly #watches: (() => void)[] = [];
  #working: Promise<unknown> = Promise.resolve();
  #end: number | undefined;

  constructor(options: LoadOptions) {
    this.#options = options;
    const { nodes, send, patience } = options;
    this.#generations = nodes.map(() => 0);
    const findings = new Findings();
    this.#stage = {
      asker: new Asker(send, nodes.length, patience, this.#avoided),
      nodes: nodes.length,
      findings,
      sums: new Sums(),
      journal: new Journal(),
      told: new Told(findings),
      isOver: () => this.#end !== undefined,
      isLate: () => this.#end !== undefined && Date.now() > this.#end + LATE,
      generationOf: (node) => this.#generations[node] ?? 0,
    };
  }

  get findings(): Findings {
    return this.#stage.findings;
  }

  get journal(): Journal {
    return this.#stage.journal;
  }

  /** Resolves when all are at work. */
  async begin(): Promise<void> {
    const { nodes, store, token, patience } = this.#options;
    for (const first of nodes.keys()) {
      const balancer = await Balancer.open({ nodes, first, avoided: this.#avoided, patience });
      this.#balancers.push(balancer);
      this.#sources.push(await openChannel({ balancer, store, token }, this.#stage));
    }
    this.#sources.forEach((source, i) =>
      this.#watches.push(watchAll(source, this.#stage, `the watcher ${i}`)),
    );
    const work = this.#options.clients === 'counting' ? this.#count() : [...this.#count(), ...this.#useAll()];
    this.#working = Promise.all(work);
    // It is waited for at the end.
    this.#working.catch(() => undefined);
  }

  /** The clients of the channel go on at other nodes. */
  move(): void {
    for (const balancer of this.#balancers) balancer.move();
    this.#stage.findings.count('moves of channel clients', this.#balancers.length);
  }

  /** Nobody asks a node any more, or all may again. */
  avoid(node: number, isAvoided: boolean): void {
    if (!isAvoided) {
      this.#avoided.delete(node);
      return;
    }
    this.#avoided.add(node);
    for (const balancer of this.#balancers) balancer.leave(node);
  }

  /** A node is begun again without its data: it may show older states. */
  noteNewData(node: number): void {
    this.#generations[node] = (this.#generations[node] ?? 0) + 1;
  }

  /** Ends the work, waits for what is under way, and judges. */
  async end(): Promise<Findings> {
    this.#end = Date.now();
    await this.#working;
    await judge(this.#stage);
    await this.close();
    return this.findings;
  }

  async close(): Promise<void> {
    this.#end ??= 0;
    for (const end of this.#watches.splice(0)) end();
    for (const source of this.#sources.splice(0)) await source.destroy();
    for (const balancer of this.#balancers.splice(0)) await balancer.close();
  }

  #count(): Promise<void>[] {
    return [
      ...this.#workers('exact', 4).map((worker) => countExactly(this.#stage, worker)),
      ...this.#sources.map((source, i) => countByChannel(source, this.#stage, this.#worker('channel', i))),
    ];
  }

  #useAll(): Promise<void>[] {
    return [
      ...this.#workers('loose', 2).map((worker) => countLoosely(this.#stage, worker)),
      ...this.#workers('r', 2).map((worker) => useRegisters(this.#stage, worker)),
      ...this.#workers('reader', 1).map((worker) => readEverywhere(this.#stage, worker)),
      ...this.#sources.map((source, i) => holdLeases(source, this.#stage, this.#worker('holder', i))),
    ];
  }

  #workers(kind: string, count: number): Worker[] {
    return Array.from({ length: count }, (_, i) => this.#worker(kind, i));
  }

  #worker(kind: string, i: number): Worker {
    const salt = Buffer.from(kind).reduce((sum, byte) => sum + byte, 0);
    return { name: `${kind}${i}`, random: randomInts(this.#options.seed * 10_007 + salt * 101 + i) };
  }
}
