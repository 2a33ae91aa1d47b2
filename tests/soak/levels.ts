/** A figure that must be level in the long run, and by how much it may rise. */
export interface Gauge {
  readonly name: string;
  /** Rises by this part of the former median are noise. */
  readonly relative: number;
  /** Rises by this much are noise. */
  readonly absolute: number;
}

/** What became of a figure. */
export interface Verdict {
  readonly name: string;
  readonly second: number;
  readonly last: number;
  readonly most: number;
  readonly bound: number;
  readonly isLevel: boolean;
}

/**
 * Compares the median of the second quarter with that of the last. The first quarter is for warming up: caches, compiled
 * code, the first growth of a file.
 */
export function judge({ name, relative, absolute }: Gauge, samples: readonly number[]): Verdict {
  const quarter = Math.floor(samples.length / 4);
  const second = median(samples.slice(quarter, 2 * quarter));
  const last = median(samples.slice(-quarter));
  const bound = second * (1 + relative) + absolute;
  return { name, second, last, most: Math.max(...samples), bound, isLevel: last <= bound };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
