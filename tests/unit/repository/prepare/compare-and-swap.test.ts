import type { EntityEvent } from '../../../../src/index.js';
import { Document, Link, link, methods, Profile, useDataSources } from '../support.js';

const connect = useDataSources();

describe('ifMatch', () => {
  it.each(['update', 'save', 'remove', 'delete'])('%s needs atomic batches', async (method) => {
    const { manager, control } = await connect([Link], { atomicBatch: false });
    const saved = await manager.save(Link, link('a'));
    saved.note = 'n';
    control.writes.length = 0;
    const calls: Record<string, () => Promise<unknown>> = {
      update: () => manager.update(Link, 'a', { note: 'n' }, { ifMatch: 1 }),
      save: () => manager.save(saved, { ifMatch: 1 }),
      remove: () => manager.remove(saved, { ifMatch: 1 }),
      delete: () => manager.delete(Link, 'a', { ifMatch: 1 }),
    };
    await expect(calls[method]?.()).rejects.toMatchObject({ kind: 'not_supported', detail: 'atomicBatch' });
    expect(control.writes).toEqual([]);
  });

  it('given as undefined is refused: the instance was not loaded', async () => {
    const { manager, control } = await connect([Link]);
    const links = manager.getRepository(Link);
    const entity = links.create(link('a'));
    await expect(links.save(entity, { ifMatch: links.revisionOf(entity) })).rejects.toMatchObject({
      kind: 'invalid_options',
      message: expect.stringMatching(/ifMatch is undefined.*not loaded/),
    });
    expect(control.writes).toEqual([]);
  });

  it.each([0, -1, 1.5, '1', null, NaN])('%p is no revision', async (ifMatch) => {
    const { manager } = await connect([Link]);
    await expect(manager.delete(Link, 'a', { ifMatch: ifMatch as number })).rejects.toMatchObject({
      kind: 'invalid_options',
    });
  });

  it('is about one record', async () => {
    const { manager } = await connect([Link]);
    await manager.insert(Link, [link('a'), link('b')]);
    const several = { kind: 'invalid_criteria', message: expect.stringContaining('exactly one record') };
    await expect(manager.update(Link, ['a', 'b'], { note: 'n' }, { ifMatch: 1 })).rejects.toMatchObject(
      several,
    );
    await expect(manager.delete(Link, ['a', 'b'], { ifMatch: 1 })).rejects.toMatchObject(several);
    await expect(manager.save(await manager.find(Link), { ifMatch: 1 })).rejects.toMatchObject(several);
    await expect(manager.remove(await manager.find(Link), { ifMatch: 1 })).rejects.toMatchObject(several);
  });

  it('a record of more leaves than a batch holds is refused before anything is sent', async () => {
    const { manager, control } = await connect([Profile], { batchCheck: false });
    const meta = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`k${i}`, i]));
    const { revision } = await manager.insert(Profile, { slug: 'a', name: 'Ada', meta });
    control.writes.length = 0;
    await expect(manager.delete(Profile, 'a', { ifMatch: revision! })).rejects.toMatchObject({
      kind: 'invalid_params',
      detail: 'batch_too_large',
      message: expect.stringMatching(/1002 operations.*1000/),
    });
    expect(control.writes).toEqual([]);
    const fewer = Object.fromEntries(Object.entries(meta).slice(0, 998));
    const { revision: other } = await manager.insert(Profile, { slug: 'b', name: 'Bob', meta: fewer });
    expect(await manager.delete(Profile, 'b', { ifMatch: other! })).toMatchObject({ affected: 1 });
  });

  it('a delete behind a check takes a record of any size; what is written back whole must fit', async () => {
    const { manager, control } = await connect([Profile]);
    const meta = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`k${i}`, i]));
    const { revision } = await manager.insert(Profile, { slug: 'a', name: 'Ada', meta });
    const refusal = { kind: 'invalid_params', detail: 'batch_too_large' };
    control.writes.length = 0;
    const update = manager.update(Profile, 'a', { name: 'Eve' }, { ifMatch: revision! });
    await expect(update).rejects.toMatchObject(refusal);
    expect(control.writes).toEqual([]);
    await manager.delete(Profile, 'a', { ifMatch: revision! });
    expect(await manager.count(Profile)).toBe(0);
  });

  it('a part that was removed in between is told as such, for the revision does not tell of it', async () => {
    const { manager, control, inner } = await connect([Profile]);
    const { revision } = await manager.insert(Profile, { slug: 'a', name: 'Ada', city: 'London' });
    control.before = async (method) => {
      if (method === 'batchWrite') await inner.delete('profiles/a/city');
    };
    const update = manager.update(Profile, 'a', { name: 'Eve' }, { ifMatch: revision! });
    await expect(update).rejects.toMatchObject({
      kind: 'conflict',
      message:
        'Profile "a": expected revision 1, but a part of it was removed meanwhile. Read it again and repeat the change.',
    });
  });

  it('a plain object saved with a revision replaces its fields and makes no new record', async () => {
    const { manager } = await connect([Link]);
    const { revision } = await manager.insert(Link, link('a', { note: 'n' }));
    const saved = await manager.save(Link, link('a', { title: 'new' }), { ifMatch: revision! });
    expect(saved).toBeInstanceOf(Link);
    expect(await manager.findOneBy(Link, { slug: 'a' })).toMatchObject({ title: 'new', note: 'n' });
    await expect(manager.save(Link, link('b'), { ifMatch: 1 })).rejects.toMatchObject({ kind: 'conflict' });
  });
});

describe.each([true, false])('ifMatch (checks in batches: %p)', (batchCheck) => {
  const capabilities = { batchCheck };

  it('conflicts say what was expected and where the record is', async () => {
    const { manager } = await connect([Link], capabilities);
    await manager.insert(Link, link('a'));
    await manager.update(Link, 'a', { note: 'n' });
    await expect(manager.update(Link, 'a', { note: 'x' }, { ifMatch: 1 })).rejects.toMatchObject({
      kind: 'conflict',
      retryable: false,
      currentRevision: 2,
      path: 'reading/links/a',
      message:
        'Link "a": expected revision 1, but it is at revision 2 now. Read it again and repeat the change.',
    });
    await expect(manager.update(Link, 'gone', { note: 'x' }, { ifMatch: 1 })).rejects.toMatchObject({
      currentRevision: null,
      message: expect.stringContaining('it does not exist now'),
    });
  });

  it('a conflict found only by the store names the record and its revision now', async () => {
    const { manager, control, inner } = await connect([Link], capabilities);
    const { revision } = await manager.insert(Link, link('a', { note: 'n' }));
    let interfered = false;
    control.before = async (method) => {
      if (method !== 'batchWrite' || interfered) return;
      interfered = true;
      await inner.set('reading/links/a/url', 'https://elsewhere.org/');
    };
    const update = manager.update(Link, 'a', { note: 'x' }, { ifMatch: revision! });
    const refusal: unknown = await update.catch((error: unknown) => error);
    expect(refusal).not.toHaveProperty('opIndex');
    expect(refusal).toMatchObject({
      kind: 'conflict',
      currentRevision: 2,
      path: 'reading/links/a',
      cause: expect.objectContaining({ kind: 'conflict', opIndex: 0 }),
    });
    expect(await manager.findOneBy(Link, { slug: 'a' })).toMatchObject({
      note: 'n',
      url: 'https://elsewhere.org/',
    });
  });

  it('watchers hear of each write once, and never see a record that is half changed or half deleted', async () => {
    const { manager } = await connect([Link, Profile], capabilities);
    for (const [entity, record, partial] of [
      [Link, link('a', { note: 'old' }), { title: 'new', note: 'new' }],
      [Profile, { slug: 'a', name: 'old', city: 'old' }, { name: 'new', city: 'new' }],
    ] as const) {
      const repository = manager.getRepository<object>(entity);
      await repository.insert(record);
      const seen: EntityEvent<object>[] = [];
      const subscription = repository.events().subscribe((event) => seen.push(event));
      const [loaded] = await repository.find();
      const { revision } = await repository.update('a', partial, {
        ifMatch: repository.revisionOf(loaded!)!,
      });
      await repository.delete('a', { ifMatch: revision! });
      subscription.unsubscribe();

      const states = seen.map((event) =>
        event.type === 'deleted'
          ? 'deleted'
          : Object.keys(partial)
              .map((property) => Reflect.get(event.entity, property))
              .join(),
      );
      expect(states).toEqual(['new,new', 'deleted']);
    }
  });
});

describe('version fields', () => {
  it('guard saves and removals of loaded entities, and leave others alone', async () => {
    const { manager } = await connect([Document]);
    const mine = await manager.save(Document, { slug: 'a', text: 'one' });
    expect(mine.version).toBe(1);
    await manager.update(Document, 'a', { text: 'theirs' });
    mine.text = 'mine';
    await expect(manager.save(mine)).rejects.toMatchObject({ kind: 'conflict', currentRevision: 2 });
    await expect(manager.remove(mine)).rejects.toMatchObject({ kind: 'conflict', currentRevision: 2 });
    await manager.save(Document, { slug: 'a', text: 'whatever is there' });
    expect(await manager.findOneBy(Document, { slug: 'a' })).toMatchObject({ text: 'whatever is there' });
  });

  it('need atomic batches only for loaded entities', async () => {
    const { manager } = await connect([Document], { atomicBatch: false });
    const saved = await manager.save(Document, { slug: 'a', text: 'one' });
    saved.text = 'two';
    await expect(manager.save(saved)).rejects.toMatchObject({ kind: 'not_supported' });
  });
});

describe('updates in map mode', () => {
  const addYears = (count: number) => Array.from({ length: count }, (_, i) => `field${i}`);

  it('of different properties at the same time do not lose each other', async () => {
    const { manager } = await connect([Profile]);
    await manager.insert(Profile, { slug: 'a', name: 'Ada' });
    await Promise.all([
      manager.update(Profile, 'a', { city: 'London' }),
      manager.update(Profile, 'a', { age: 36 }),
      manager.update(Profile, 'a', { meta: { x: 1 } }),
      ...addYears(10).map((name) => manager.update(Profile, 'a', { name })),
    ]);
    expect(await manager.findOneBy(Profile, { slug: 'a' })).toMatchObject({
      city: 'London',
      age: 36,
      meta: { x: 1 },
    });
  });

  it('give up after a bounded number of attempts, retryable', async () => {
    const { manager, control, inner } = await connect([Profile]);
    await manager.insert(Profile, { slug: 'a', name: 'Ada' });
    let attempts = 0;
    control.before = async (method) => {
      if (method !== 'batchWrite') return;
      attempts++;
      await inner.set('profiles/a/name', `name ${attempts}`);
    };
    await expect(manager.update(Profile, 'a', { city: 'London' })).rejects.toMatchObject({
      kind: 'conflict',
      retryable: true,
      message: expect.stringMatching(/each of 50 attempts/),
    });
    expect(attempts).toBe(50);
  });

  it('keep fields no property claims, and empty nothing', async () => {
    const { manager, inner } = await connect([Profile]);
    await inner.set('profiles/a', { name: 'Ada', foreign: { deep: 1 } });
    await manager.update(Profile, 'a', { city: 'London' });
    expect((await inner.get('profiles/a'))?.value).toEqual({
      name: 'Ada',
      city: 'London',
      foreign: { deep: 1 },
    });
  });

  it('without atomic batches are a plain set of the whole record', async () => {
    const { manager, control } = await connect([Profile], { atomicBatch: false });
    await manager.insert(Profile, { slug: 'a', name: 'Ada' });
    await manager.update(Profile, 'a', { city: 'London' });
    expect(methods(control)).toEqual(['set', 'set']);
    expect(control.writes[1]).toEqual(['set', 'profiles/a', { name: 'Ada', city: 'London' }, {}]);
  });
});
