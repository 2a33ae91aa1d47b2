import type { LiveContext, LiveOptions } from '../../../src/realtime/index.js';
import { In, MoreThan } from '../../../src/query/index.js';
import { live, liveOne } from '../../../src/realtime/index.js';
import type { Note } from './support/notes.js';
import { note, noteMetadata, setUpNotes } from './support/notes.js';
import { settled } from './support/recording-logger.js';

/** Something to wait for, and the way to let it happen. */
function gate() {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

function watch(context: LiveContext<Note>, options?: LiveOptions<Note>) {
  const lists: Note[][] = [];
  const errors: unknown[] = [];
  const complete = jest.fn();
  const subscription = live(context, options).subscribe({
    next: (list) => lists.push(list),
    error: (error) => errors.push(error),
    complete,
  });
  const slugs = () => lists.map((list) => list.map(({ slug }) => slug).join(' '));
  return { lists, slugs, errors, complete, subscription };
}

async function watchLoaded(context: LiveContext<Note>, options?: LiveOptions<Note>) {
  const watched = watch(context, options);
  await settled();
  expect(watched.lists).toHaveLength(1);
  return watched;
}

describe('live', () => {
  it('gives the current list, then one for every change', async () => {
    const { context, transport, put } = setUpNotes();
    put('b', 1);
    const { lists } = await watchLoaded(context);
    put('a', 2);
    put('b', 3);
    transport.commit('delete', 'notes/a');
    expect(lists).toEqual([
      [note('b', 'b', 1)],
      [note('a', 'a', 2), note('b', 'b', 1)],
      [note('a', 'a', 2), note('b', 'b', 3)],
      [note('b', 'b', 3)],
    ]);
  });

  it('gives an empty list when nothing matches', async () => {
    const { context } = setUpNotes();
    expect((await watchLoaded(context)).lists).toEqual([[]]);
  });

  it('keeps store order without an order: the order of the paths below the records', async () => {
    const { context, put } = setUpNotes();
    for (const slug of ['a', 'b']) put(slug);
    const { slugs } = await watchLoaded(context);
    put('a-2');
    put('a.c');
    put('aa');
    expect(slugs().at(-1)).toBe('a-2 a.c a aa b');
  });

  it('lets records enter and leave the where', async () => {
    const { context, put } = setUpNotes();
    put('a', 1);
    put('b', 5);
    const { slugs } = await watchLoaded(context, { where: { rank: MoreThan(3) } });
    put('a', 4);
    put('b', 2);
    expect(slugs()).toEqual(['b', 'a b', 'a']);
  });

  it('moves records in the order', async () => {
    const { context, put } = setUpNotes();
    put('a', 1);
    put('b', 2);
    put('c', 3);
    const { slugs } = await watchLoaded(context, { order: { rank: 'DESC' } });
    put('a', 4);
    put('c', 0);
    expect(slugs()).toEqual(['c b a', 'a c b', 'a b c']);
  });

  it('shifts records through the window of skip and take', async () => {
    const { context, transport, put } = setUpNotes();
    for (const slug of ['b', 'c', 'd', 'e']) put(slug);
    const { slugs } = await watchLoaded(context, { skip: 1, take: 2 });
    transport.commit('delete', 'notes/b');
    put('a');
    transport.commit('delete', 'notes/c');
    transport.commit('delete', 'notes/d');
    transport.commit('delete', 'notes/e');
    transport.commit('delete', 'notes/a');
    expect(slugs()).toEqual(['c d', 'd e', 'c d', 'd e', 'e', '']);
  });

  it('emits nothing for what the list does not show', async () => {
    const { context, transport, put } = setUpNotes();
    for (const slug of ['a', 'b', 'c']) put(slug, 1);
    const { lists } = await watchLoaded(context, { where: { rank: 1 }, take: 2 });
    put('c', 1);
    put('d', 1);
    transport.commit('delete', 'notes/d');
    put('a2', 2);
    transport.commit('delete', 'notes/a2');
    transport.commit('set', 'elsewhere/a', 1);
    transport.commit('set', 'notes/a/title', 'a');
    transport.commit('set', 'notes/a/unknown', 'stray');
    put('a', 1);
    transport.commit('delete', 'notes/ghost');
    expect(lists).toHaveLength(1);
  });

  it('emits for a record whose version field is all that changed', async () => {
    const versionField = noteMetadata.fields[1];
    const { context, put } = setUpNotes({ metadata: { versionField } });
    put('a', 1);
    const { lists } = await watchLoaded(context);
    put('a', 1);
    expect(lists).toHaveLength(2);
  });

  it('emits once for an operation, however many records it touches', async () => {
    const { context, transport, put } = setUpNotes();
    put('a');
    put('b');
    const { slugs } = await watchLoaded(context);
    transport.commit('set', 'notes', { b: { title: 'b' }, c: { title: 'c' } });
    transport.commit('delete', 'notes');
    expect(slugs()).toEqual(['a b', 'b c', '']);
  });

  it('emits once for a commit, and not at all when it leaves the list as it was', async () => {
    const { context, transport, put } = setUpNotes();
    put('a', 1);
    const { lists } = await watchLoaded(context, { where: { rank: MoreThan(0) } });
    transport.commitAll([
      { op: 'set', path: 'notes/b', value: { title: 'b', rank: 2 } },
      { op: 'set', path: 'notes/a/rank', value: 5 },
      { op: 'set', path: 'notes/c', value: { title: 'c', rank: 0 } },
    ]);
    expect(lists.slice(1)).toEqual([[note('a', 'a', 5), note('b', 'b', 2)]]);
    transport.commitAll([
      { op: 'set', path: 'notes/a/rank', value: 0 },
      { op: 'set', path: 'notes/d', value: { title: 'd', rank: 7 } },
      { op: 'delete', path: 'notes/d' },
      { op: 'set', path: 'notes/a/rank', value: 5 },
    ]);
    expect(lists).toHaveLength(2);
  });

  it('emits once for commits that became known together, when the list differs in the end', async () => {
    const { context, transport, put } = setUpNotes();
    put('a', 1);
    const { lists } = await watchLoaded(context);
    transport.holdBroadcasts = true;
    put('b', 1);
    put('a', 2);
    transport.commit('delete', 'notes/b');
    put('c', 3);
    transport.releaseTogether();
    expect(lists.slice(1)).toEqual([[note('a', 'a', 2), note('c', 'c', 3)]]);
    transport.holdBroadcasts = true;
    put('d', 1);
    transport.commit('delete', 'notes/d');
    transport.releaseTogether();
    expect(lists).toHaveLength(2);
  });

  describe('of a store that moved back', () => {
    it('has what find gives, and goes on with what is written then', async () => {
      const { context, transport, put } = setUpNotes();
      for (const slug of ['a', 'b', 'c']) put(slug, 1);
      const { lists } = await watchLoaded(context);
      put('d', 1);
      transport.moveBackTo(1, { 'notes/a/title': 'other', 'notes/b/title': 'b' });
      put('e', 2);
      put('b', 3);
      transport.commit('delete', 'notes/a');
      expect(lists.slice(2)).toEqual([
        [note('a', 'other'), note('b')],
        [note('a', 'other'), note('b'), note('e', 'e', 2)],
        [note('a', 'other'), note('b', 'b', 3), note('e', 'e', 2)],
        [note('b', 'b', 3), note('e', 'e', 2)],
      ]);
    });

    it('is empty when that is', async () => {
      const { context, transport, put } = setUpNotes();
      for (const slug of ['a', 'b', 'c']) put(slug);
      const { slugs } = await watchLoaded(context, { take: 1 });
      transport.moveBackTo(0);
      put('d');
      expect(slugs()).toEqual(['a', '', 'd']);
    });

    it('does not bring back what a read found before that', async () => {
      const { context, transport, put } = setUpNotes();
      for (const slug of ['a', 'b', 'c']) put(slug);
      const { opened, open } = gate();
      transport.afterRead = () => opened;
      const { slugs } = watch(context);
      await settled();
      transport.moveBackTo(1, { 'notes/a/title': 'a' });
      put('b');
      transport.commit('delete', 'notes/b');
      open();
      await settled();
      expect(slugs()).toEqual(['a']);
    });
  });

  it('takes operations on hundreds of records at once', async () => {
    const { context, transport } = setUpNotes();
    const names = Array.from({ length: 300 }, (_, i) => `n${String(i).padStart(3, '0')}`);
    const all = (rankOf: (i: number) => number) =>
      Object.fromEntries(names.map((name, i) => [name, { title: name, rank: rankOf(i) }]));
    const { lists } = await watchLoaded(context, { order: { rank: 'ASC' } });
    transport.commit(
      'set',
      'notes',
      all((i) => i),
    );
    transport.commit(
      'set',
      'notes',
      all((i) => -i),
    );
    transport.commit('delete', 'notes');
    expect(lists.map((list) => list.length)).toEqual([0, 300, 300, 0]);
    expect(lists[1]?.map(({ slug }) => slug)).toEqual(names);
    expect(lists[2]?.map(({ slug }) => slug)).toEqual([...names].reverse());
  });

  it('gives fresh arrays of the same instances, renewing those that changed', async () => {
    const { context, put } = setUpNotes();
    put('a', 1);
    put('b', 1);
    const { lists } = await watchLoaded(context);
    put('b', 2);
    const [first, second] = lists;
    expect(second).not.toBe(first);
    expect(second?.[0]).toBe(first?.[0]);
    expect(second?.[1]).not.toBe(first?.[1]);
  });

  it('reads once for equal queries, which share instances and not arrays', async () => {
    const { context, put } = setUpNotes();
    put('a');
    const [one, other] = [await watchLoaded(context), await watchLoaded(context)];
    expect(one.lists).toEqual(other.lists);
    expect(one.lists[0]).not.toBe(other.lists[0]);
    expect(one.lists[0]?.[0]).toBe(other.lists[0]?.[0]);
  });

  it('tells one who joins a shared list of a change once', async () => {
    const { context, put } = setUpNotes();
    put('a');
    await watchLoaded(context);
    const second = watch(context);
    put('b');
    await settled();
    expect(second.slugs()).toEqual(['a b']);
  });

  it('lets go of a shared list when the last one does', async () => {
    const { context, transport, put } = setUpNotes();
    put('a');
    const [one, other] = [await watchLoaded(context), await watchLoaded(context)];
    expect(transport.activeWatches).toBe(1);
    one.subscription.unsubscribe();
    put('b');
    expect([one.slugs(), other.slugs()]).toEqual([['a'], ['a', 'a b']]);
    other.subscription.unsubscribe();
    expect(transport.activeWatches).toBe(0);
  });

  it('is not confused by changes to the arrays and instances it handed out', async () => {
    const { context, transport, put } = setUpNotes();
    for (const [rank, slug] of ['a', 'b', 'c', 'd'].entries()) put(slug, rank);
    const { slugs, lists } = await watchLoaded(context, { order: { rank: 'ASC' } });
    for (const each of lists[0] ?? []) each.rank = -(each.rank ?? 0);
    lists[0]?.reverse();
    put('c', 9);
    transport.commit('delete', 'notes/a');
    put('b', -1);
    expect(slugs().slice(1)).toEqual(['a b d c', 'b d c', 'b d c']);
    expect(lists.at(-1)?.[0]).toEqual(note('b', 'b', -1));
  });

  describe('while the first read is under way', () => {
    it('counts operations that the read does not show, once', async () => {
      const { context, transport, put } = setUpNotes();
      for (const slug of ['changed', 'deleted', 'kept']) put(slug, 1);
      const { opened, open } = gate();
      transport.afterRead = () => opened;
      const { lists } = watch(context, { where: { rank: 1 } });
      await settled();
      transport.commit('set', 'notes/changed/title', 'new');
      transport.commit('delete', 'notes/deleted');
      put('inserted', 1);
      put('passing', 1);
      transport.commit('delete', 'notes/passing');
      put('other', 2);
      expect(lists).toEqual([]);
      open();
      await settled();
      expect(lists).toEqual([
        [note('changed', 'new', 1), note('inserted', 'inserted', 1), note('kept', 'kept', 1)],
      ]);
    });

    it('counts operations that the read shows already, once', async () => {
      const { context, transport, put } = setUpNotes();
      put('a', 1);
      const { opened, open } = gate();
      transport.beforeRead = () => opened;
      const { lists } = watch(context);
      put('a', 2);
      put('b', 2);
      transport.commit('delete', 'notes/a/rank');
      open();
      await settled();
      expect(lists).toEqual([[note('a'), note('b', 'b', 2)]]);
    });

    it('emits nothing for operations that arrive after the read that shows them', async () => {
      const { context, transport, put } = setUpNotes();
      transport.holdBroadcasts = true;
      put('a', 1);
      put('a', 2);
      put('b', 2);
      const { lists } = await watchLoaded(context);
      transport.releaseBroadcasts();
      put('c', 3);
      expect(lists).toEqual([
        [note('a', 'a', 2), note('b', 'b', 2)],
        [note('a', 'a', 2), note('b', 'b', 2), note('c', 'c', 3)],
      ]);
    });

    it('holds no more than one list, however many operations there are, and reads once', async () => {
      const { context, transport, put } = setUpNotes();
      const { opened, open } = gate();
      transport.afterRead = () => opened;
      const { lists } = watch(context);
      for (let i = 0; i < 3000; i++) put(`n${i % 3}`, i);
      open();
      await settled();
      expect(lists).toEqual([[note('n0', 'n0', 2997), note('n1', 'n1', 2998), note('n2', 'n2', 2999)]]);
      expect(transport.reads).toBe(1);
    });

    it('can be unsubscribed from: the read is called off and nothing stays', async () => {
      const { context, transport, put } = setUpNotes();
      put('a');
      const { opened, open } = gate();
      transport.afterRead = () => opened;
      const list = jest.spyOn(transport, 'list');
      const { lists, errors, subscription } = watch(context);
      await settled();
      subscription.unsubscribe();
      expect(list.mock.calls[0]?.[0].signal?.aborted).toBe(true);
      expect(transport.activeWatches).toBe(0);
      open();
      await settled();
      expect({ lists, errors }).toEqual({ lists: [], errors: [] });
    });

    it('completes when the transport is closed', async () => {
      const { context, transport } = setUpNotes();
      const { opened, open } = gate();
      transport.afterRead = () => opened;
      const { lists, errors, complete } = watch(context);
      transport.endWatches();
      open();
      await settled();
      expect(complete).toHaveBeenCalledTimes(1);
      expect({ lists, errors }).toEqual({ lists: [], errors: [] });
    });
  });

  it('errors when the first read fails, and lets go of the watch', async () => {
    const { context, transport } = setUpNotes();
    transport.beforeRead = () => Promise.reject(new Error('no way'));
    const { errors } = watch(context);
    expect(transport.activeWatches).toBe(1);
    await settled();
    expect(errors).toEqual([new Error('no way')]);
    expect(transport.activeWatches).toBe(0);
  });

  it('leaves out records that cannot be read, also those that no longer can', async () => {
    const { context, transport, put, logger } = setUpNotes();
    put('a', 1);
    transport.commit('set', 'notes/half/rank', 1);
    const { slugs, errors } = await watchLoaded(context);
    transport.commit('set', 'notes/half/rank', 2);
    expect(slugs()).toEqual(['a']);
    transport.commit('set', 'notes/half/title', 'whole');
    transport.commit('delete', 'notes/a/title');
    expect(slugs()).toEqual(['a', 'a half', 'half']);
    expect(errors).toEqual([]);
    expect(logger.warnings).toEqual([expect.stringContaining('"half"'), expect.stringContaining('"a"')]);
  });

  it('waits in silence for the rest of a record that is written leaf by leaf, not for one that it has shown', async () => {
    const onInvalidRecord = jest.fn();
    const { context, transport } = setUpNotes({ onInvalidRecord });
    const { slugs } = await watchLoaded(context);
    transport.commit('set', 'notes/a/rank', 1);
    transport.commit('set', 'notes/a/title', 'A');
    expect(slugs()).toEqual(['', 'a']);
    expect(onInvalidRecord).not.toHaveBeenCalled();
    transport.commit('set', 'notes/a/title', null);
    expect(slugs()).toEqual(['', 'a', '']);
    expect(onInvalidRecord).toHaveBeenCalledTimes(1);
  });

  it('errors when onInvalidRecord throws, and lets go of the watch', async () => {
    const { context, transport } = setUpNotes({ onInvalidRecord: 'throw' });
    const { errors } = await watchLoaded(context);
    transport.commit('set', 'notes/half', { rank: 1 });
    expect(errors).toEqual([expect.objectContaining({ kind: 'invalid_record' })]);
    expect(transport.activeWatches).toBe(0);
  });

  it('reads and follows only the slugs that the where names', async () => {
    const { context, transport, put } = setUpNotes({ onInvalidRecord: 'throw' });
    for (const slug of ['a', 'b', 'c']) put(slug);
    const list = jest.spyOn(transport, 'list');
    const { slugs, errors } = await watchLoaded(context, { where: { slug: In(['b', 'x']) } });
    transport.commit('set', 'notes/half', { rank: 1 });
    put('x');
    expect(slugs()).toEqual(['b', 'b x']);
    expect(list).not.toHaveBeenCalled();
    expect(errors).toEqual([]);
  });

  it('lets go of everything when unsubscribed', async () => {
    const { context, transport, put } = setUpNotes();
    const { lists, subscription } = await watchLoaded(context);
    subscription.unsubscribe();
    expect(transport.activeWatches).toBe(0);
    put('a');
    expect(lists).toHaveLength(1);
  });

  it('passes on how the watch ends', async () => {
    const { context, transport } = setUpNotes();
    const { complete } = await watchLoaded(context);
    transport.endWatches();
    expect(complete).toHaveBeenCalledTimes(1);

    const failing = setUpNotes();
    const { errors } = await watchLoaded(failing.context);
    failing.transport.endWatches(new Error('lost'));
    expect(errors).toEqual([new Error('lost')]);
  });

  it('errors where there is no realtime, without reading', async () => {
    const { context, transport } = setUpNotes();
    transport.capabilities = { ...transport.capabilities, realtime: false };
    const { errors } = watch(context);
    await settled();
    expect(errors).toEqual([
      expect.objectContaining({ kind: 'not_supported', message: expect.stringContaining('live()') }),
    ]);
    expect(transport.reads).toBe(0);
  });

  it('errors each time it is subscribed to while nothing can be watched, and begins when it can', async () => {
    const { context, transport, put } = setUpNotes();
    const { capabilities } = transport;
    transport.capabilities = { ...capabilities, realtime: false };
    const refused = [watch(context), watch(context, { take: 1 })];
    expect(refused.map(({ errors }) => errors)).toEqual([
      [expect.objectContaining({ kind: 'not_supported' })],
      [expect.objectContaining({ kind: 'not_supported' })],
    ]);
    transport.capabilities = capabilities;
    const { slugs } = await watchLoaded(context);
    put('a', 1);
    expect(slugs()).toEqual(['', 'a']);
  });

  it('refuses at once what find would refuse', () => {
    const { context } = setUpNotes();
    expect(() => live(context, { where: {} })).toThrow(expect.objectContaining({ kind: 'invalid_criteria' }));
    expect(() => live(context, { take: -1 })).toThrow(expect.objectContaining({ kind: 'invalid_options' }));
  });
});

describe('liveOne', () => {
  async function watchOne(context: LiveContext<Note>, criteria: Parameters<typeof liveOne<Note>>[1]) {
    const seen: (Note | null)[] = [];
    const subscription = liveOne(context, criteria).subscribe((each) => seen.push(each));
    await settled();
    return { seen, subscription };
  }

  it('follows the record with a slug', async () => {
    const { context, transport, put } = setUpNotes();
    const { seen, subscription } = await watchOne(context, 'a');
    put('b');
    put('a', 1);
    put('a', 1);
    put('a', 2);
    transport.commit('delete', 'notes/a');
    expect(seen).toEqual([null, note('a', 'a', 1), note('a', 'a', 2), null]);
    subscription.unsubscribe();
    expect(transport.activeWatches).toBe(0);
  });

  it.each([
    ['a slug', 'a'],
    ['many slugs', { slug: In(['a', ...Array.from({ length: 1500 }, (_, i) => `m${i}`)]) }],
  ])('knows nothing of other records, by %s, nor while it is read', async (_, criteria) => {
    const { context, transport, put } = setUpNotes({ onInvalidRecord: 'throw' });
    put('a', 1);
    const { opened, open } = gate();
    transport.afterRead = () => opened;
    const seen: (Note | null)[] = [];
    const subscription = liveOne(context, criteria).subscribe((each) => seen.push(each));
    await settled();
    transport.commit('set', 'notes/b', { rank: 1 });
    open();
    await settled();
    transport.commit('set', 'notes/c', { rank: 1 });
    put('a', 2);
    expect(seen).toEqual([note('a', 'a', 1), note('a', 'a', 2)]);
    subscription.unsubscribe();
  });

  it('follows the first record that meets a where', async () => {
    const { context, put } = setUpNotes();
    put('c', 1);
    const { seen } = await watchOne(context, { rank: 1 });
    put('b', 1);
    put('d', 1);
    put('b', 2);
    expect(seen).toEqual([note('c', 'c', 1), note('b', 'b', 1), note('c', 'c', 1)]);
  });

  it('refuses an empty criterion at once', () => {
    const { context } = setUpNotes();
    for (const criteria of ['', {}, []]) {
      expect(() => liveOne(context, criteria)).toThrow(expect.objectContaining({ kind: 'invalid_criteria' }));
    }
  });

  it('errors where there is no realtime', () => {
    const { context, transport } = setUpNotes();
    transport.capabilities = { ...transport.capabilities, realtime: false };
    const error = jest.fn();
    liveOne(context, 'a').subscribe({ error });
    expect(error).toHaveBeenCalledWith(
      expect.objectContaining({ kind: 'not_supported', message: expect.stringContaining('liveOne()') }),
    );
  });
});
