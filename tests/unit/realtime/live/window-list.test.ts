import type { Leaf } from '../../../../src/index.js';
import type { FindManyOptions, OrderedReads } from '../../../../src/query/index.js';
import { compileQuery } from '../../../../src/query/index.js';
import type { RoutedChange } from '../../../../src/realtime/live/change-router.js';
import { WindowList } from '../../../../src/realtime/live/window-list.js';
import type { Note } from '../support/notes.js';
import { note, setUpNotes } from '../support/notes.js';

const nameOf = (n: number): string => `s${String(n).padStart(4, '0')}`;
const leavesOf = (slug: string, revision: number): Leaf[] => [
  { path: `notes/${slug}/title`, value: slug, type: 'string', revision },
];

/** The lists of notes `s0000` and so on in a store that the test moves on, and what its reads were asked for. */
function scene(count: number) {
  const { context } = setUpNotes();
  const store = {
    slugs: Array.from({ length: count }, (_, n) => nameOf(n)),
    now: { moment: 10, era: 0 } as { moment: number; era: number } | undefined,
    canRead: true,
  };
  const asked: unknown[][] = [];
  const reads: OrderedReads<Note> = {
    now: () => store.now,
    next: (behind, wanted, atMost) => {
      asked.push([behind?.record.slug, wanted, atMost]);
      if (!store.canRead) return undefined;
      const from = behind === undefined ? 0 : store.slugs.findIndex((slug) => slug > behind.record.slug);
      const found = from === -1 ? [] : store.slugs.slice(from, from + wanted);
      const isEnd = found.length === 0 || found.at(-1) === store.slugs.at(-1);
      const matches = found.map((slug) => ({
        record: { slug, leaves: leavesOf(slug, 1), revision: 1 },
        entity: note(slug),
      }));
      return { matches, isEnd };
    },
  };
  const inOrder = jest.spyOn(context.reader, 'inOrder').mockReturnValue(reads);
  const open = (options: FindManyOptions<Note>) =>
    WindowList.open(context, compileQuery(context.metadata, options));
  /** What commits say of these notes: gone, unless they are `put`. */
  const told = (
    last: number,
    slugs: readonly string[],
    { put = false, movedBack = false } = {},
  ): RoutedChange[] =>
    slugs.map((slug) => ({
      commit: {
        ...{ first: last, last, deviceId: null, operations: [], records: [] },
        ...(movedBack ? { movedBack } : {}),
      },
      change: { slug, existed: true, leaves: put ? leavesOf(slug, last) : [] },
    }));
  const remove = (...slugs: string[]): string[] => {
    store.slugs = store.slugs.filter((slug) => !slugs.includes(slug));
    return slugs;
  };
  return { store, asked, inOrder, open, told, remove };
}

const shown = (list: WindowList<Note> | undefined) => list?.window().map(({ slug }) => slug);

describe('a window is held', () => {
  it.each<[FindManyOptions<Note>, number | undefined]>([
    [{}, undefined],
    [{ skip: 3 }, undefined],
    [{ take: 0 }, undefined],
    [{ take: 1 }, 1],
    [{ take: 500 }, 500],
    [{ take: 400, skip: 100 }, 500],
    [{ take: 501 }, undefined],
    [{ take: 400, skip: 101 }, undefined],
  ])('of %j by so many records: %s', (options, size) => {
    const { open, asked } = scene(600);
    const list = open(options);
    expect(asked).toEqual(size === undefined ? [] : [[undefined, size, 1000]]);
    expect(shown(list)?.length).toBe(size === undefined ? undefined : options.take);
  });

  it('not where nothing yields its order, nor where records cannot be read here', () => {
    const { open, store, inOrder, asked } = scene(10);
    store.canRead = false;
    expect(open({ take: 2 })).toBeUndefined();
    store.now = undefined;
    asked.length = 0;
    expect([open({ take: 2 }), asked]).toEqual([undefined, []]);
    inOrder.mockReturnValue(undefined);
    expect(open({ take: 2 })).toBeUndefined();
  });
});

describe('what leaves a window', () => {
  it.each([1, 2, 5])('is replaced by as many behind its bound, of few records each: %d', (count) => {
    const { open, told, remove, store, asked } = scene(50);
    const list = open({ take: 5, skip: 1 })!;
    asked.length = 0;
    const gone = remove(...store.slugs.slice(1, 1 + count));
    store.now = { moment: 11, era: 0 };
    expect(list.apply(told(11, gone), 11)).toBe(true);
    expect(asked).toEqual([[nameOf(5), count, 64 + 8 * count]]);
    expect(shown(list)).toEqual(store.slugs.slice(1, 6));
  });

  it('is replaced by nothing where all there are are held', () => {
    const { open, told, remove, asked, store } = scene(3);
    const list = open({ take: 5 })!;
    asked.length = 0;
    store.now = { moment: 11, era: 0 };
    expect(list.apply(told(11, remove(nameOf(1))), 11)).toBe(true);
    expect([asked, shown(list)]).toEqual([[], [nameOf(0), nameOf(2)]]);
  });

  it('has all read again where the store is ahead of what was told, and what is told up to there is passed over', () => {
    const { open, told, remove, asked, store } = scene(50);
    const list = open({ take: 3 })!;
    asked.length = 0;
    const gone = remove(nameOf(0), nameOf(1));
    store.now = { moment: 12, era: 0 };
    expect(list.apply(told(11, gone.slice(0, 1)), 11)).toBe(true);
    expect(asked).toEqual([[undefined, 3, 1000]]);
    const before = list.window();
    expect(before.map(({ slug }) => slug)).toEqual([nameOf(2), nameOf(3), nameOf(4)]);
    asked.length = 0;
    expect(list.apply(told(12, gone.slice(1)), 12)).toBe(true);
    expect([asked, list.window() === before]).toEqual([[], true]);
    // That it was there before it went is not shown either.
    expect(list.apply(told(12, [nameOf(1)], { put: true }), 12)).toBe(true);
    expect(list.window()).toBe(before);
    store.now = { moment: 13, era: 0 };
    expect(list.apply(told(13, [nameOf(1)], { put: true }), 13)).toBe(true);
    expect(shown(list)).toEqual([nameOf(1), nameOf(2), nameOf(3)]);
  });

  it('cannot be replaced where nothing yields the order any more: the list is read anew', () => {
    const { open, told, remove, store } = scene(50);
    const list = open({ take: 3 })!;
    store.now = { moment: 11, era: 0 };
    store.canRead = false;
    expect(list.apply(told(11, remove(nameOf(0))), 11)).toBe(false);
  });
});

describe('a store that has moved back', () => {
  it.each([
    ['is told of', { moment: 5, era: 0 }, true],
    ['is found', { moment: 5, era: 1 }, false],
  ])('has all of a window read again, when that %s', (_, now, movedBack) => {
    const { open, told, remove, asked, store } = scene(50);
    const list = open({ take: 3 })!;
    asked.length = 0;
    remove(nameOf(1));
    store.now = now;
    expect(list.apply(told(5, [nameOf(40)], { put: true, movedBack }), 5)).toBe(true);
    expect([asked, shown(list)]).toEqual([[[undefined, 3, 1000]], [nameOf(0), nameOf(2), nameOf(3)]]);
    // From then on it is one like any other.
    asked.length = 0;
    store.now = { ...now, moment: 6 };
    expect(list.apply(told(6, [nameOf(40)], { put: true }), 6)).toBe(true);
    expect(asked).toEqual([]);
  });
});

it('records that a window has read are told once, and those that it held already stay the same', () => {
  const { open, told, remove, store } = scene(50);
  const list = open({ take: 3 })!;
  const slugs = (): string[] => [...list.takeFound()].map(([slug]) => slug);
  expect([slugs(), slugs()]).toEqual([[nameOf(0), nameOf(1), nameOf(2)], []]);
  const [, second] = list.window();
  store.now = { moment: 12, era: 0 };
  list.apply(told(11, remove(nameOf(0))), 11);
  expect(slugs()).toEqual([nameOf(1), nameOf(2), nameOf(3)]);
  expect(list.window()[0]).toBe(second);
  store.now = { moment: 13, era: 0 };
  list.apply(told(13, remove(nameOf(1))), 13);
  expect(slugs()).toEqual([nameOf(4)]);
});
