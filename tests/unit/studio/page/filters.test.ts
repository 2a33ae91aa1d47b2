import type { ColumnInfo, Filter } from '../../../../src/studio/api/messages.js';
import {
  describeFilter,
  nextOrder,
  operatorsFor,
  withFilter,
  withoutFilter,
} from '../../../../src/studio/page/table/filters.js';

const column = (type: string, required = true): ColumnInfo => ({
  property: 'p',
  type,
  required,
  nullable: false,
  sortable: true,
  indexed: false,
  editable: true,
});
const title: Filter = { property: 'title', operator: 'contains', value: 'a' };
const pages: Filter = { property: 'pages', operator: 'less', value: '9' };

describe('filters', () => {
  it('offer what makes sense for the type', () => {
    expect(operatorsFor(column('boolean'))).toEqual(['is', 'isNot']);
    expect(operatorsFor(column('integer', false))).toEqual([
      'is',
      'isNot',
      'less',
      'greater',
      'isNull',
      'isNotNull',
    ]);
    expect(operatorsFor(column('string'))[0]).toBe('contains');
  });

  it('are one for each property, in the order they came', () => {
    const other: Filter = { property: 'title', operator: 'is', value: 'b' };
    expect(withFilter([title, pages], other)).toEqual([other, pages]);
    expect(withFilter([title], pages)).toEqual([title, pages]);
    expect(withoutFilter([title, pages], 'title')).toEqual([pages]);
  });

  it('can be read', () => {
    expect(describeFilter(pages)).toBe('pages is less than 9');
    expect(describeFilter({ property: 'note', operator: 'isNull' })).toBe('note is null');
    expect(describeFilter({ property: 'note', operator: 'is', value: '' })).toBe('note is ""');
  });
});

describe('a click on a header', () => {
  it('sorts up, then down, then not at all', () => {
    const up = nextOrder(undefined, 'a');
    const down = nextOrder(up, 'a');
    expect([up, down, nextOrder(down, 'a')]).toEqual([
      { property: 'a', direction: 'asc' },
      { property: 'a', direction: 'desc' },
      undefined,
    ]);
    expect(nextOrder(down, 'b')).toEqual({ property: 'b', direction: 'asc' });
  });
});
