import type { Clock } from '../../../../src/clock.js';

interface Event {
  readonly due: number;
  readonly order: number;
  readonly run: () => void;
  cancelled: boolean;
}

/**
 * Virtual time. Everything that happens in a simulation is an event of this queue; between two events all promises
 * settle, so that the order of events decides the whole run.
 */
export class Scheduler implements Clock {
  /** A binary heap by due time, then by the order in which events were scheduled. */
  readonly #heap: Event[] = [];
  #order = 0;
  #now: number;
  #held = 0;

  constructor(start = 0) {
    this.#now = start;
  }

  /** Milliseconds of virtual time. */
  readonly now = (): number => this.#now;

  readonly schedule = (run: () => void, ms: number): (() => void) => {
    const event: Event = {
      due: this.#now + Math.max(0, Math.ceil(ms)),
      order: this.#order++,
      run,
      cancelled: false,
    };
    this.#push(event);
    return () => {
      event.cancelled = true;
    };
  };

  /** Time stands still until `work` of the real world, such as a commit to a disk, is done. */
  async hold<T>(work: Promise<T>): Promise<T> {
    this.#held++;
    try {
      return await work;
    } finally {
      this.#held--;
    }
  }

  /** Runs events in order until `isDone`, asked after each, or until `deadline`. Tells whether it is done. */
  async runUntil(deadline: number, isDone: () => boolean = () => false): Promise<boolean> {
    await this.#settle();
    while (!isDone()) {
      const event = this.#takeDue(deadline);
      if (event === undefined) {
        this.#now = Math.max(this.#now, deadline);
        return isDone();
      }
      this.#now = Math.max(this.#now, event.due);
      event.run();
      await this.#settle();
    }
    return true;
  }

  /** Advances virtual time until `promise` has settled. @throws Error when it has not by `deadline` */
  async settle<T>(promise: Promise<T>, what: string, limit = 600_000): Promise<T> {
    let isSettled = false;
    const settled = promise.finally(() => {
      isSettled = true;
    });
    settled.catch(() => undefined);
    if (await this.runUntil(this.#now + limit, () => isSettled)) return settled;
    throw new Error(`${what} did not settle within ${limit} ms of virtual time`);
  }

  /** All microtasks, then all immediates that they set, and what the real world holds. */
  async #settle(): Promise<void> {
    do {
      await new Promise<void>((resolve) => {
        setImmediate(resolve);
      });
    } while (this.#held > 0);
  }

  #takeDue(deadline: number): Event | undefined {
    for (let first = this.#heap[0]; first !== undefined; first = this.#heap[0]) {
      if (!first.cancelled && first.due > deadline) return undefined;
      this.#pop();
      if (!first.cancelled) return first;
    }
    return undefined;
  }

  #push(event: Event): void {
    const heap = this.#heap;
    let index = heap.push(event) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isBefore(event, heap[parent]!)) break;
      heap[index] = heap[parent]!;
      index = parent;
    }
    heap[index] = event;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!isBefore(heap[child]!, last)) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = last;
  }
}

function isBefore(a: Event, b: Event): boolean {
  return a.due < b.due || (a.due === b.due && a.order < b.order);
}
