import type { Clock } from '../../clock.js';
import { monotonicOf } from '../../clock.js';
import type { TransportCapabilities } from '../../transport/transport.js';
import { MAX_BATCH_OPERATIONS } from '../../transport/transport.js';

/** How long a chunk is to take, in milliseconds: a fifth of what the writer of a 0.1 server has for its answer (PROTOCOL §8). */
const AIM = 1000;
/** A writer answers within 5 s or not at all: what took longer has waited for something else, such as the rate limit. */
const LONGEST_WRITE = 5000;

const FEWEST = 50;
/** What a server of version 0.1 can do in time, whatever its store holds. */
const CAUTIOUS = 200;
/** How much larger one chunk may be than the one before. */
const GROWTH = 2;

/** How many operations the next chunk may have, judged by the time that the last ones took. */
export class ChunkPace {
  readonly #clock: Clock;
  #operations: number;

  /** Begins with full batches, but cautiously where the store lies on a server of version 0.1. */
  constructor(clock: Clock, { batchCheck }: TransportCapabilities) {
    this.#clock = clock;
    this.#operations = batchCheck ? MAX_BATCH_OPERATIONS : CAUTIOUS;
  }

  /** The most operations of the next chunk, 50 to 1,000. */
  get operations(): number {
    return this.#operations;
  }

  /** Runs `write`, which sends a chunk of so many operations, and learns from the time it takes. */
  async measure<T>(operations: number, write: () => Promise<T>): Promise<T> {
    const began = monotonicOf(this.#clock);
    const result = await write();
    this.#learn(operations, monotonicOf(this.#clock) - began);
    return result;
  }

  #learn(operations: number, elapsed: number): void {
    // A clock that has only the time of day may have been set back.
    if (operations === 0 || elapsed < 0 || elapsed > LONGEST_WRITE) return;
    const fitting = Math.floor((operations * AIM) / elapsed);
    const most = Math.min(MAX_BATCH_OPERATIONS, this.#operations * GROWTH);
    this.#operations = Math.max(FEWEST, Math.min(fitting, most));
  }
}
