import { setTimeout as pause } from 'node:timers/promises';
import type { Fault } from './fault.js';
import { drawNode, drawTime } from './fault.js';

export const killNode: Fault = {
  name: 'a node killed (kill -9), and begun again',
  run: async (context) => {
    const { node } = drawNode(context);
    await node.end('SIGKILL');
    await pause(drawTime(context, 500, 3_000));
    await node.begin();
  },
};

export const stopNode: Fault = {
  name: 'a node stopped (SIGSTOP), and continued',
  run: async (context) => {
    const { node } = drawNode(context);
    const machine = context.scene.machineOf(node);
    machine.signal('SIGSTOP');
    await pause(drawTime(context, 2_000, 8_000));
    machine.signal('SIGCONT');
  },
};

export const stopPrimary: Fault = {
  name: 'the primary stopped (SIGSTOP), and continued',
  run: async (context) => {
    const machine = context.scene.machineOf(context.scene.pair.primary);
    machine.signal('SIGSTOP');
    await pause(drawTime(context, 2_000, 7_000));
    machine.signal('SIGCONT');
  },
};

export const killPrimary: Fault = {
  name: 'the primary killed (kill -9), and begun again',
  run: async (context) => {
    const { primary } = context.scene.pair;
    context.scene.machineOf(primary).signal('SIGKILL');
    await pause(drawTime(context, 500, 2_000));
    await primary.begin();
  },
};
