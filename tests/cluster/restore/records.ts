import type { Asker } from '../faults/load/asker.js';

export const LEAVES_A_RECORD = 5;
/** Of one commit. */
const BATCH = 1_000;

export const pathOf = (n: number): string => `app/posts/${String(n).padStart(7, '0')}`;

/** Writes so many records of five leaves, the last batch waited for before the next is sent. @throws Error when one is refused */
export async function writeRecords(asker: Asker, records: number): Promise<void> {
  for (let from = 0; from < records; from += BATCH) {
    const count = Math.min(BATCH, records - from);
    const ops = Array.from({ length: count }, (_, i) => ({
      op: 'set',
      path: pathOf(from + i),
      value: recordOf(from + i),
    }));
    const reply = await asker.once(0, { method: 'POST', path: '/entries/batch_write', body: { ops } });
    if (reply?.status !== 200) throw new Error(`a batch was not taken: ${JSON.stringify(reply)}`);
  }
}

function recordOf(n: number): object {
  return {
    title: `Post ${n}`,
    author: `author-${n % 1_000}`,
    rank: 0,
    isRead: n % 2 === 0,
    note: 'dust',
  };
}
