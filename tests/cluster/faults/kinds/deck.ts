import { cutClients, cutNode, cutStandby, moveClients } from './cuts.js';
import { fullLogDisk, fullNodeDisk } from './disks.js';
import { failOver, split, unfenced } from './failover.js';
import type { Fault } from './fault.js';
import { killNode, killPrimary, stopNode, stopPrimary } from './processes.js';

export const FAULTS: readonly Fault[] = [
  killNode,
  stopNode,
  cutClients,
  moveClients,
  cutNode,
  fullNodeDisk,
  stopPrimary,
  killPrimary,
  cutStandby,
  fullLogDisk,
  failOver,
  split,
  unfenced,
];

/** All faults in an order drawn anew each time, so that each comes as often as the others. */
export function* deck(random: (below: number) => number): Generator<Fault, never> {
  for (;;) {
    const left = [...FAULTS];
    while (left.length > 0) yield* left.splice(random(left.length), 1);
  }
}
