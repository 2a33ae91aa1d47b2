import type { LogPage, LogQuery } from '../../../src/transport/transport.js';
import { describeContract } from '../describe-contract.js';

describeContract('the log', (context) => {
  /** A transport, its log, and the seqs of five writes below a place of their own. */
  const setUp = async () => {
    const transport = await context.otherWriter();
    const base = context.uniquePrefix().join('/');
    const seqs: number[] = [];
    for (let n = 1; n <= 5; n++) seqs.push((await transport.set(`${base}/n`, n)).storeSeq);
    const log = async (query: LogQuery): Promise<LogPage> => {
      if (transport.log === undefined) throw new Error('no log');
      return transport.log(query);
    };
    return { transport, base, seqs, log, first: seqs[0]!, last: seqs.at(-1)! };
  };
  const seqsOf = ({ operations }: LogPage) => operations.map(({ storeSeq }) => storeSeq);

  context.itWith('log', 'tells the operations behind a seq, oldest first, page by page', async () => {
    const { base, first, last, log } = await setUp();
    const seen: unknown[] = [];
    let after: number | null = first - 1;
    while (after !== null) {
      const page: LogPage = await log({ after, limit: 2 });
      expect(page.operations.length).toBeLessThanOrEqual(2);
      expect(page.firstSeq).toBeLessThanOrEqual(first);
      for (const { storeSeq, op, path, value } of page.operations) {
        if (path === `${base}/n` && storeSeq <= last) seen.push([op, value]);
      }
      after = page.nextCursor;
    }
    expect(seen).toEqual([1, 2, 3, 4, 5].map((n) => ['set', n]));
  });

  context.itWith('log', 'tells them newest first, from the end and from before a seq', async () => {
    const { base, seqs, last, first, log } = await setUp();
    const newest = await log({ order: 'desc', limit: 1000 });
    expect(seqsOf(newest)[0]).toBeGreaterThanOrEqual(last);
    const mine = newest.operations.filter(({ path }) => path === `${base}/n`);
    expect(mine.map(({ storeSeq }) => storeSeq)).toEqual(seqs.toReversed());
    const two = await log({ order: 'desc', limit: 2, before: last });
    expect(seqsOf(two)).toEqual([last - 1, last - 2]);
    expect(two.nextCursor).toBe(last - 2);
    const rest = await log({ order: 'desc', before: last, after: first - 1 });
    expect(seqsOf(rest)[0]).toBe(last - 1);
    expect(seqsOf(rest).at(-1)).toBe(first);
    expect(rest.nextCursor).toBeNull();
  });

  context.itWith('log', 'has nothing behind the last one', async () => {
    const { last, log } = await setUp();
    const { operations, nextCursor } = await log({ after: last + 1_000_000 });
    expect({ operations, nextCursor }).toEqual({ operations: [], nextCursor: null });
  });

  context.itWith('log', 'refuses what can be no page', async () => {
    const { log } = await setUp();
    for (const query of [
      { after: -1 },
      { before: 1.5 },
      { limit: 0 },
      { limit: 1001 },
      { order: 'up' as never },
    ]) {
      await expect(log(query)).rejects.toMatchObject({ kind: 'invalid_params' });
    }
  });
});
