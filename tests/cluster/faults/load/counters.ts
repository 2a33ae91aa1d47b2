import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { write } from './asker.js';
import type { Stage, Worker } from './stage.js';

const COUNTERS = 8;
/** Milliseconds between two writes of one client, at most. */
const LONGEST_BREAK = 30;

const increment = (path: string): object => ({ op: 'increment', path, value: 1 });

/** Increments, each asked until its outcome is known: they count exactly once. Moves among the nodes. */
export async function countExactly(stage: Stage, { random }: Worker): Promise<void> {
  const { asker, nodes, findings, sums, journal, isOver, isLate } = stage;
  let node = random(nodes);
  while (!isOver()) {
    const path = `exact/${random(COUNTERS)}`;
    const ask = write(increment(path), randomUUID());
    const begin = Date.now();
    const known = await asker.untilKnown(node, ask, isLate);
    if (known?.reply.status !== 200) {
      sums.unsure(path);
      findings.violation(
        `an increment of ${path} was ${known === undefined ? 'never answered' : `refused: ${said(known.reply)}`}`,
      );
      continue;
    }
    sums.acknowledged(path);
    journal.note(begin);
    // It stays where it was answered, most of the time.
    node = random(20) === 0 ? random(nodes) : known.node;
    if (random(20) === 0) {
      findings.count('increments asked for again');
      const again = await asker.untilKnown(random(nodes), ask, isLate);
      if (again !== undefined && again.reply.body.store_seq !== known.reply.body.store_seq) {
        findings.violation(
          `an increment of ${path}, asked for again, came to ${said(again.reply)} after ${said(known.reply)}`,
        );
      }
    }
    await pause(random(LONGEST_BREAK));
  }
}

/** Increments that nobody asks for again: what was not acknowledged counts once or not at all. */
export async function countLoosely(stage: Stage, { random }: Worker): Promise<void> {
  const { asker, nodes, findings, sums, journal, isOver } = stage;
  while (!isOver()) {
    const path = `loose/${random(COUNTERS)}`;
    const begin = Date.now();
    const reply = await asker.once(random(nodes), write(increment(path), randomUUID()));
    if (reply === undefined) {
      sums.unsure(path);
      await pause(LONGEST_BREAK);
    } else if (reply.status === 200) {
      sums.acknowledged(path);
      journal.note(begin);
    } else {
      findings.violation(`an increment of ${path} was refused: ${said(reply)}`);
    }
    await pause(random(2 * LONGEST_BREAK));
  }
}

function said({ status, body }: { readonly status: number; readonly body: unknown }): string {
  return `${status} ${JSON.stringify(body)}`;
}
