import { config, of } from 'rxjs';
import type { EntityEvent } from '../../../src/realtime/index.js';
import { entityEvents, rawEvents } from '../../../src/realtime/index.js';
import { Note, note, setUpNotes } from './support/notes.js';
import { settled } from './support/recording-logger.js';

function listen(context: Parameters<typeof entityEvents<Note>>[0]) {
  const events: EntityEvent<Note>[] = [];
  const errors: unknown[] = [];
  const subscription = entityEvents(context).subscribe({
    next: (event) => events.push(event),
    error: (error) => errors.push(error),
  });
  return { events, errors, subscription };
}

describe('entityEvents', () => {
  it('tells of upserts and deletes in store order, with seq and owner', () => {
    const { context, transport, put } = setUpNotes();
    const { events } = listen(context);
    put('a', 1);
    put('a', 2, 'self');
    transport.commit('delete', 'notes/a', null, 'self');
    expect(events).toEqual([
      { type: 'upserted', entity: note('a', 'a', 1), slug: 'a', storeSeq: 1, own: false },
      { type: 'upserted', entity: note('a', 'a', 2), slug: 'a', storeSeq: 2, own: true },
      { type: 'deleted', slug: 'a', storeSeq: 3, own: true },
    ]);
    expect(events[0]).toHaveProperty('entity', expect.any(Note));
  });

  it('begins with the first operation after subscribing, and ends with the subscription', () => {
    const { context, put, transport } = setUpNotes();
    put('before');
    const { events, subscription } = listen(context);
    put('during');
    subscription.unsubscribe();
    put('after');
    expect(events.map(({ slug }) => slug)).toEqual(['during']);
    expect(transport.activeWatches).toBe(0);
  });

  it('tells of every record that one operation touches', () => {
    const { context, transport, put } = setUpNotes();
    put('a');
    put('b');
    const { events } = listen(context);
    transport.commit('set', 'notes', { b: { title: 'B' }, c: { title: 'C' } });
    transport.commit('delete', 'notes');
    expect(events.map(({ type, slug, storeSeq }) => `${storeSeq} ${type} ${slug}`)).toEqual([
      '3 deleted a',
      '3 upserted b',
      '3 upserted c',
      '4 deleted b',
      '4 deleted c',
    ]);
  });

  it('takes the deletion of the last field for the deletion of the record', () => {
    const { context, transport } = setUpNotes();
    transport.commit('set', 'notes/a/title', 'A');
    const { events } = listen(context);
    transport.commit('delete', 'notes/a/title');
    expect(events).toEqual([{ type: 'deleted', slug: 'a', storeSeq: 2, own: false }]);
  });

  it('tells of each record of a commit once, as it is in the end, with the seq of its last operation', () => {
    const { context, transport, put } = setUpNotes();
    put('old');
    const { events } = listen(context);
    transport.commitAll([
      { op: 'set', path: 'notes/b', value: { title: 'B' } },
      { op: 'set', path: 'notes/a/title', value: 'A' },
      { op: 'set', path: 'notes/b/rank', value: 2 },
      { op: 'delete', path: 'notes/old' },
      { op: 'set', path: 'elsewhere', value: 1 },
    ]);
    expect(events).toEqual([
      { type: 'upserted', entity: note('a', 'A'), slug: 'a', storeSeq: 6, own: false },
      { type: 'upserted', entity: note('b', 'B', 2), slug: 'b', storeSeq: 6, own: false },
      { type: 'deleted', slug: 'old', storeSeq: 6, own: false },
    ]);
  });

  it('tells of commits that became known together one by one, in their order', () => {
    const { context, transport, put } = setUpNotes();
    const { events } = listen(context);
    transport.holdBroadcasts = true;
    put('a', 1);
    put('a', 2);
    transport.commit('delete', 'notes/a');
    transport.releaseTogether();
    expect(events.map(({ storeSeq, type }) => [storeSeq, type])).toEqual([
      [1, 'upserted'],
      [2, 'upserted'],
      [3, 'deleted'],
    ]);
  });

  it('says nothing of a record that neither was nor is', () => {
    const { context, transport } = setUpNotes();
    const names = { deviceId: null, clientOpId: null };
    const operation = { storeSeq: 1, op: 'delete', path: 'notes/ghost', value: null, ...names } as const;
    const records = [{ slug: 'ghost', existed: false, leaves: [] }];
    const commit = { first: 1, last: 1, deviceId: null, operations: [operation], records };
    jest.spyOn(transport, 'watchRecords').mockReturnValue(of([commit]));
    expect(listen(context)).toMatchObject({ events: [], errors: [] });
  });

  it('leaves out records that cannot be read, with a warning, and goes on', () => {
    const { context, transport, logger, put } = setUpNotes();
    const { events, errors } = listen(context);
    transport.commit('set', 'notes/half', { rank: 1 });
    put('whole');
    expect(events.map(({ slug }) => slug)).toEqual(['whole']);
    expect(errors).toEqual([]);
    expect(logger.warnings).toEqual([expect.stringContaining('half')]);
  });

  it('waits in silence for the rest of a record that is written leaf by leaf', () => {
    const onInvalidRecord = jest.fn();
    const { context, transport } = setUpNotes({ onInvalidRecord });
    const { events } = listen(context);
    transport.commit('set', 'notes/a/rank', 1);
    transport.commit('set', 'notes/a/title', 'A');
    expect(events).toMatchObject([{ type: 'upserted', storeSeq: 2, entity: { title: 'A', rank: 1 } }]);
    expect(onInvalidRecord).not.toHaveBeenCalled();
    transport.commit('delete', 'notes/a/title');
    expect(onInvalidRecord).toHaveBeenCalledTimes(1);
  });

  it('asks onInvalidRecord, and errors when it throws', () => {
    const onInvalidRecord = jest.fn();
    const asked = setUpNotes({ onInvalidRecord });
    listen(asked.context);
    asked.transport.commit('set', 'notes/half', { rank: 1 });
    expect(onInvalidRecord).toHaveBeenCalledWith(
      expect.objectContaining({ slug: 'half', missing: ['title'] }),
    );

    const strict = setUpNotes({ onInvalidRecord: 'throw' });
    const { errors } = listen(strict.context);
    strict.transport.commit('set', 'notes/half', { rank: 1 });
    expect(errors).toEqual([expect.objectContaining({ kind: 'invalid_record' })]);
    expect(strict.transport.activeWatches).toBe(0);
  });

  it('gives each subscriber an instance of its own', () => {
    const { context, put } = setUpNotes();
    const [first, second] = [listen(context), listen(context)];
    put('a');
    const entities = [first, second].map(({ events: [event] }) => event?.type === 'upserted' && event.entity);
    expect(entities[0]).toEqual(entities[1]);
    expect(entities[0]).not.toBe(entities[1]);
  });

  it('keeps the order for a subscriber that makes further operations while it is told of one', () => {
    const { context, transport, put } = setUpNotes();
    const seen: string[] = [];
    entityEvents(context).subscribe(({ slug }) => {
      if (seen.length === 0) put('later');
      seen.push(slug);
    });
    transport.commit('set', 'notes', { a: { title: 'A' }, b: { title: 'B' } });
    expect(seen).toEqual(['a', 'b', 'later']);
  });

  it('lets a subscriber that throws harm nobody else', async () => {
    const unhandled: unknown[] = [];
    config.onUnhandledError = (error) => unhandled.push(error);
    try {
      const { context, put } = setUpNotes();
      entityEvents(context).subscribe(() => {
        throw new Error('mine');
      });
      const { events } = listen(context);
      put('a');
      put('b');
      await new Promise((resolve) => {
        setTimeout(resolve, 0);
      });
      expect(events.map(({ slug }) => slug)).toEqual(['a', 'b']);
      expect(unhandled).toEqual([new Error('mine'), new Error('mine')]);
    } finally {
      config.onUnhandledError = null;
    }
  });

  it('ends as the transport ends it', () => {
    const { context, transport } = setUpNotes();
    const complete = jest.fn();
    entityEvents(context).subscribe({ complete });
    transport.endWatches();
    expect(complete).toHaveBeenCalledTimes(1);

    const failing = setUpNotes();
    const { errors } = listen(failing.context);
    failing.transport.endWatches(new Error('lost'));
    expect(errors).toEqual([new Error('lost')]);
  });

  it('errors where there is no realtime, naming the cure', () => {
    const { context, transport } = setUpNotes();
    transport.capabilities = { ...transport.capabilities, realtime: false };
    expect(listen(context).errors).toEqual([
      expect.objectContaining({
        kind: 'not_supported',
        message: expect.stringMatching(/Note: events\(\).*channel/),
      }),
    ]);
  });
});

describe('rawEvents', () => {
  it('refuses a pattern that is not text', () => {
    const { context } = setUpNotes();
    const error = jest.fn();
    rawEvents(context, 5 as never).subscribe({ error });
    expect(error).toHaveBeenCalledWith(
      expect.objectContaining({ kind: 'invalid_params', message: expect.stringContaining('the number 5') }),
    );
  });

  it('gives the operations below the prefix, each with its commit', async () => {
    const alone = (storeSeq: number) => ({ storeSeq, commit: { first: storeSeq, last: storeSeq } });
    const { context, transport } = setUpNotes();
    const operations: unknown[] = [];
    const subscription = rawEvents(context).subscribe((operation) => operations.push(operation));
    transport.commit('set', 'notes/a/title', 'A');
    transport.commit('set', 'elsewhere/a', 1);
    transport.commit('delete', 'notes', null, 'self');
    await settled();
    expect(operations).toEqual([
      { ...alone(1), op: 'set', path: 'notes/a/title', value: 'A', deviceId: 'other', clientOpId: null },
      { ...alone(3), op: 'delete', path: 'notes', value: null, deviceId: 'self', clientOpId: null },
    ]);
    subscription.unsubscribe();
    expect(transport.activeWatches).toBe(0);
  });

  it('gives every operation of a commit the range of all', () => {
    const { context, transport } = setUpNotes();
    const ranges: unknown[] = [];
    rawEvents(context).subscribe(({ storeSeq, commit }) => ranges.push([storeSeq, commit]));
    transport.commit('set', 'notes/z', 1);
    transport.commitAll([
      { op: 'set', path: 'notes/a', value: 1 },
      { op: 'delete', path: 'notes/b' },
    ]);
    expect(ranges).toEqual([
      [1, { first: 1, last: 1 }],
      [2, { first: 2, last: 3 }],
      [3, { first: 2, last: 3 }],
    ]);
  });

  it('takes wildcards in a prefix for what they are there: literal segments', () => {
    const { context, transport } = setUpNotes({ metadata: { prefixPath: '*' } });
    const paths: string[] = [];
    rawEvents(context).subscribe(({ path }) => paths.push(path));
    transport.commit('set', '*/a', 1);
    transport.commit('set', 'notes/a', 1);
    expect(paths).toEqual(['*/a']);
  });

  it('narrows to a pattern', () => {
    const { context, transport } = setUpNotes();
    const paths: string[] = [];
    rawEvents(context, 'notes/*/rank').subscribe(({ path }) => paths.push(path));
    transport.commit('set', 'notes/a/title', 'A');
    transport.commit('set', 'notes/a/rank', 1);
    expect(paths).toEqual(['notes/a/rank']);
  });

  it('errors for a pattern that is none, and where there is no realtime', () => {
    const { context, transport } = setUpNotes();
    const error = jest.fn();
    rawEvents(context, 'notes/**/rank').subscribe({ error });
    transport.capabilities = { ...transport.capabilities, realtime: false };
    rawEvents(context).subscribe({ error });
    expect(error.mock.calls).toEqual([
      [expect.objectContaining({ kind: 'invalid_params', detail: 'wildcard_many_not_tail' })],
      [expect.objectContaining({ kind: 'not_supported', message: expect.stringContaining('rawEvents()') })],
    ]);
  });
});
