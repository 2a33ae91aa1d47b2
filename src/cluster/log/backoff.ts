/** Milliseconds to wait after a failure: drawn evenly up to a bound that doubles with each, from 50 to 2,000. */
export function backoff(failures: number, random: () => number): number {
  return random() * Math.min(LONGEST, SHORTEST * 2 ** Math.min(failures - 1, MAX_DOUBLINGS));
}

const SHORTEST = 50;
const LONGEST = 2_000;
const MAX_DOUBLINGS = 10;
