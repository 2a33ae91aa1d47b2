import type { ServedNode } from '../../parts/served-node.js';
import type { Scene } from '../scene.js';

/** What a fault is done with. */
export interface FaultContext {
  readonly scene: Scene;
  readonly random: (below: number) => number;
  /** Notes a promise that was broken. */
  readonly violation: (text: string) => void;
}

/** Something that is done to the cluster, and undone. */
export interface Fault {
  readonly name: string;
  /** Resolves when it is undone. Nodes may still be on their way back. @throws Error when it cannot be done or undone */
  readonly run: (context: FaultContext) => Promise<void>;
}

/** One of the nodes. */
export function drawNode({ scene, random }: FaultContext): {
  readonly node: ServedNode;
  readonly index: number;
} {
  const index = random(scene.nodes.length);
  return { node: scene.nodes[index]!, index };
}

/** Milliseconds between two bounds. */
export function drawTime({ random }: FaultContext, least: number, most: number): number {
  return least + random(most - least);
}
