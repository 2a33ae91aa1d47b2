import type { Drive, World } from './world.js';
import { LANES } from './world.js';
import { ELSEWHERE, heap, holdings } from './resources.js';
import type { Holdings } from './resources.js';

/** More readers than LMDB has room for, eight times over. */
export const TIMES = Number(process.env.DUST_ENDURANCE_TIMES ?? 1000);

/** Bytes that one call may leave on the heap: less than a listener, a promise or a map's entry takes. */
const BYTES_PER_CALL = 100;

/** What a whole round may leave beside: code that was optimised, tables that doubled. Does not happen round after round. */
const BYTES_PER_ROUND = 150_000;

/** Calls after which all that is bounded has filled up: what remembers the last thousand of something, say. */
const FILLED_UP = 3000;

/** Rounds in which the heap may be seen to grow before it counts as a leak. */
const ROUNDS = Math.max(5, Math.ceil(FILLED_UP / TIMES));

/** Both ends of connections that are kept for the next requests: for each lane some, and not for each call. */
const KEPT_CONNECTIONS = 4 * LANES;

/**
 * What may be held however often something was called. One reader belongs to the process for as long as it reads in one turn
 * of the event loop, and timers of the moment come and go.
 */
const SLACK: Holdings = {
  'LMDB readers': 1,
  TCPSocketWrap: KEPT_CONNECTIONS,
  PipeWrap: KEPT_CONNECTIONS,
  descriptors: KEPT_CONNECTIONS,
  Timeout: 4,
};

/** Calls `drive` so many times, from as many lanes as given at once. */
export async function repeat(world: World, drive: Drive, times = TIMES, lanes = LANES): Promise<void> {
  let turn = 0;
  const lane = async (number: number): Promise<void> => {
    while (turn < times) await drive(world, number, turn++);
  };
  await Promise.all(Array.from({ length: lanes }, (_, number) => lane(number)));
}

/** The heap as it was left: collecting all garbage takes longer than most work, and what comes next begins there. */
const leftAt = new WeakMap<World, number>();

/** Repeats, and expects nothing to be held that was not before. */
export async function expectNothingLeft(
  world: World,
  work: () => Promise<void>,
  calls: number,
): Promise<void> {
  const before = await holdings(world);
  let used = leftAt.get(world) ?? (await levelHeap(world));
  const allowed = calls * BYTES_PER_CALL + BYTES_PER_ROUND;
  let calm = 0;
  for (let round = 1; ; round++) {
    await work();
    await settle(world, before);
    let now = await heap(world);
    // Some goes only when what held it has gone.
    if (now - used > allowed) now = await heap(world);
    leftAt.set(world, now);
    calm = now - used <= allowed ? calm + 1 : 0;
    // That something else let go of as much in one round says little of those in which it grew.
    if (calm === (round === 1 ? 1 : 2)) return;
    if (round === ROUNDS) {
      throw new Error(`${now - used} bytes are left of ${calls} calls, the ${ROUNDS}th time`);
    }
    used = now;
  }
}

/** The heap when nothing goes any more: what a test file before this one has left goes bit by bit, and would hide what comes. */
async function levelHeap(world: World): Promise<number> {
  let last = await heap(world);
  for (let attempt = 0; attempt < 20; attempt++) {
    const now = await heap(world);
    if (last - now < BYTES_PER_ROUND / 10) return now;
    last = now;
  }
  return last;
}

/** What is being closed may take a moment; what is held still after that is left behind. */
async function settle(world: World, before: Holdings): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    const more = grown(before, await holdings(world));
    if (more.length === 0) return;
    if (attempt === 100) throw new Error(`left behind: ${more.join(', ')}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function grown(before: Holdings, after: Holdings): string[] {
  return Object.entries(after).flatMap(([what, count]) => {
    const was = before[what] ?? 0;
    return count > was + (SLACK[what.replace(ELSEWHERE, '')] ?? 0)
      ? [`${count - was} more of ${what} than ${was}`]
      : [];
  });
}
