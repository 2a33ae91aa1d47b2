import { median } from '../measure.js';
import type { Rival } from './rival.js';
import type { Work } from './works.js';

const ROUNDS = 5;

/** How long one rival may take for one round, once it is known how long a call takes: a slow one makes fewer. Nanoseconds. */
const ROUND_TIME = 0.3e9;

/**
 * Nanoseconds for one call of each rival, the median of the rounds. Rivals take turns, round by round, so that a drift of the
 * machine meets all of them; who begins goes round, too.
 */
export async function takeTurns(work: Work, rivals: readonly Rival[], records: number): Promise<number[]> {
  const { calls, rounds = ROUNDS } = work;
  const times: number[][] = rivals.map(() => []);
  const next = rivals.map(() => 0);
  const allowed = rivals.map(() => Math.min(calls, 3));
  // Round 0 warms up, with a few calls, and finds out how many a rival can make in its time.
  for (let round = 0; round <= rounds; round++) {
    for (let turn = 0; turn < rivals.length; turn++) {
      const i = (turn + round) % rivals.length;
      const rival = rivals[i]!;
      const count = allowed[i]!;
      const first = next[i]!;
      await work.prepare?.(rival, first, first + count);
      const started = process.hrtime.bigint();
      for (let call = first; call < first + count; call++) await work.run(rival, call, records);
      const perCall = Number(process.hrtime.bigint() - started) / count;
      next[i] = first + count;
      if (round > 0) times[i]!.push(perCall);
      allowed[i] = Math.max(1, Math.min(calls, Math.floor(ROUND_TIME / perCall)));
    }
  }
  return times.map(median);
}
