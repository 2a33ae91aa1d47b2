import type { Leaf } from '../../../../src/index.js';
import { compileQuery } from '../../../../src/query/index.js';
import type { RoutedChange } from '../../../../src/realtime/live/change-router.js';
import { LiveList } from '../../../../src/realtime/live/live-list.js';
import { note, setUpNotes } from '../support/notes.js';

const leavesAt = (revision: number): Leaf[] => [
  { path: 'notes/a/title', value: `at ${revision}`, type: 'string', revision },
];
/** What a commit made of the record; nothing for a removal. */
const told = (last: number, { movedBack = false, isGone = false } = {}): RoutedChange => ({
  commit: {
    first: last,
    last,
    deviceId: null,
    operations: [],
    records: [],
    ...(movedBack ? { movedBack } : {}),
  },
  change: { slug: 'a', existed: true, leaves: isGone ? [] : leavesAt(last) },
});
const found = (revision: number) => ({
  record: { slug: 'a', leaves: leavesAt(revision), revision },
  entity: note('a', `at ${revision}`),
});

/** The revisions that a list shows once it was told of this and has read that. */
function shown(changes: readonly RoutedChange[], read: number | undefined): number[] {
  const { context } = setUpNotes();
  const list = new LiveList(context, compileQuery(context.metadata, {}));
  list.apply(changes);
  if (read !== undefined) list.load(found(read));
  list.finishLoading();
  return list.window().map(({ record }) => record.revision);
}

describe('what a list has read and was told of meanwhile', () => {
  it.each<[string, RoutedChange[], number | undefined, number[]]>([
    ['what was read alone', [], 3, [3]],
    ['what was told alone', [told(5)], undefined, [5]],
    ['what was told, where the read was before it', [told(5)], 3, [5]],
    ['what was read, where it was ahead', [told(5)], 7, [7]],
    ['nothing, where what was read is gone since', [told(5, { isGone: true })], 3, []],
    ['what was read, where it has come back', [told(5, { isGone: true })], 7, [7]],
    ['what was told of a store that moved back', [told(5, { movedBack: true })], 7, [5]],
    ['what was told of it since', [told(5, { movedBack: true }), told(6)], 7, [6]],
  ])('is %s', (_, changes, read, revisions) => {
    expect(shown(changes, read)).toEqual(revisions);
  });

  it('passes over what it is told of later and has read already, unless the store moved back', () => {
    const { context } = setUpNotes();
    const list = new LiveList(context, compileQuery(context.metadata, {}));
    list.load(found(7));
    list.finishLoading();
    const revisionAfter = (change: RoutedChange): number[] => {
      list.apply([change]);
      return list.window().map(({ record }) => record.revision);
    };
    expect(revisionAfter(told(5))).toEqual([7]);
    expect(revisionAfter(told(6, { isGone: true }))).toEqual([7]);
    expect(revisionAfter(told(8))).toEqual([8]);
    expect(revisionAfter(told(4, { movedBack: true }))).toEqual([4]);
  });

  it('shows the very same window while nothing in it has changed', () => {
    const { context } = setUpNotes();
    const list = new LiveList(context, compileQuery(context.metadata, {}));
    list.load(found(7));
    list.finishLoading();
    const before = list.window();
    list.apply([told(7)]);
    expect(list.window()).toBe(before);
  });
});
