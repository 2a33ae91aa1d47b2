/** Milliseconds below which half, 95 % and 99 % of the times lie, and the longest, as text. */
export function percentiles(times: readonly number[]): string {
  const sorted = Float64Array.from(times).sort();
  const at = (share: number): string =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN).toFixed(1);
  return `${at(0.5)} / ${at(0.95)} / ${at(0.99)} / ${at(1)} ms`;
}
