import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { builtProgram } from '../parts/built-program.js';
import { Database, postgresPrograms } from '../parts/database.js';
import { Pair } from '../parts/pair.js';
import { ServedNode } from '../parts/served-node.js';
import type { Way } from './enter.js';
import { LoadHandle } from './load-handle.js';
import type { NamespaceMachine } from './network.js';
import { ADDRESSES, Network } from './network.js';

export const STORE = 'acme/faults';
export const TOKEN = 'the-token-of-the-fault-drive';

const NODES = 3;
/** Of the disks, so that they can be filled. */
const NODE_DISK = '256m';
const DATABASE_DISK = '1g';
/** Milliseconds that a client waits for a node before it asks another one. */
export const PATIENCE = 1_000;

/** Three nodes, a primary with its standby, and clients, each on a machine of its own. */
export class Scene {
  readonly network: Network;
  readonly nodes: readonly ServedNode[];
  readonly pair: Pair;
  readonly load: LoadHandle;
  /** Of the clients. */
  readonly clients: NamespaceMachine;
  /** Both of the pair, whichever is the primary now. */
  readonly databases: readonly Database[];
  readonly #machines: ReadonlyMap<Database | ServedNode, NamespaceMachine>;

  private constructor(
    parts: Pick<Scene, 'network' | 'nodes' | 'pair' | 'load' | 'clients' | 'databases'>,
    machines: ReadonlyMap<Database | ServedNode, NamespaceMachine>,
  ) {
    this.network = parts.network;
    this.nodes = parts.nodes;
    this.pair = parts.pair;
    this.load = parts.load;
    this.clients = parts.clients;
    this.databases = parts.databases;
    this.#machines = machines;
  }

  /** @param home a folder for all that is kept while it lasts */
  static async open(
    home: string,
    { way, seed, mutant }: { readonly way: Way; readonly seed: number; readonly mutant: string | undefined },
  ): Promise<Scene> {
    const network = new Network(way);
    const programs = postgresPrograms();
    const machines = new Map<Database | ServedNode, NamespaceMachine>();
    mkdirSync(join(home, 'logs'), { recursive: true });
    const databases = ['db1', 'db2'].map((name) => {
      const machine = network.machine(name);
      const folder = join(home, name);
      network.disk(folder, DATABASE_DISK);
      const database = new Database({ machine, port: 5432, programs, folder, network: ADDRESSES });
      machines.set(database, machine);
      return database;
    });
    const [primary, standby] = databases as [Database, Database];
    const pair = await Pair.make(primary, standby);
    const url = Pair.urlOf(databases);
    const nodes = Array.from({ length: NODES }, (_, i) => {
      const machine = network.machine(`node${i}`);
      const folder = join(home, `node${i}`);
      network.disk(folder, NODE_DISK);
      const log = join(home, 'logs', `node${i}.log`);
      const program = builtProgram();
      const node = new ServedNode({
        machine,
        port: 7755,
        folder,
        log,
        url,
        program,
        store: STORE,
        token: TOKEN,
      });
      machines.set(node, machine);
      return node;
    });
    await Promise.all(nodes.map((node) => node.begin()));
    const clients = network.machine('clients');
    const load = await LoadHandle.begin(clients, {
      home,
      log: join(home, 'logs', 'clients.log'),
      settings: {
        nodes: nodes.map(({ machine, port }) => ({ host: machine.address, port })),
        store: STORE,
        token: TOKEN,
        seed,
        patience: PATIENCE,
        mutant,
      },
    });
    return new Scene({ network, nodes, pair, load, clients, databases }, machines);
  }

  /** The machine that something runs on. */
  machineOf(what: Database | ServedNode): NamespaceMachine {
    const machine = this.#machines.get(what);
    if (machine === undefined) throw new TypeError('it is of another scene');
    return machine;
  }

  /** Resolves when a node is ready. @throws Error when it is not in time */
  async untilReady(node: ServedNode, ms = 60_000): Promise<void> {
    await until(
      async () => (await node.readiness()) === 200,
      ms,
      `node ${this.nodes.indexOf(node)} is not ready`,
    );
  }
}

/** Resolves when the condition holds. @throws Error `what`, when it does not in time */
export async function until(
  condition: () => boolean | Promise<boolean>,
  ms: number,
  what: string,
): Promise<void> {
  const end = Date.now() + ms;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`${what} after ${ms} ms`);
    await pause(100);
  }
}
