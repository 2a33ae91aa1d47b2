import { setTimeout as pause } from 'node:timers/promises';
import type { Fault } from './fault.js';
import { drawNode, drawTime } from './fault.js';

/** A node that cannot read its log says so after 5 seconds; so much more is let pass. */
const NOT_READY = 9_000;

export const cutNode: Fault = {
  name: 'a node cut from the database',
  run: async (context) => {
    const { scene, violation } = context;
    const { node, index } = drawNode(context);
    for (const database of scene.databases) scene.network.cut(node.machine, database.machine);
    await pause(NOT_READY + drawTime(context, 0, 3_000));
    const status = await node.readiness();
    if (status !== 503) {
      violation(`node ${index} is cut from the database, and its readiness is ${String(status)}`);
    }
    for (const database of scene.databases) scene.network.heal(node.machine, database.machine);
  },
};

export const cutStandby: Fault = {
  name: 'the standby cut from the primary',
  run: async (context) => {
    const { network, pair } = context.scene;
    network.cut(pair.primary.machine, pair.standby.machine);
    await pause(drawTime(context, 2_000, 7_000));
    network.heal(pair.primary.machine, pair.standby.machine);
  },
};

export const cutClients: Fault = {
  name: 'clients cut from a node',
  run: async (context) => {
    const { scene } = context;
    const { node } = drawNode(context);
    scene.network.cut(scene.clients, node.machine);
    await pause(drawTime(context, 2_000, 6_000));
    scene.network.heal(scene.clients, node.machine);
  },
};

export const moveClients: Fault = {
  name: 'all connections cut, clients go to the next node',
  run: async (context) => {
    for (let i = 0; i < 5; i++) {
      await context.scene.load.move();
      await pause(drawTime(context, 100, 800));
    }
  },
};
