import type { TimeMark } from './logged-state.js';

/** How long a client id is known at least, in milliseconds of the log's time. */
export const DEDUPE_WINDOW = 600_000;

/** How many operations are kept for it at most: beyond, the window is shorter. */
export const MAX_WINDOW_OPERATIONS = 1_000_000;

/** How far apart two marks lie: the window is longer than it must be by no more than this. */
const MARK_INTERVAL = 60_000;

/** The marks when the store stands at `storeSeq` before it writes anything at `time`. */
export function marksAt(marks: readonly TimeMark[], { storeSeq, time }: TimeMark): readonly TimeMark[] {
  const last = marks.at(-1);
  if (last !== undefined && time - last.time < MARK_INTERVAL) return marks;
  const begin = marks.findLastIndex((mark) => time - mark.time >= DEDUPE_WINDOW);
  return [...marks.slice(Math.max(begin, 0)), { storeSeq, time }];
}

/** How many of the last operations belong to the window at `time`. */
export function operationsInWindow(marks: readonly TimeMark[], { storeSeq, time }: TimeMark): number {
  const oldest = marks.findLast((mark) => time - mark.time >= DEDUPE_WINDOW) ?? marks[0];
  return oldest === undefined ? 0 : Math.min(storeSeq - oldest.storeSeq, MAX_WINDOW_OPERATIONS);
}
