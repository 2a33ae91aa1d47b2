import { DustError } from '../../../../src/index.js';
import { Document, Link, link, methods, Profile, useDataSources } from '../support.js';

describe('the form of a write', () => {
  const connect = useDataSources();

  it('of a new flat record is one merge', async () => {
    const { manager, control } = await connect([Link]);
    await manager.insert(Link, link('a', { note: 'n' }));
    expect(control.writes).toEqual([
      ['merge', 'reading/links/a', { title: 'Title of a', url: 'https://example.com/', note: 'n' }, {}],
    ]);
  });

  it('of a new flat record without merge is one atomic batch', async () => {
    const { manager, control } = await connect([Link], { merge: false, batchMerge: false });
    const result = await manager.insert(Link, link('a'));
    expect(methods(control)).toEqual(['batchWrite']);
    expect(control.writes[0]?.[1]).toMatchObject([
      { op: 'set', path: 'reading/links/a/title' },
      { op: 'set', path: 'reading/links/a/url' },
    ]);
    expect(result).toMatchObject({ storeSeq: 2, revisions: [2], affected: 1 });
  });

  it('of a new flat record with neither is one set after the other, in field order', async () => {
    const { manager, control } = await connect([Link], { merge: false, atomicBatch: false });
    const result = await manager.insert(Link, link('a', { note: null }));
    expect(control.writes.map(([method, path]) => [method, path])).toEqual([
      ['set', 'reading/links/a/title'],
      ['set', 'reading/links/a/url'],
      ['set', 'reading/links/a/note'],
    ]);
    expect(result).toMatchObject({ storeSeq: 3, revision: 3 });
  });

  it('of a new map record is one set', async () => {
    const { manager, control } = await connect([Profile], { merge: false, atomicBatch: false });
    await manager.insert(Profile, { slug: 'a', name: 'Ada', age: 36 });
    expect(control.writes).toEqual([['set', 'profiles/a', { name: 'Ada', age: 36 }, {}]]);
  });

  it('of several records is one batch', async () => {
    const { manager, control } = await connect([Link]);
    const result = await manager.insert(Link, [link('a'), link('b')]);
    expect(methods(control)).toEqual(['batchWrite']);
    expect(result).toMatchObject({ storeSeq: 2, revisions: [1, 2], slugs: ['a', 'b'] });
  });

  it('of several records on a transport without batches is one write for each', async () => {
    const { manager, control } = await connect([Link], { atomicBatch: false });
    await manager.insert(Link, [link('a'), link('b')]);
    expect(methods(control)).toEqual(['merge', 'merge']);
  });

  it('of one changed field is a set of that field', async () => {
    const { manager, control } = await connect([Link]);
    const saved = await manager.save(Link, link('a'));
    control.writes.length = 0;
    saved.note = 'new';
    await manager.save(saved);
    expect(control.writes).toEqual([['set', 'reading/links/a/note', 'new', {}]]);
  });

  it('says what landed when a sequence stops on the way', async () => {
    const { manager, control } = await connect([Link], { merge: false, atomicBatch: false });
    control.before = (method, [path]) => {
      if (method === 'set' && String(path).endsWith('/url')) throw new RangeError('the line broke');
    };
    await expect(manager.insert(Link, link('a'))).rejects.toThrow(new RangeError('the line broke'));

    const { DustError } = await import('../../../../src/index.js');
    control.before = (method, [path]) => {
      if (method === 'set' && String(path).endsWith('/url')) throw new DustError('network', 'the line broke');
    };
    await expect(manager.insert(Link, link('a'))).rejects.toMatchObject({
      name: 'PartialWriteError',
      kind: 'network',
      retryable: true,
      landed: ['title'],
      message: expect.stringMatching(/Link "a".*title.*the line broke/),
    });
  });

  it('says which records landed when several stop on the way', async () => {
    const { manager, control } = await connect([Link], { atomicBatch: false });
    const { DustError } = await import('../../../../src/index.js');
    control.before = (method, [path]) => {
      if (method === 'merge' && path === 'reading/links/b') throw new DustError('network', 'the line broke');
    };
    await expect(manager.insert(Link, [link('a'), link('b')])).rejects.toMatchObject({
      name: 'PartialWriteError',
      kind: 'network',
      landed: ['a'],
    });
  });

  it('splits what does not fit one batch, and never a record', async () => {
    const { manager, control } = await connect([Link], { merge: false, batchMerge: false });
    const records = Array.from({ length: 401 }, (_, i) => link(`s${i}`, { note: 'n' }));
    const result = await manager.insert(Link, records);
    const sizes = control.writes.map(([, operations]) => (operations as unknown[]).length);
    expect(sizes).toEqual([999, 204]);
    expect(result.affected).toBe(401);
  });
});

describe('insert with ifAbsent', () => {
  const connect = useDataSources();
  const absent = { ifAbsent: true };

  it('is the plain insert behind a check that nothing is there', async () => {
    const { manager, control } = await connect([Link, Profile]);
    await manager.insert(Link, link('a'), absent);
    await manager.insert(Profile, { slug: 'p', name: 'Ada', meta: { deep: { er: 1 } } }, absent);
    expect(control.writes.map(([method, operations]) => [method, operations])).toEqual([
      [
        'batchWrite',
        [
          { op: 'check', path: 'reading/links/a', revision: 0 },
          {
            op: 'merge',
            path: 'reading/links/a',
            value: { title: 'Title of a', url: 'https://example.com/' },
          },
        ],
      ],
      [
        'batchWrite',
        [
          { op: 'check', path: 'profiles/p', revision: 0 },
          { op: 'set', path: 'profiles/p', value: { name: 'Ada', meta: { deep: { er: 1 } } } },
        ],
      ],
    ]);
  });

  it('is one batch of leaves that must all be absent, with the required one last, where there are no checks', async () => {
    const { manager, control } = await connect([Link, Profile], { batchCheck: false });
    await manager.insert(Link, link('a'), absent);
    await manager.insert(Profile, { slug: 'p', name: 'Ada', meta: { deep: { er: 1 } } }, absent);
    expect(methods(control)).toEqual(['batchWrite', 'batchWrite']);
    expect(control.writes[1]?.[1]).toEqual([
      { op: 'set', path: 'profiles/p/meta/deep/er', value: 1, ifAbsent: true },
      { op: 'set', path: 'profiles/p/name', value: 'Ada', ifAbsent: true },
    ]);
  });

  it.each([
    ['flat', Link, link('a', { note: 'n' }), ['set', 'merge']],
    ['map', Profile, { slug: 'a', name: 'Ada', age: 36 }, ['set', 'set']],
  ])('claims one required field first where batches cannot (%s)', async (_, entity, record, forms) => {
    const { manager, control, inner } = await connect([Link, Profile], {
      batchIfAbsent: false,
      batchCheck: false,
    });
    await manager.insert<object>(entity, record, absent);
    expect(methods(control)).toEqual(forms);
    expect(control.writes[0]?.[3]).toEqual({ ifAbsent: true });
    const { slug, ...fields } = record;
    expect(
      (await inner.get(`${manager.getRepository<object>(entity).metadata.prefixPath}/${slug}`))?.value,
    ).toEqual(fields);
  });

  it.each([{}, { batchCheck: false }, { batchCheck: false, batchIfAbsent: false }])(
    'has one winner of a race (%p)',
    async (capabilities) => {
      const { manager, dataSource } = await connect([Link], capabilities);
      const attempts = await Promise.allSettled(
        ['one', 'two', 'three'].map((title) => manager.insert(Link, link('a', { title }), absent)),
      );
      const winner = attempts.findIndex(({ status }) => status === 'fulfilled');
      expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect((await dataSource.getRepository(Link).findOneByOrFail({ slug: 'a' })).title).toBe(
        ['one', 'two', 'three'][winner],
      );
      for (const attempt of attempts) {
        if (attempt.status === 'rejected') expect(attempt.reason).toMatchObject({ kind: 'exists' });
      }
    },
  );

  it('says which record exists, and at which revision', async () => {
    const { manager } = await connect([Link]);
    const { revision } = await manager.insert(Link, link('a'));
    await expect(manager.insert(Link, link('a'), absent)).rejects.toMatchObject({
      kind: 'exists',
      currentRevision: revision,
      path: 'reading/links/a',
      message: expect.stringMatching(/Link "a" exists already \(revision 1\)/),
    });
  });

  it.each([{}, { batchCheck: false }, { batchCheck: false, batchIfAbsent: false }])(
    'fails with what the store says when it says something else (%p)',
    async (capabilities) => {
      const { manager, control } = await connect([Link], capabilities);
      const unreachable = new DustError('network', 'no route');
      control.before = (method) => {
        if (method === 'batchWrite' || method === 'set') throw unreachable;
      };
      await expect(manager.insert(Link, link('a'), absent)).rejects.toBe(unreachable);
    },
  );

  it('sees a record that has none of the fields to be written', async () => {
    const { manager, inner } = await connect([Link]);
    await inner.set('reading/links/a/foreign', 1);
    await expect(manager.insert(Link, link('a'), absent)).rejects.toMatchObject({ kind: 'exists' });
  });
});

describe('documents saved twice', () => {
  const connect = useDataSources();

  it('a saved entity is loaded: its next save is a swap', async () => {
    const { manager, control } = await connect([Document]);
    const document = await manager.save(Document, { slug: 'a', text: 'one' });
    document.text = 'two';
    await manager.save(document);
    expect(methods(control)).toEqual(['set', 'batchWrite']);
    expect(document.version).toBe(2);
  });
});
