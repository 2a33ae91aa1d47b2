import { firstValueFrom, take, toArray } from 'rxjs';
import type { EntityEvent } from '../../../src/realtime/index.js';
import { entityEvents, live, toAsyncIterable } from '../../../src/realtime/index.js';
import { EmbeddedTransport } from '../../../src/transport/embedded/index.js';
import type { Transport } from '../../../src/transport/transport.js';
import type { Note } from './support/notes.js';
import { contextOver, note } from './support/notes.js';
import { settled } from './support/recording-logger.js';

describe('over an embedded store', () => {
  let transport: Transport;
  beforeEach(async () => {
    transport = new EmbeddedTransport();
    await transport.connect();
  });
  afterEach(async () => {
    await transport.close();
  });

  const write = ({ slug, title, rank = null }: Note) => transport.set(`notes/${slug}`, { title, rank });

  it('tells of own writes, batches and prefix deletions', async () => {
    const context = contextOver(transport);
    const events: EntityEvent<Note>[] = [];
    const complete = jest.fn();
    entityEvents(context).subscribe({ next: (event) => events.push(event), complete });
    await write(note('a', 'A', 1));
    await transport.batchWrite([
      { op: 'delete', path: 'notes/a' },
      { op: 'set', path: 'notes/b', value: { title: 'B' } },
    ]);
    await transport.delete('notes');
    await settled();
    expect(events).toEqual([
      { type: 'upserted', entity: note('a', 'A', 1), slug: 'a', storeSeq: 1, own: true },
      { type: 'deleted', slug: 'a', storeSeq: 3, own: true },
      { type: 'upserted', entity: note('b', 'B'), slug: 'b', storeSeq: 3, own: true },
      { type: 'deleted', slug: 'b', storeSeq: 4, own: true },
    ]);
    await transport.close();
    expect(complete).toHaveBeenCalledTimes(1);
  });

  it('keeps a live list current', async () => {
    const context = contextOver(transport);
    await write(note('a', 'A', 1));
    const lists = firstValueFrom(live(context, { order: { rank: 'DESC' } }).pipe(take(4), toArray()));
    const writing = write(note('b', 'B', 2));
    await writing;
    await settled();
    await write(note('c', 'C', 3));
    await transport.set('notes/a/rank', 9);
    await transport.delete('notes/b');
    const slugs = (await lists).map((list) => list.map(({ slug }) => slug).join(' '));
    expect(slugs.slice(-3)).toEqual(['c b a', 'a c b', 'a c']);
  });

  it('ends an iteration that falls behind, and lets it start again', async () => {
    const events = toAsyncIterable(entityEvents(contextOver(transport)), { limit: 2 });
    const iterator = events[Symbol.asyncIterator]();
    for (const slug of ['a', 'b', 'c']) await write(note(slug));
    await settled();
    expect((await iterator.next()).value).toMatchObject({ slug: 'a' });
    expect((await iterator.next()).value).toMatchObject({ slug: 'b' });
    await expect(iterator.next()).rejects.toMatchObject({ kind: 'resync_required' });
  });

  it('errors after the transport was closed', async () => {
    await transport.close();
    await expect(firstValueFrom(entityEvents(contextOver(transport)))).rejects.toMatchObject({
      kind: 'closed',
    });
    await expect(firstValueFrom(live(contextOver(transport)))).rejects.toMatchObject({ kind: 'closed' });
  });
});
