import type { EntityClass } from '../../../../src/index.js';
import { DustError } from '../../../../src/index.js';
import { Document, Link, link, methods, Profile, useDataSources } from '../support.js';

/** What the transport of an old server does: it learns with the first batch that there is no route for them. */
describe('on a server without a route for batches', () => {
  const connect = useDataSources();

  const connectToOld = async (entities: readonly EntityClass[]) => {
    const capabilities = {
      ...{ merge: false, batchMerge: false, batchIfAbsent: false, batchCheck: false, batchCounters: false },
      atomicBatch: true,
    };
    const connected = await connect(entities, capabilities);
    connected.control.before = (method) => {
      if (method !== 'batchWrite') return;
      capabilities.atomicBatch = false;
      throw new DustError('not_implemented', 'There is no such route.');
    };
    return connected;
  };

  it('a flat record is written field by field, at the first attempt', async () => {
    const { manager, control } = await connectToOld([Link]);
    const result = await manager.insert(Link, link('a', { note: 'n' }));
    expect(control.writes.map(([method, path]) => [method, path])).toEqual([
      ['set', 'reading/links/a/title'],
      ['set', 'reading/links/a/url'],
      ['set', 'reading/links/a/note'],
    ]);
    expect(result).toMatchObject({ affected: 1, storeSeq: 3 });
    expect(await manager.findOneBy(Link, { slug: 'a' })).toMatchObject({ title: 'Title of a', note: 'n' });
  });

  it('a write that then stops says what landed', async () => {
    const { manager, control } = await connectToOld([Link]);
    const without = control.before;
    control.before = (method, args) => {
      if (args[0] === 'reading/links/a/url') throw new DustError('network', 'Lost.');
      return without(method, args);
    };
    await expect(manager.insert(Link, link('a', { note: 'n' }))).rejects.toMatchObject({
      name: 'PartialWriteError',
      kind: 'network',
      landed: ['title'],
    });
    expect(await manager.exists(Link)).toBe(false);
  });

  it('several records are written one by one', async () => {
    const { manager, control } = await connectToOld([Link]);
    const result = await manager.insert(Link, [link('a'), link('b')]);
    expect(result).toMatchObject({ affected: 2, slugs: ['a', 'b'] });
    expect(methods(control)).toEqual(['set', 'set', 'set', 'set']);
    expect(await manager.count(Link)).toBe(2);
  });

  it('insertMany goes on, chunk by chunk', async () => {
    const { manager } = await connectToOld([Link]);
    const records = Array.from({ length: 7 }, (_, i) => link(`l${i}`));
    await manager.getRepository(Link).insertMany(records, { chunkSize: 3 });
    expect(await manager.count(Link)).toBe(7);
  });

  it('insert-or-fail goes on behind its claim', async () => {
    const { manager, control } = await connectToOld([Link]);
    const links = manager.getRepository(Link);
    await links.insert(link('a'), { ifAbsent: true });
    expect(control.writes.map(([method, path]) => [method, path])).toEqual([
      ['set', 'reading/links/a/title'],
      ['set', 'reading/links/a/url'],
    ]);
    await expect(links.insert(link('a'), { ifAbsent: true })).rejects.toMatchObject({ kind: 'exists' });
  });

  it('a record in map mode is read, changed and written back', async () => {
    const { manager, control } = await connectToOld([Profile]);
    const profiles = manager.getRepository(Profile);
    await profiles.insert({ slug: 'a', name: 'Ada', city: 'London' });
    control.writes.length = 0;
    await profiles.update('a', { city: 'Paris' });
    expect(control.writes).toEqual([['set', 'profiles/a', { name: 'Ada', city: 'Paris' }, {}]]);
  });

  it('a compare-and-swap is refused and writes nothing', async () => {
    const { manager, control } = await connectToOld([Document, Link]);
    const [document, other] = await manager.save(Document, [
      { slug: 'a', text: 'one' },
      { slug: 'b', text: 'one' },
    ]);
    const fresh = await connectToOld([Document]);
    await fresh.inner.set('documents/a/text', 'one');
    const loaded = await fresh.manager.findOneByOrFail(Document, { slug: 'a' });
    loaded.text = 'two';
    await expect(fresh.manager.save(loaded)).rejects.toMatchObject({ kind: 'not_implemented' });
    await expect(fresh.manager.save(loaded)).rejects.toMatchObject({ kind: 'not_supported' });
    expect((await fresh.inner.get('documents/a/text'))?.value).toBe('one');
    control.writes.length = 0;
    for (const each of [document, other]) each!.text = 'two';
    await expect(manager.save([document!, other!])).rejects.toMatchObject({ kind: 'not_supported' });
    expect(control.writes).toEqual([]);
  });

  it('a batch of the caller is refused when that shows while it is prepared', async () => {
    const { manager, control, inner } = await connectToOld([Link]);
    await inner.set('reading/links/a/title', 'T');
    control.writes.length = 0;
    const learning = control.before;
    control.before = async (method) => {
      if (method !== 'exists') return;
      await expect((async () => learning('batchWrite', []))()).rejects.toMatchObject({
        kind: 'not_implemented',
      });
    };
    const batch = manager.batch((b) => b.update(Link, 'a', { note: 'n', title: 'U' }));
    await expect(batch).rejects.toMatchObject({ kind: 'not_supported', detail: 'atomicBatch' });
    expect(control.writes).toEqual([]);
  });

  it('a batch of the caller is refused: its writes belong together', async () => {
    const { manager, control } = await connectToOld([Link]);
    const batch = () => manager.batch((b) => b.insert(Link, [link('a'), link('b')]));
    await expect(batch()).rejects.toMatchObject({ kind: 'not_implemented' });
    await expect(batch()).rejects.toMatchObject({ kind: 'not_supported' });
    expect(control.writes).toEqual([]);
  });
});
