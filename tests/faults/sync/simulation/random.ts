/** A stream of numbers that its seed alone decides (mulberry32). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 up to 1, without 1. */
  readonly next = (): number => {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };

  /** A whole number from `min` to `max`, both included. */
  int(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.int(0, choices.length - 1)]!;
  }

  /** One of the keys, each as often as its weight says; undefined when all weights are 0. */
  weighted<K extends string>(weights: Readonly<Partial<Record<K, number>>>): K | undefined {
    const entries = Object.entries<number | undefined>(weights);
    let left = this.next() * entries.reduce((sum, [, weight = 0]) => sum + weight, 0);
    for (const [key, weight = 0] of entries) {
      if (left < weight) return key as K;
      left -= weight;
    }
    return undefined;
  }

  /** A stream of its own: what is drawn from it moves nobody else's draws. */
  fork(): Random {
    return new Random(this.int(0, 2 ** 32 - 1));
  }
}
