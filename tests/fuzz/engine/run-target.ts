import type { Level } from './level.js';
import { hasRisen, measured } from './level.js';
import { seedOfBatch } from './plan.js';
import type { Find, Target } from './target.js';

/** After as many finds a target is left alone: one fault is found by many inputs. */
const MOST_FINDS = 3;

/** What a target is to be tried with. */
export interface Stint {
  readonly seed: number;
  /** The number of the first batch, from 0. */
  readonly firstBatch: number;
  readonly inputs: number;
}

/** A find, and where it was. */
export interface LocatedFind extends Partial<Find> {
  readonly fault: string;
  readonly batch: number;
}

/** What came of it. */
export interface TargetReport {
  readonly name: string;
  readonly inputs: number;
  readonly batches: number;
  readonly seconds: number;
  readonly level: Level;
  readonly finds: readonly LocatedFind[];
  readonly notes: readonly string[];
}

/** Opens a target, tries inputs in batches, closes it, and looks at what it left behind. */
export async function runTarget(target: Target, { seed, firstBatch, inputs }: Stint): Promise<TargetReport> {
  const finds: LocatedFind[] = [];
  let [done, batch] = [0, firstBatch];
  let notes: readonly string[] = [];
  const start = performance.now();
  const level = await measured(async (sample) => {
    const open = await target.open();
    try {
      while (done < inputs && finds.length < MOST_FINDS) {
        const count = Math.min(target.batch, inputs - done);
        try {
          const find = await open.fuzz(seedOfBatch(seed, target.name, batch), count);
          if (find !== undefined) finds.push({ ...find, batch });
        } catch (error) {
          finds.push({ fault: `after the batch: ${String(error)}`, batch });
        }
        done += count;
        batch += 1;
        sample();
      }
      notes = open.notes();
    } finally {
      await open.close();
    }
  });
  if (hasRisen(level)) {
    finds.push({ fault: `the heap rose from ${level.heapBefore} to ${level.heapAfter} MiB`, batch });
  }
  const seconds = (performance.now() - start) / 1000;
  return { name: target.name, inputs: done, batches: batch - firstBatch, seconds, level, finds, notes };
}
