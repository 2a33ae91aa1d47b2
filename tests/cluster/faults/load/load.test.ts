import 'reflect-metadata';
import { setTimeout as pause } from 'node:timers/promises';
import { HttpSender } from './asker.js';
import type { Findings } from './findings.js';
import { Load } from './load.js';
import { MemoryNodes } from './memory-nodes.js';
import type { Mutant } from './mutants.js';
import { MUTANTS } from './mutants.js';

const ACCESS = { store: 'acme/faults', token: 'the-token-of-the-fault-drive' };
/** Writes of a run. */
const WRITES = 900;
/** The clients of the channel go on at another node after so many. */
const WRITES_A_MOVE = 150;

async function run(mutant: Mutant = (send) => send): Promise<Findings> {
  const nodes = await MemoryNodes.open(3, ACCESS);
  const http = new HttpSender(nodes.urls, ACCESS);
  const load = new Load({
    nodes: nodes.addresses,
    ...ACCESS,
    seed: 7,
    send: mutant(http.send),
    patience: 5_000,
  });
  try {
    await load.begin();
    for (let moves = 0; load.journal.count < WRITES; await pause(20)) {
      if (load.journal.count < (moves + 1) * WRITES_A_MOVE) continue;
      moves++;
      load.move();
    }
    return await load.end();
  } finally {
    await load.close();
    http.close();
    await nodes.close();
  }
}

it('finds nothing where nothing is wrong, and has looked', async () => {
  const { violations, counts } = await run();
  expect(violations).toEqual([]);
  for (const what of [
    'increments acknowledged',
    'increments asked for again',
    'calls of registers',
    'reads compared',
    'operations told',
    'leases taken',
    'writes under a lease',
    'moves of channel clients',
  ]) {
    expect([what, counts[what]]).toEqual([what, expect.any(Number)]);
  }
}, 120_000);

it.each<[string, RegExp]>([
  ['loses', /some are lost$/],
  ['doubles', /some count twice$/],
  ['stale-reads', /is of no register$/],
])(
  'finds a server that %s',
  async (name, found) => {
    const { violations } = await run(MUTANTS[name]);
    expect(violations).toContainEqual(expect.stringMatching(found));
  },
  120_000,
);
