import type { UpdateEvent, WriteBatch } from '../../../../src/index.js';
import { DustEntity, EmbeddedTransport, Field, Slug } from '../../../../src/index.js';
import { Document, Link, link, methods, Profile, useDataSources, watched } from '../support.js';

const connect = useDataSources();

describe('batch', () => {
  it('is one commit, of one operation for each flat record where merges can be part of it', async () => {
    const { manager, control } = await connect([Link, Profile]);
    const result = await manager.batch((b) => {
      b.insert(Link, [link('a'), link('b')]);
      b.insert(Profile, { slug: 'p', name: 'Ada' });
      b.delete(Link, 'c');
    });
    expect(methods(control)).toEqual(['batchWrite']);
    expect(result).toEqual({ storeSeq: 4, operations: 4 });
  });

  it('waits for an asynchronous build', async () => {
    const { manager } = await connect([Link]);
    await manager.batch(async (b) => {
      b.insert(Link, link('a'));
      await Promise.resolve();
      b.insert(Link, link('b'));
    });
    expect(await manager.count(Link)).toBe(2);
  });

  it("waits for who listens to an update, whose changes are written and whose refusal is the batch's", async () => {
    const heard = {
      listenTo: () => Link,
      beforeUpdate: async ({ entity }: UpdateEvent<Link>) => {
        await new Promise(setImmediate);
        if (entity?.note === 'no') throw new Error('refused');
        Object.assign(entity, { note: 'theirs' });
      },
    };
    const { manager } = await connect([Link], {}, { subscribers: [heard] });
    await manager.insert(Link, link('a'));
    await manager.batch((b) => b.update(Link, 'a', { note: 'mine' }));
    expect(await manager.findOneBy(Link, { slug: 'a' })).toMatchObject({ note: 'theirs' });
    await expect(manager.batch((b) => b.update(Link, 'a', { note: 'no' }))).rejects.toThrow('refused');
  });

  it('sees its own earlier parts: a record may be inserted, updated and deleted', async () => {
    const { manager } = await connect([Link]);
    await manager.batch((b) =>
      b.insert(Link, link('a')).update(Link, 'a', { note: 'n' }).insert(Link, link('b')).delete(Link, 'b'),
    );
    expect(await manager.find(Link)).toMatchObject([{ slug: 'a', note: 'n' }]);
  });

  describe('knows what its own earlier parts make of a record', () => {
    const connected = async () => {
      const { manager } = await connect([Link]);
      const loaded = Object.assign(new Link(), link('there'));
      await manager.save(loaded);
      return { manager, fresh: Object.assign(new Link(), link('new')), loaded };
    };
    type Parts = (b: WriteBatch, entities: { fresh: Link; loaded: Link }) => unknown;

    it.each<[string, Parts, number]>([
      ['inserted, then updated', (b) => b.insert(Link, link('new')).update(Link, 'new', { note: 'n' }), 0],
      ['saved, then updated', (b, { fresh }) => b.save(fresh).update(Link, 'new', { note: 'n' }), 0],
      ['inserted, then counted up', (b) => b.insert(Link, link('new')).increment(Link, 'new', 'views', 2), 2],
      ['saved, then counted up', (b, { fresh }) => b.save(fresh).increment(Link, 'new', 'views', 2), 2],
    ])('which may be %s', async (_, build, views) => {
      const { manager, fresh, loaded } = await connected();
      await manager.batch((b) => {
        build(b, { fresh, loaded });
      });
      expect(await manager.findOneOrFail(Link, { where: { slug: 'new' } })).toMatchObject({
        slug: 'new',
        views,
        ...(views === 0 ? { note: 'n' } : {}),
      });
    });

    it.each<[string, Parts, string]>([
      [
        'updated, when it was deleted',
        (b) => b.delete(Link, 'there').update(Link, 'there', { note: 'n' }),
        'not_found',
      ],
      [
        'updated, when it was removed',
        (b, { loaded }) => b.remove(loaded).update(Link, 'there', { note: 'n' }),
        'not_found',
      ],
      [
        'counted up, when it was deleted',
        (b) => b.delete(Link, 'there').increment(Link, 'there', 'views', 1),
        'not_found',
      ],
      [
        'compared, when it was updated',
        (b) => b.update(Link, 'there', { note: 'n' }).delete(Link, 'there', { ifMatch: 1 }),
        'invalid_params',
      ],
      [
        'compared, when it was counted up',
        (b) => b.increment(Link, 'there', 'views', 1).delete(Link, 'there', { ifMatch: 1 }),
        'invalid_params',
      ],
      [
        'compared, when it was deleted',
        (b) => b.delete(Link, 'there').update(Link, 'there', { note: 'n' }, { ifMatch: 1 }),
        'not_found',
      ],
      [
        'compared, when it was inserted',
        (b) => b.insert(Link, link('there')).update(Link, 'there', { note: 'n' }, { ifMatch: 1 }),
        'invalid_params',
      ],
      [
        'saved as it was loaded, when it was updated',
        (b, { loaded }) => b.update(Link, 'there', { note: 'n' }).save(Object.assign(loaded, { note: 'm' })),
        'invalid_params',
      ],
      [
        'inserted where nothing is, when it was there and was deleted',
        (b) => b.delete(Link, 'there').insert(Link, link('there'), { ifAbsent: true }),
        'invalid_params',
      ],
      [
        'inserted where nothing is, when it was deleted',
        (b) => b.delete(Link, 'new').insert(Link, link('new'), { ifAbsent: true }),
        'invalid_params',
      ],
    ])('which cannot be %s', async (_, build, kind) => {
      const { manager, fresh, loaded } = await connected();
      const batch = manager.batch((b) => {
        build(b, { fresh, loaded });
      });
      await expect(batch).rejects.toMatchObject({ kind, opIndex: 1 });
      expect(await manager.find(Link)).toMatchObject([{ slug: 'there', views: 0, note: undefined }]);
    });
  });

  it('saves and removes entities of several classes, and marks them stored', async () => {
    const { manager, dataSource } = await connect([Link, Profile]);
    const saved = await manager.save(Link, link('a'));
    const profile = manager.create(Profile, { slug: 'p', name: 'Ada' });
    const gone = await manager.save(Link, link('gone'));
    saved.note = 'n';
    const { storeSeq } = await manager.batch((b) => {
      b.save(profile).save(saved).remove(gone);
    });
    expect(storeSeq).toBe(5);
    expect(dataSource.getRepository(Link).revisionOf(saved)).toBe(4);
    expect(dataSource.getRepository(Link).revisionOf(gone)).toBeUndefined();
    expect(dataSource.getRepository(Profile).revisionOf(profile)).toBe(3);
    expect(await manager.find(Link)).toMatchObject([{ slug: 'a', note: 'n' }]);
  });

  it('of entities that did not change writes nothing', async () => {
    const { manager, control } = await connect([Link]);
    const saved = await manager.save(Link, link('a'));
    control.writes.length = 0;
    expect(await manager.batch((b) => b.save(saved))).toEqual({ storeSeq: null, operations: 0 });
    expect(control.writes).toEqual([]);
  });

  it.each([
    ['an update in map mode', Profile, 'p', { city: 'x' }, {}],
    ['an update with ifMatch', Link, 'a', { note: 'x' }, { ifMatch: 1 }],
  ] as const)('%s must be the first of its record', async (_, entity, slug, partial, options) => {
    const { manager, control } = await connect([Link, Profile]);
    const first = entity === Link ? link('a') : { slug: 'p', name: 'Ada' };
    await expect(
      manager.batch((b) => {
        b.insert<object>(entity, first);
        b.update<object>(entity, slug, partial, options);
      }),
    ).rejects.toMatchObject({ kind: 'invalid_params', detail: 'earlier_in_batch' });
    expect(control.writes).toEqual([]);
  });

  it.each<[string, (b: WriteBatch, loaded: Link) => unknown]>([
    ['an update', (b) => b.update(Link, 'a', { note: 'one' })],
    ['an insert', (b) => b.insert(Link, link('a'))],
    ['a counter', (b) => b.increment(Link, 'a', 'views', 1)],
    ['a set', (b) => b.addTo(Link, 'a', 'tags', 'x')],
    ['a save', (b, loaded) => b.save(Object.assign(loaded, { note: 'one' }))],
    ['a removal', (b, loaded) => b.remove(loaded)],
    ['a deletion', (b) => b.delete(Link, 'a')],
  ])('a save of a loaded entity must be the first of its record: %s was before it', async (_, before) => {
    const { manager, control } = await connect([Link]);
    const [loaded, again] = [
      await manager.save(Link, link('a')),
      await manager.findOneByOrFail(Link, { slug: 'a' }),
    ];
    again.note = 'two';
    control.writes.length = 0;
    const batch = manager.batch((b) => {
      before(b, loaded);
      b.save(again);
    });
    await expect(batch).rejects.toMatchObject({ kind: 'invalid_params', detail: 'earlier_in_batch' });
    expect(control.writes).toEqual([]);
  });

  it.each([false, true])(
    'an update of a record that does not exist fails it (deleted in it: %p)',
    async (deleted) => {
      const { manager, control } = await connect([Link]);
      await expect(
        manager.batch((b) => {
          if (deleted) b.insert(Link, link('a')).delete(Link, 'a');
          b.update(Link, 'a', { note: 'n' });
        }),
      ).rejects.toMatchObject({
        kind: 'not_found',
        message: expect.stringContaining('Link "a" does not exist'),
      });
      expect(control.writes).toEqual([]);
    },
  );

  it('a conflict names the record it is about', async () => {
    const { manager, control, inner } = await connect([Link]);
    await manager.insert(Link, [link('a'), link('b')]);
    let interfered = false;
    control.before = async (method) => {
      if (method !== 'batchWrite' || interfered) return;
      interfered = true;
      await inner.set('reading/links/b/title', 'changed');
    };
    await expect(
      manager.batch((b) =>
        b.update(Link, 'a', { note: 'n' }).update(Link, 'b', { note: 'n' }, { ifMatch: 2 }),
      ),
    ).rejects.toMatchObject({
      kind: 'conflict',
      currentRevision: 3,
      message: expect.stringContaining('Link "b"'),
    });
    expect(await manager.findOneBy(Link, { slug: 'a' })).toMatchObject({ note: undefined });
  });

  it('a removal that depends on the stored record is refused after another part that changes it', async () => {
    const { manager } = await connect([Document]);
    const saved = await manager.save(Document, { slug: 'a', text: 't' });
    const batch = manager.batch((b) => b.update(Document, 'a', { text: 'u' }).remove(saved));
    await expect(batch).rejects.toMatchObject({ kind: 'invalid_params', detail: 'earlier_in_batch' });
    expect(await manager.findOneBy(Document, { slug: 'a' })).toMatchObject({ text: 't' });
    await manager.batch((b) => b.remove(saved));
    expect(await manager.count(Document)).toBe(0);
  });

  it.each([{}, { batchCheck: false }])(
    'an insert with ifAbsent fails it where the record exists, checked again by the store (%p)',
    async (capabilities) => {
      const { manager, control, inner } = await connect([Link], capabilities);
      await expect(
        (async () => {
          control.before = async (method) => {
            control.before = () => undefined;
            if (method === 'get') await inner.set('reading/links/a/title', 'first');
          };
          await manager.batch((b) => b.insert(Link, link('a'), { ifAbsent: true }));
        })(),
      ).rejects.toMatchObject({ kind: 'exists' });

      control.before = async (method) => {
        if (method !== 'batchWrite') return;
        control.before = () => undefined;
        await inner.set('reading/links/b/title', 'first');
      };
      await expect(
        manager.batch((b) => b.insert(Link, link('b'), { ifAbsent: true }).insert(Link, link('c'))),
      ).rejects.toMatchObject({ kind: 'exists', message: expect.stringContaining('Link "b"') });
      expect(await manager.existsBy(Link, { slug: 'c' })).toBe(false);
    },
  );

  it('with ifAbsent needs a transport whose batches honour it', async () => {
    const { manager, control } = await connect([Link], { batchIfAbsent: false, batchCheck: false });
    await expect(manager.batch((b) => b.insert(Link, link('a'), { ifAbsent: true }))).rejects.toMatchObject({
      kind: 'not_supported',
      detail: 'batchIfAbsent',
      message:
        'Link "a": insert with { ifAbsent: true } cannot be part of a batch here, for the server\'s batches know no such ' +
        'condition. Call insert(…, { ifAbsent: true }) on the repository first, and batch the rest when it has succeeded; ' +
        'nothing was written.',
    });
    expect(control.writes).toEqual([]);
  });

  it.each<[string, (b: WriteBatch) => unknown]>([
    ['a deletion', (b) => b.delete(Link, 'a')],
    ['a counter', (b) => b.increment(Link, 'a', 'views', 1)],
    ['an insert of what is not there', (b) => b.insert(Link, link('a'), { ifAbsent: true })],
  ])('needs a transport with atomic batches, for %s', async (_, build) => {
    const { manager, control } = await connect([Link], { atomicBatch: false });
    const asked = jest.fn();
    control.before = asked;
    await expect(manager.batch(build)).rejects.toMatchObject({
      kind: 'not_supported',
      detail: 'atomicBatch',
    });
    expect(asked).not.toHaveBeenCalled();
  });

  it('counts operations, not records', async () => {
    const { manager, control } = await connect([Link], { merge: false, batchMerge: false });
    const records = Array.from({ length: 501 }, (_, i) => link(`s${i}`));
    await expect(manager.batch((b) => b.insert(Link, records))).rejects.toMatchObject({
      kind: 'invalid_params',
      detail: 'batch_too_large',
      message: expect.stringMatching(/1002 operations.*at most 1000/),
    });
    expect(control.writes).toEqual([]);
    const slugs = Array.from({ length: 1000 }, (_, i) => `s${i}`);
    const full = await manager.batch((b) => {
      for (const slug of slugs) b.delete(Link, slug);
    });
    expect(full.operations).toBe(1000);
  });

  it('counts what it writes, and no checks', async () => {
    const { manager } = await connect([Link]);
    await manager.insert(Link, link('a'));
    const written = await manager.batch((b) =>
      b.update(Link, 'a', { note: 'n' }, { ifMatch: 1 }).insert(Link, link('b'), { ifAbsent: true }),
    );
    expect(written).toEqual({ storeSeq: 3, operations: 2 });
  });

  it('changes counters and sets, both ways', async () => {
    const { manager } = await connect([Link]);
    await manager.batch((b) => {
      b.insert(Link, link('a')).increment(Link, 'a', 'views', 5).decrement(Link, 'a', 'views', 2);
      b.addTo(Link, 'a', 'tags', 'x').addTo(Link, 'a', 'tags', 'y').removeFrom(Link, 'a', 'tags', 'x');
    });
    expect(await manager.findOneBy(Link, { slug: 'a' })).toMatchObject({ views: 3, tags: ['y'] });
  });

  it('of nothing is refused', async () => {
    const { manager, control } = await connect([Link]);
    await expect(manager.batch(() => undefined)).rejects.toMatchObject({
      kind: 'nothing_to_write',
      message: expect.stringContaining('The batch is empty'),
    });
    expect(control.writes).toEqual([]);
  });

  it('refuses counters where batches take none', async () => {
    const { manager, control } = await connect([Link], { batchCounters: false });
    await manager.insert(Link, link('a'));
    control.writes.length = 0;
    await expect(manager.batch((b) => b.increment(Link, 'a', 'views', 1))).rejects.toMatchObject({
      kind: 'not_supported',
      detail: 'batchCounters',
      message: expect.stringContaining('Link: increment cannot be part of a batch here'),
    });
    expect(control.writes).toEqual([]);
  });

  it('refuses another slug for a record that it made itself, too', async () => {
    const { manager, control } = await connect([Link]);
    const batch = manager.batch((b) => b.insert(Link, link('a')).update(Link, 'a', { slug: 'b', note: 'n' }));
    await expect(batch).rejects.toMatchObject({ kind: 'invalid_value', opIndex: 1 });
    expect(control.writes).toEqual([]);
  });

  it('inserts what an earlier part has deleted, unless it is to be inserted where nothing is', async () => {
    @DustEntity('made')
    class Made {
      @Slug({ generated: () => 'same' }) slug!: string;
      @Field() text?: string;
    }
    const { manager } = await connect([Link, Made]);
    await manager.insert(Link, link('a', { note: 'old' }));
    await manager.batch((b) => b.delete(Link, 'a').insert(Link, link('a')));
    expect(await manager.findOneBy(Link, { slug: 'a' })).toMatchObject({ note: undefined });
    await manager.batch((b) => b.delete(Made, 'same').insert(Made, { text: 'one' }));
    // The slug that it is given is known only when it is prepared.
    const claimed = manager.batch((b) =>
      b.delete(Made, 'same').insert(Made, { text: 'two' }, { ifAbsent: true }),
    );
    await expect(claimed).rejects.toMatchObject({ kind: 'exists', opIndex: 1 });
    await manager.clear(Made);
    const twice = manager.batch((b) =>
      b.insert(Made, { text: 'two' }).insert(Made, { text: 'three' }, { ifAbsent: true }),
    );
    await expect(twice).rejects.toMatchObject({ detail: 'earlier_in_batch', opIndex: 1 });
    expect(await manager.count(Made)).toBe(0);
  });

  it('saves what was not loaded behind other parts of its record, unless a revision is asked for', async () => {
    const { manager } = await connect([Link]);
    await manager.insert(Link, link('a'));
    const fresh = () => manager.create(Link, link('a', { title: 'fresh' }));
    await manager.batch((b) => b.update(Link, 'a', { note: 'n' }).save(fresh()));
    expect(await manager.findOneBy(Link, { slug: 'a' })).toMatchObject({ title: 'fresh', note: 'n' });
    const compared = manager.batch((b) => b.update(Link, 'a', { note: 'm' }).save(fresh(), { ifMatch: 3 }));
    await expect(compared).rejects.toMatchObject({ detail: 'earlier_in_batch', opIndex: 1 });
  });

  it.each<[string, (b: WriteBatch, slug: string) => unknown]>([
    ['update', (b, slug) => b.update(Link, slug, { note: 'n' })],
    ['delete', (b, slug) => b.delete(Link, slug)],
    ['increment', (b, slug) => b.increment(Link, slug, 'views', 1)],
    ['decrement', (b, slug) => b.decrement(Link, slug, 'views', 1)],
    ['addTo', (b, slug) => b.addTo(Link, slug, 'tags', 'x')],
    ['removeFrom', (b, slug) => b.removeFrom(Link, slug, 'tags', 'x')],
  ])('refuses what is no slug where %s is called', async (_, add) => {
    const { manager, control } = await connect([Link]);
    await manager.batch((b) => {
      for (const slug of ['', undefined, 5]) {
        expect(() => add(b, slug as string)).toThrow(expect.objectContaining({ kind: 'invalid_criteria' }));
      }
      b.delete(Link, 'none');
    });
    expect(control.writes).toHaveLength(1);
  });

  it('cannot be added to once it is over', async () => {
    const { manager } = await connect([Link]);
    let kept: { delete(entity: typeof Link, slug: string): unknown } | undefined;
    await manager.batch((b) => {
      kept = b.delete(Link, 'a');
    });
    expect(() => kept?.delete(Link, 'b')).toThrow(expect.objectContaining({ detail: 'batch_over' }));
  });

  it('goes to one store', async () => {
    @DustEntity({ prefix: 'elsewhere', store: 'other/store' })
    class Elsewhere {
      @Slug() slug!: string;
      @Field() text?: string;
    }
    const { manager } = await connect(
      [Link, Elsewhere],
      {},
      {
        transport: () => watched(new EmbeddedTransport()).transport,
      },
    );
    await expect(manager.batch((b) => b.delete(Link, 'a').delete(Elsewhere, 'b'))).rejects.toMatchObject({
      kind: 'invalid_params',
      message: expect.stringMatching(/Link, Elsewhere/),
    });
    await manager.save([
      manager.create(Link, link('a')),
      manager.create(Elsewhere, { slug: 'b', text: 't' }),
      manager.create(Link, link('c')),
    ]);
    expect(await manager.count(Link)).toBe(2);
    expect(await manager.count(Elsewhere)).toBe(1);
  });
});
