import type { Route } from '../../../../src/studio/page/state/route.js';
import { formatRoute, parseRoute, tableKey, tableOf } from '../../../../src/studio/page/state/route.js';

const ROUTES: [string, Route][] = [
  ['home', { view: 'home' }],
  ['status', { view: 'status' }],
  ['a path', { view: 'path', path: 'a/b~1c/d e', tab: 'leaves' }],
  ['the history of a path', { view: 'path', path: 'ä/%2F?&#', tab: 'history' }],
  ['a table', tableOf('Book')],
  [
    'a table with all that can be chosen',
    {
      view: 'table',
      entity: 'My/Book?',
      order: { property: 'imprint.year', direction: 'desc' },
      filters: [
        { property: 'title', operator: 'contains', value: 'a:b&c=ü %' },
        { property: 'note', operator: 'isNull' },
        { property: 'state', operator: 'is', value: '' },
      ],
      withDeleted: true,
      record: 'library/books/a~1b',
      tab: 'history',
      form: 'edit',
    },
  ],
];

describe('an address', () => {
  it.each(ROUTES)('of %s leads back to it', (_, route) => {
    expect(parseRoute(formatRoute(route))).toEqual(route);
  });

  it('shows a path as it is', () => {
    expect(formatRoute({ view: 'path', path: 'links/dust', tab: 'leaves' })).toBe('#/path?at=links/dust');
  });

  it.each(['', '#', '#/', '#/nothing', '#/entity', '#/entity/', '#/entity/%E0%A4%A'])(
    '%p is the home view',
    (hash) => {
      expect(parseRoute(hash)).toEqual({ view: 'home' });
    },
  );

  it('leaves out what it cannot read', () => {
    expect(parseRoute('#/entity/Book?order=title.up&where=title&where=title:like:x&tab=all&form=x')).toEqual(
      tableOf('Book'),
    );
  });
});

describe('what decides on the rows of a table', () => {
  it('is no open record, tab or form', () => {
    const table = tableOf('Book');
    expect(tableKey({ ...table, record: 'books/a', tab: 'history', form: 'edit' })).toBe(tableKey(table));
    expect(tableKey({ ...table, withDeleted: true })).not.toBe(tableKey(table));
    expect(tableKey({ ...table, order: { property: 'a', direction: 'asc' } })).not.toBe(tableKey(table));
    expect(tableKey({ ...table, filters: [{ property: 'a', operator: 'isNull' }] })).not.toBe(
      tableKey(table),
    );
  });
});
