import type { EntityMetadata } from '../../../src/metadata/types.js';
import { compileQuery } from '../../../src/query/index.js';
import { pinsOf } from '../../../src/realtime/live/interest.js';
import { ChangeRouter } from '../../../src/realtime/live/change-router.js';
import { live } from '../../../src/realtime/index.js';
import { stillHeld } from '../garbage.js';
import type { Note } from './support/notes.js';
import { note, setUpNotes } from './support/notes.js';
import { settled } from './support/recording-logger.js';

interface Named {
  readonly name: string;
}

/** What pins a title. */
function pinsFor(metadata: EntityMetadata<Note>) {
  const pinned = (title: string) => pinsOf(compileQuery(metadata, { where: { title } }))!;
  return { pinned };
}

/** A router of lists that are nothing but names. */
function route() {
  const router = new ChangeRouter<object, Named>(setUpNotes().context);
  const told = (slug: string): string[] => {
    const change = { slug, existed: true, leaves: [] };
    const commit = { first: 1, last: 1, deviceId: null, operations: [], records: [change] };
    return [...router.route([commit]).keys()].map(({ name }) => name);
  };
  return { router, told };
}

describe('a router of changes', () => {
  it('tells a list that was removed of nothing, and another one of the same slug as before', async () => {
    const { router, told } = route();
    const pins = [{ slugs: ['a', 'b'] }];
    const begin = (name: string): WeakRef<Named> => {
      const list = { name };
      router.watchAll(list);
      router.pin(list, pins);
      return new WeakRef(list);
    };
    const [one, other] = [begin('one'), begin('other')];
    expect([told('a'), told('c')]).toEqual([['one', 'other'], []]);
    router.remove(one.deref()!, pins);
    expect([told('a'), told('b')]).toEqual([['other'], ['other']]);
    expect(await stillHeld([one, other])).toBe(1);
    router.remove(other.deref()!, pins);
    expect(told('a')).toEqual([]);
    expect(await stillHeld([one, other])).toBe(0);
  });

  it('tells a list of every change until its pins are known, and of none when it goes before', () => {
    const { router, told } = route();
    const list = { name: 'early' };
    router.watchAll(list);
    expect(told('a')).toEqual(['early']);
    router.remove(list, undefined);
    expect(told('a')).toEqual([]);
  });

  it('tells of a record that leaves those who know less of it than a read that was ahead', async () => {
    const { context, put, transport } = setUpNotes();
    const router = new ChangeRouter<Note, Named>(context);
    const { pinned } = pinsFor(context.metadata);
    const [before, ahead] = [{ name: 'before' }, { name: 'ahead' }];
    router.pin(before, pinned('x'));
    router.noteFound(pinned('x'), [['a', note('a', 'x')]]);
    router.pin(ahead, pinned('y'));
    router.noteFound(pinned('y'), [['a', note('a', 'y')]]);
    const told: string[][] = [];
    const subscription = transport.watchRecords('notes').subscribe((commits) => {
      told.push([...router.route(commits).keys()].map(({ name }) => name));
    });
    put('a');
    put('a');
    subscription.unsubscribe();
    expect(told).toEqual([['before', 'ahead'], []]);
    await settled();
  });

  it('remembers nothing of records that nobody watched, by what it was told and by what was read', async () => {
    const { context, put, transport } = setUpNotes();
    const router = new ChangeRouter<Note, Named>(context);
    const { pinned } = pinsFor(context.metadata);
    router.pin({ name: 'first' }, pinned('y'));
    const told: string[][] = [];
    const subscription = transport.watchRecords('notes').subscribe((commits) => {
      told.push([...router.route(commits).keys()].map(({ name }) => name));
    });
    put('a');
    put('b');
    router.noteFound(pinned('y'), [['b', note('b', 'b')]]);
    router.pin({ name: 'later' }, [...pinned('a'), ...pinned('b')]);
    transport.commit('delete', 'notes/a');
    transport.commit('delete', 'notes/b');
    subscription.unsubscribe();
    expect(told).toEqual([[], [], [], []]);
    await settled();
  });

  it('reads no record for the values of properties that nobody watches any more', async () => {
    const { context, put } = setUpNotes();
    const ofOthers = live(context, { where: { slug: 'other' } }).subscribe();
    const byTitle = live(context, { where: { title: 'x' } }).subscribe();
    await settled();
    const hydrate = jest.spyOn(context.mapper, 'hydrate');
    put('a', 1);
    expect(hydrate).toHaveBeenCalledTimes(1);
    byTitle.unsubscribe();
    put('a', 2);
    expect(hydrate).toHaveBeenCalledTimes(1);
    ofOthers.unsubscribe();
  });
});
