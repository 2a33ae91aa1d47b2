import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setImmediate as turnOfTheLoop } from 'node:timers/promises';

const MIB = 2 ** 20;

/** MiB that what was opened and closed may leave behind: caches, compiled code. */
const TOLERANCE = 48;

/** What a stretch of work did to the process. Times in milliseconds, memory in MiB. */
export interface Level {
  readonly heapBefore: number;
  readonly heapAfter: number;
  readonly residentMost: number;
  readonly delayMost: number;
  /** Of this process, on all processors, in seconds: what a busy machine does not change. */
  readonly cpu: number;
}

/** Measures `work`; `sample` is to be called within it now and then. */
export async function measured(work: (sample: () => void) => Promise<void>): Promise<Level> {
  const heapBefore = await heapInUse();
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  const cpuBefore = process.cpuUsage();
  let residentMost = 0;
  await work(() => {
    residentMost = Math.max(residentMost, process.memoryUsage.rss());
  });
  delay.disable();
  const { user, system } = process.cpuUsage(cpuBefore);
  const heapAfter = await heapInUse();
  return {
    heapBefore,
    heapAfter,
    residentMost: residentMost / MIB,
    delayMost: delay.max / 1e6,
    cpu: (user + system) / 1e6,
  };
}

/** Whether more is left than may be. */
export function hasRisen({ heapBefore, heapAfter }: Level): boolean {
  return heapAfter - heapBefore > TOLERANCE;
}

/** After a collection, where `--expose-gc` was given; what finalisers free is freed by the second one. */
async function heapInUse(): Promise<number> {
  for (let round = 0; round < 2; round++) {
    globalThis.gc?.();
    await turnOfTheLoop();
  }
  return process.memoryUsage().heapUsed / MIB;
}
