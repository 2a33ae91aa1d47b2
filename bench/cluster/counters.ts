import type { Store } from '../../src/store/index.js';
import { median } from '../measure.js';

/** How many there are. */
const COUNTERS = 100;

/** What came of writers that wrote for a while. */
export interface Written {
  readonly acknowledged: number;
  readonly perSecond: number;
  /** How long one write took, in nanoseconds. */
  readonly p50: number;
}

/** Counters of a store, which writers add to. */
export class Counters {
  readonly store: Store;
  acknowledged = 0;

  constructor(store: Store) {
    this.store = store;
  }

  /** So many writers, each of which adds again as soon as it was told of the last time, for so many milliseconds. */
  async increment(writers: number, milliseconds: number): Promise<Written> {
    const waits: number[] = [];
    const started = performance.now();
    const end = started + milliseconds;
    const write = async (_: unknown, writer: number): Promise<void> => {
      for (let now = performance.now(); now < end;) {
        await this.store.write({ op: 'increment', path: `counters/${writer % COUNTERS}`, value: 1 });
        const told = performance.now();
        waits.push(told - now);
        now = told;
      }
    };
    await Promise.all(Array.from({ length: writers }, write));
    this.acknowledged += waits.length;
    const seconds = (performance.now() - started) / 1_000;
    return { acknowledged: waits.length, perSecond: waits.length / seconds, p50: median(waits) * 1e6 };
  }

  /** @throws Error when the counters come to anything else than what was acknowledged, here when nothing else is said */
  assertCounted(acknowledged = this.acknowledged): void {
    let sum = 0;
    for (let i = 0; i < COUNTERS; i++) sum += Number(this.store.get(`counters/${i}`)?.value ?? 0);
    if (sum !== acknowledged) {
      throw new Error(`${acknowledged} increments were acknowledged, and ${sum} count`);
    }
  }
}
