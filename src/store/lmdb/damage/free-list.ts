import { signedNumber, wholeNumber } from './layout.js';

const NUMBER_BYTES = 8;

/** Pages side by side. */
export interface PageRun {
  readonly first: number;
  readonly count: number;
}

/**
 * The free pages of one record: how many numbers follow, then single pages, zeros that stand for none, and runs, which
 * are their length below zero and their first page. Undefined when it cannot be read so.
 */
export function freePages(record: Buffer): PageRun[] | undefined {
  if (record.length < NUMBER_BYTES) return undefined;
  const length = wholeNumber(record, 0);
  if ((length + 1) * NUMBER_BYTES > record.length) return undefined;
  const runs: PageRun[] = [];
  for (let i = 1; i <= length; i++) {
    const number = signedNumber(record, i * NUMBER_BYTES);
    if (number > 0) runs.push({ first: number, count: 1 });
    else if (number < 0) {
      if (++i > length) return undefined;
      runs.push({ first: signedNumber(record, i * NUMBER_BYTES), count: -number });
    }
  }
  return runs;
}
