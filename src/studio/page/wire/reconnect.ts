/** The wait before the first attempt, and the longest, in milliseconds. */
const FIRST_WAIT = 500;
const LONGEST_WAIT = 15_000;

/** How long to wait before the attempt after `failures` failed ones, in milliseconds. */
export function reconnectWait(failures: number): number {
  return Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.max(0, failures - 1));
}
