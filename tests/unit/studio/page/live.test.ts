import type { RecordRow } from '../../../../src/studio/api/messages.js';
import { MOST_LINES, withCommit } from '../../../../src/studio/page/operations/tail-lines.js';
import { compareRows } from '../../../../src/studio/page/table/compare-rows.js';
import { moveInGrid } from '../../../../src/studio/page/table/grid-focus.js';
import { reconnectWait } from '../../../../src/studio/page/wire/reconnect.js';

const row = (slug: string, revision = 1): RecordRow => ({ path: `p/${slug}`, slug, revision, values: {} });

describe('a page that is read again', () => {
  it('changes rows in their places, and moves none', () => {
    const changes = compareRows(
      [row('a'), row('b'), row('c')],
      [row('a'), row('aa'), row('b', 2)],
      new Set(['aa', 'b']),
    );
    expect(changes.rows).toEqual([row('a'), row('b', 2), row('c')]);
    expect(changes).toMatchObject({ changed: ['b'], added: ['aa'], gone: [] });
  });

  it('tells what is gone from what slid over its end', () => {
    const changes = compareRows([row('a'), row('b'), row('c')], [row('b'), row('bb')], new Set(['a', 'bb']));
    expect(changes).toMatchObject({ changed: [], added: ['bb'], gone: ['a'] });
  });
});

describe('the tail of operations', () => {
  const commit = (first: number, count: number) => ({
    kind: 'commit' as const,
    first,
    last: first + count - 1,
    operations: Array.from({ length: count }, (_, i) => ({
      storeSeq: first + i,
      op: 'set',
      path: `p/${i}`,
      deviceId: null,
    })),
  });

  it('has the newest first', () => {
    const lines = withCommit(withCommit([], commit(1, 2)), commit(3, 1));
    expect(lines.map((line) => line.kind === 'operation' && line.storeSeq)).toEqual([3, 2, 1]);
  });

  it('is bounded, by one commit, too', () => {
    expect(withCommit(withCommit([], commit(1, MOST_LINES)), commit(MOST_LINES + 1, 50))).toHaveLength(
      MOST_LINES,
    );
    const lines = withCommit([], commit(1, MOST_LINES + 100));
    expect(lines).toHaveLength(MOST_LINES);
    expect(lines[0]).toMatchObject({ storeSeq: MOST_LINES + 100 });
  });
});

describe('a lost connection', () => {
  it('is tried again after longer and longer waits', () => {
    expect([1, 2, 3].map(reconnectWait)).toEqual([500, 1_000, 2_000]);
    expect(reconnectWait(50)).toBe(15_000);
  });
});

describe('the keyboard in the grid', () => {
  const size = { rows: 100, columns: 3, page: 10 };

  it('stays within it, header included', () => {
    expect(moveInGrid({ row: 0, column: 0 }, 'ArrowUp', false, size)).toEqual({ row: -1, column: 0 });
    expect(moveInGrid({ row: -1, column: 0 }, 'ArrowUp', false, size)).toEqual({ row: -1, column: 0 });
    expect(moveInGrid({ row: 99, column: 2 }, 'ArrowDown', false, size)).toEqual({ row: 99, column: 2 });
    expect(moveInGrid({ row: 5, column: 2 }, 'ArrowRight', false, size)).toEqual({ row: 5, column: 2 });
  });

  it('goes by pages, and to the ends', () => {
    expect(moveInGrid({ row: 95, column: 1 }, 'PageDown', false, size)).toEqual({ row: 99, column: 1 });
    expect(moveInGrid({ row: 50, column: 1 }, 'Home', true, size)).toEqual({ row: 0, column: 0 });
    expect(moveInGrid({ row: 50, column: 1 }, 'End', true, size)).toEqual({ row: 99, column: 2 });
    expect(moveInGrid({ row: 50, column: 1 }, 'End', false, size)).toEqual({ row: 50, column: 2 });
    expect(moveInGrid({ row: 50, column: 1 }, 'x', false, size)).toBeUndefined();
  });
});
