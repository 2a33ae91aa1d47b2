// A cluster on this machine, and what it survives: `npm run demo:cluster`. A PostgreSQL pair and three nodes on ports of their own; a node is
// killed, then the primary, and the standby is promoted. Ends all that it began.
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Asker, HttpSender, read, write } from '../faults/load/asker.js';
import { builtProgram } from '../parts/built-program.js';
import { freePort } from '../parts/free-port.js';
import { LocalPair } from '../parts/local-pair.js';
import { ThisMachine } from '../parts/machine.js';
import { ServedNode } from '../parts/served-node.js';

const ACCESS = { store: 'demo/links', token: 'the-token-of-the-demo' };
const NODES = 3;
/** Milliseconds that a client waits for a node before it asks another one. */
const PATIENCE = 1_000;
/** Milliseconds that clients write between two things that happen. */
const SCENE = 3_000;

const started = performance.now();
const tell = (text: string): void => {
  console.log(`${((performance.now() - started) / 1_000).toFixed(1).padStart(5)} s  ${text}`);
};

/** Clients that count, one by each node, and go to another one when it does not answer. */
class Counting {
  acknowledged = 0;
  longest = 0;
  #isOver = false;
  readonly #working: Promise<void>[];

  constructor(asker: Asker) {
    this.#working = Array.from({ length: NODES }, (_, node) => this.#count(asker, node));
  }

  /** The longest that a write has waited since this was asked last, in milliseconds. */
  takeLongest(): number {
    const { longest } = this;
    this.longest = 0;
    return Math.round(longest);
  }

  async end(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#working);
  }

  async #count(asker: Asker, first: number): Promise<void> {
    for (let node = first; !this.#isOver; await pause(5)) {
      const begin = performance.now();
      const known = await asker.untilKnown(
        node,
        write({ op: 'increment', path: 'visits', value: 1 }, randomUUID()),
        () => false,
      );
      if (known?.reply.status !== 200) {
        throw new Error(`a write was refused: ${JSON.stringify(known?.reply)}`);
      }
      this.acknowledged++;
      this.longest = Math.max(this.longest, performance.now() - begin);
      // Where it was answered: until that one does not either.
      node = known.node;
    }
  }
}

async function demo(home: string, ends: (() => Promise<unknown>)[]): Promise<boolean> {
  const machine = new ThisMachine();
  const local = await LocalPair.prepare({ home });
  ends.push(() => local.end());
  const pair = await local.make();
  tell(
    `PostgreSQL runs at ${pair.primary.address}, and its standby at ${pair.standby.address}: a commit is on both before it is told`,
  );

  const nodes: ServedNode[] = [];
  for (let i = 0; i < NODES; i++) {
    const folder = join(home, `node${i}`);
    mkdirSync(folder);
    const log = join(home, `node${i}.log`);
    const [port, { url }] = [await freePort(), local];
    const node = new ServedNode({ machine, port, folder, log, url, program: builtProgram(), ...ACCESS });
    ends.push(() => node.end('SIGKILL'));
    nodes.push(node);
  }
  await Promise.all(nodes.map((node) => node.begin()));
  tell(`three nodes serve the store ${ACCESS.store}: ${nodes.map(({ url }) => url).join(', ')}`);

  const http = new HttpSender(
    nodes.map(({ url }) => url),
    ACCESS,
  );
  ends.push(() => Promise.resolve(http.close()));
  const asker = new Asker(http.send, NODES, PATIENCE, new Set());
  const counting = new Counting(asker);
  ends.push(() => counting.end());
  await pause(SCENE);
  tell(
    `three clients count visits, one at each node: ${counting.acknowledged} so far, the longest wait ${counting.takeLongest()} ms`,
  );

  await nodes[0]!.end('SIGKILL');
  tell('node 0 is killed (kill -9): its client asks another one');
  await pause(SCENE);
  tell(`${counting.acknowledged} so far, the longest wait ${counting.takeLongest()} ms`);
  await nodes[0]!.begin();
  tell('node 0 is back, with what it had and all that came meanwhile');

  await pair.primary.end('SIGKILL');
  tell('the primary is killed (kill -9): writes wait, reads go on');
  await pause(1_000);
  await pair.promote();
  tell('the standby is promoted');
  await pause(SCENE);
  tell(`${counting.acknowledged} so far, the longest wait ${counting.takeLongest()} ms`);
  await pair.rebuild();
  tell('the old primary is the standby of the new one now');

  await counting.end();
  const { acknowledged } = counting;
  tell(`${acknowledged} visits were acknowledged`);
  // A node has all when it has applied the last write, which others made.
  const counts = await Promise.all(nodes.map((_, node) => settled(asker, node, acknowledged)));
  counts.forEach((count, node) => tell(`node ${node} has ${count}`));
  return counts.every((count) => count === acknowledged);
}

async function settled(asker: Asker, node: number, expected: number): Promise<unknown> {
  let value: unknown;
  for (let i = 0; i < 100 && value !== expected; i++) {
    value = (await asker.once(node, read('visits')))?.body.value;
    if (value !== expected) await pause(50);
  }
  return value;
}

const home = mkdtempSync(join(tmpdir(), 'dust-demo-cluster-'));
const ends: (() => Promise<unknown>)[] = [];
async function endAll(): Promise<void> {
  for (const end of ends.splice(0).reverse()) await end().catch(() => undefined);
  rmSync(home, { recursive: true, force: true });
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void endAll().then(() => process.exit(130));
  });
}
try {
  const isRight = await demo(home, ends);
  tell(isRight ? 'nothing is lost, and nothing counts twice' : 'that is wrong');
  process.exitCode = isRight ? 0 : 1;
} finally {
  await endAll();
}
