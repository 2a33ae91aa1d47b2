import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { Fault } from './fault.js';
import type { Strays } from './strays.js';
import { waitedForCpu } from './waited-for-cpu.js';

/** Milliseconds that one small input may take, without those in which another process had the processor. Measured three times. */
const SLOW = 3000;

/**
 * `check`, which also fails for an error that nobody caught, and for an input that takes long each of three times: a busy
 * machine is slow now and then, and never for the same input only.
 */
export function guarded<Input>(
  check: (input: Input) => Promise<void> | void,
  strays: Pick<Strays, 'look'>,
  slow = SLOW,
): (input: Input) => Promise<void> {
  const once = async (input: Input): Promise<number> => {
    const start = performance.now() - waitedForCpu();
    const done = check(input);
    if (done !== undefined) {
      await done;
      await turnOfTheLoop();
    }
    strays.look();
    return performance.now() - waitedForCpu() - start;
  };
  return async (input) => {
    let took = 0;
    for (let trial = 0; trial < 3; trial++) {
      took = await once(input);
      if (took <= slow) return;
    }
    throw new Fault(`took ${Math.round(took)} ms, each of three times`);
  };
}
