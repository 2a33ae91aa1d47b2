import { setTimeout as pause } from 'node:timers/promises';
import type { Stage, Worker } from './stage.js';

/** Milliseconds between two reads. */
const INTERVAL = 40;

interface Item {
  readonly path: string;
  readonly value: unknown;
  readonly revision: number;
}

/**
 * Reads the counters on all nodes, and compares: at the same revision they have the same value everywhere, and on one node revisions do not go
 * back, as long as it keeps its data.
 */
export async function readEverywhere(stage: Stage, { random }: Worker): Promise<void> {
  const { asker, nodes, findings, isOver, generationOf } = stage;
  const values = new Map<string, string>();
  const latest = new Map<string, number>();
  while (!isOver()) {
    const node = random(nodes);
    const generation = generationOf(node);
    const reply = await asker.once(node, { method: 'GET', path: '/entries?pattern=exact/*&limit=50' });
    await pause(INTERVAL);
    if (reply === undefined || generation !== generationOf(node)) continue;
    findings.count('reads compared');
    for (const { path, value, revision } of reply.body.items as readonly Item[]) {
      const [at, text] = [`${path}@${revision}`, JSON.stringify(value)];
      if ((values.get(at) ?? text) !== text) {
        findings.violation(`${at} is ${text} on node ${node}, and was ${values.get(at)} elsewhere`);
      }
      values.set(at, text);
      const place = `${node}.${generation} ${path}`;
      if ((latest.get(place) ?? 0) > revision) {
        findings.violation(
          `node ${node} went back: ${path} to revision ${revision} from ${latest.get(place)}`,
        );
      }
      latest.set(place, revision);
    }
  }
}
