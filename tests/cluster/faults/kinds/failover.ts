import { setTimeout as pause } from 'node:timers/promises';
import type { ServedNode } from '../../parts/served-node.js';
import type { FaultContext, Fault } from './fault.js';
import { drawNode, drawTime } from './fault.js';
import { STORE, TOKEN, until } from '../scene.js';

/** Milliseconds until somebody notices that the primary is gone. */
const NOTICED = 1_000;

export const failOver: Fault = {
  name: 'the primary killed, the standby promoted after 1 s',
  run: async ({ scene }) => {
    const { pair } = scene;
    scene.machineOf(pair.primary).signal('SIGKILL');
    await pause(NOTICED);
    await pair.promote();
    for (const node of scene.nodes) await scene.untilReady(node);
    await pair.rebuild();
  },
};

/**
 * The primary and a node on one side, the standby and the others on the other, where the standby is promoted. The old primary runs on,
 * and has nobody to confirm what it is given: it must not get anything acknowledged.
 */
export const split: Fault = {
  name: 'the primary cut off with a node, the standby promoted after 1 s',
  run: async (context) => {
    const { scene, violation } = context;
    const { pair, network } = scene;
    const { node, index } = drawNode(context);
    const { primary: old, standby: next } = pair;
    network.cut(old.machine, next.machine);
    network.cut(node.machine, next.machine);
    for (const other of scene.nodes) if (other !== node) network.cut(other.machine, old.machine);
    await pause(NOTICED);
    await pair.promote();
    await pause(drawTime(context, 12_000, 16_000));
    const status = await node.readiness();
    if (status !== 503) {
      violation(`node ${index} sees a primary that nobody confirms, and its readiness is ${String(status)}`);
    }
    // The node sees both now, and is to find the one that is written to.
    network.heal(node.machine, next.machine);
    await pause(drawTime(context, 2_000, 5_000));
    scene.machineOf(old).signal('SIGKILL');
    network.healAll();
    await pair.rebuild();
  },
};

/**
 * What must not be done: an old primary that comes back beside the new one, waits for no standby, and takes the writes of a node that sees
 * no other. What it acknowledges is lost with it; the node must not go on with that past.
 */
export const unfenced: Fault = {
  name: 'an old primary back beside the new one, a node writing to it',
  run: async (context) => {
    const { scene, violation } = context;
    const { pair, network, load } = scene;
    const { node, index } = drawNode(context);
    const { primary: old, standby: next } = pair;
    await load.avoid(index, true);
    // It must not see what the next one is given: it halts then, as soon as it looks at the old one.
    network.cut(node.machine, next.machine);
    scene.machineOf(old).signal('SIGKILL');
    await pair.promote();
    network.cut(old.machine, next.machine);
    for (const other of scene.nodes) if (other !== node) network.cut(other.machine, old.machine);
    await old.begin();
    await old.waitFor([]);
    await until(() => writeAlone(node), 60_000, `node ${index} did not write to the old primary`);
    scene.machineOf(old).signal('SIGKILL');
    network.healAll();
    await untilHalted(node, index, context);
    await node.end('SIGKILL');
    node.forget();
    await load.noteNewData(index);
    await node.begin();
    if (await showsAlone(node)) violation(`node ${index} has kept what only the old primary had`);
    await load.avoid(index, false);
    await pair.rebuild();
  },
};

const ALONE = 'alone';

const ask = async (node: ServedNode, path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${node.url}/api/stores/${STORE}/entries/${path}`, {
    ...init,
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
    signal: AbortSignal.timeout(5_000),
  });

async function writeAlone(node: ServedNode): Promise<boolean> {
  try {
    return (
      (await ask(node, ALONE, { method: 'PUT', body: JSON.stringify({ by: 'a node alone' }) })).status === 200
    );
  } catch {
    return false;
  }
}

async function showsAlone(node: ServedNode): Promise<boolean> {
  return (await ask(node, ALONE)).status === 200;
}

/** It serves nothing then. */
async function untilHalted(node: ServedNode, index: number, { violation }: FaultContext): Promise<void> {
  try {
    await until(
      async () => {
        try {
          const answer = await ask(node, ALONE);
          return answer.status === 503 && (await answer.text()).includes('halted');
        } catch {
          return false;
        }
      },
      60_000,
      'it has not halted',
    );
  } catch {
    violation(`node ${index} goes on with what only an old primary had`);
  }
}
