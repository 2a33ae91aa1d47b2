import type { RecordRow, RecordsPage } from '../../../../src/studio/api/messages.js';
import type { PageStart } from '../../../../src/studio/page/table/record-pages.js';
import { RecordPages } from '../../../../src/studio/page/table/record-pages.js';

const LIMITS = { size: 10, keep: 4, furthestSkip: 1_000 };

/** A table of numbered records, which notes how it was asked. */
class Numbers {
  readonly asked: PageStart[] = [];
  failure: Error | undefined;

  constructor(
    public count: number,
    public tellsTotal = true,
  ) {}

  readonly load = (start: PageStart): Promise<RecordsPage> => {
    this.asked.push(start);
    if (this.failure) return Promise.reject(this.failure);
    const { cursor, skip = 0, take } = start;
    const [way, at] = cursor?.split(':') ?? [];
    const first = way === 'before' ? Math.max(0, Number(at) - take) : way === 'from' ? Number(at) : skip;
    const end = way === 'before' ? Number(at) : Math.min(this.count, first + take);
    const rows = Array.from({ length: Math.max(0, end - first) }, (_, i) => row(first + i));
    return Promise.resolve({
      rows,
      next: end < this.count ? `from:${end}` : null,
      previous: first > 0 ? `before:${first}` : null,
      ...(this.tellsTotal ? { total: this.count } : {}),
      path: 'slug',
      examined: rows.length,
    });
  };
}

function row(n: number): RecordRow {
  return { path: `numbers/${n}`, slug: String(n), revision: 1, values: { n } };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

async function pagesOf(numbers: Numbers) {
  const pages = new RecordPages(numbers.load, () => undefined, LIMITS);
  pages.show(0, 5);
  await settled();
  return pages;
}

describe('pages of records', () => {
  it('are one list, whose length is known where somebody counted', async () => {
    const pages = await pagesOf(new Numbers(95));
    expect([pages.extent, pages.total, pages.row(3)?.slug, pages.row(30)]).toEqual([95, 95, '3', undefined]);
  });

  it('grow while nobody has counted, and end with the last page', async () => {
    const numbers = new Numbers(25, false);
    const pages = await pagesOf(numbers);
    expect([pages.extent, pages.total]).toEqual([20, undefined]);
    pages.show(10, 20);
    await settled();
    pages.show(20, 30);
    await settled();
    expect([pages.extent, pages.total]).toEqual([25, 25]);
  });

  it('follow one another by cursor, and far ones are skipped to', async () => {
    const numbers = new Numbers(95);
    const pages = await pagesOf(numbers);
    pages.show(10, 20);
    await settled();
    pages.show(70, 80);
    await settled();
    expect(numbers.asked).toEqual([{ take: 10 }, { cursor: 'from:10', take: 10 }, { skip: 70, take: 10 }]);
    expect(pages.row(77)?.slug).toBe('77');
  });

  it('are read backwards from the one behind', async () => {
    const numbers = new Numbers(95);
    const pages = await pagesOf(numbers);
    pages.show(70, 80);
    await settled();
    pages.show(60, 70);
    await settled();
    expect(numbers.asked.at(-1)).toEqual({ cursor: 'before:70', take: 10 });
    expect(pages.row(60)?.slug).toBe('60');
  });

  it('are dropped when they are far from what is looked at', async () => {
    const numbers = new Numbers(95);
    const pages = await pagesOf(numbers);
    for (let first = 10; first < 90; first += 10) {
      pages.show(first, first + 10);
      await settled();
    }
    expect(pages.held).toBeLessThanOrEqual(LIMITS.keep + 1);
    expect(pages.row(0)).toBeUndefined();
    expect(pages.row(85)?.slug).toBe('85');
  });

  it('are asked for once, however often they are looked at', async () => {
    const numbers = new Numbers(95);
    const pages = await pagesOf(numbers);
    for (let i = 0; i < 5; i++) pages.show(0, 5);
    await settled();
    expect(numbers.asked).toHaveLength(1);
  });

  it('are not tried for ever when one fails, but when somebody asks', async () => {
    const numbers = new Numbers(95);
    numbers.failure = new Error('gone');
    const pages = await pagesOf(numbers);
    pages.show(0, 5);
    await settled();
    expect([numbers.asked.length, pages.failure]).toEqual([1, numbers.failure]);
    numbers.failure = undefined;
    pages.retry(0, 5);
    await settled();
    expect([pages.failure, pages.row(0)?.slug]).toEqual([undefined, '0']);
  });

  it('are read anew where somebody looks, and nobody loses their place', async () => {
    const numbers = new Numbers(95);
    const pages = await pagesOf(numbers);
    pages.show(70, 80);
    await settled();
    numbers.count = 120;
    pages.reset();
    expect(pages.extent).toBe(95);
    pages.show(70, 80);
    await settled();
    expect([pages.extent, pages.row(70)?.slug]).toEqual([120, '70']);
  });

  it('shrink with the table', async () => {
    const numbers = new Numbers(95);
    const pages = await pagesOf(numbers);
    numbers.count = 42;
    pages.show(90, 95);
    await settled();
    expect(pages.extent).toBe(42);
  });
});
