import { EntityNotFoundError, isDustError, IsNull, Repository } from '../../../src/index.js';
import { Document, Link, link, methods, Profile, useDataSources } from './support.js';

const connect = useDataSources();

describe('create, merge and preload', () => {
  it('create makes instances, with what the class knows of the given properties', async () => {
    const { manager } = await connect([Link]);
    expect(manager.create(Link)).toBeInstanceOf(Link);
    const [a, b] = manager.create(Link, [link('a'), link('b', { note: null })]);
    expect([a?.slug, b?.slug, b?.note]).toEqual(['a', 'b', null]);
    const odd = manager.create(Link, { slug: 'c', unheardOf: 1 } as Partial<Link>);
    expect(odd).not.toHaveProperty('unheardOf');
  });

  it('merge takes the last of several, and nothing that is undefined', async () => {
    const { manager } = await connect([Link]);
    const entity = manager.create(Link, link('a', { note: 'one' }));
    expect(manager.merge(Link, entity, { note: 'two' }, { note: undefined, title: 'T' })).toBe(entity);
    expect(entity).toMatchObject({ slug: 'a', note: 'two', title: 'T' });
  });

  it('preload is loaded: the save that follows writes what differs', async () => {
    const { manager, control } = await connect([Link]);
    await manager.insert(Link, link('a'));
    control.writes.length = 0;
    const entity = await manager.preload(Link, { slug: 'a', note: 'n' });
    await manager.save(entity!);
    expect(control.writes).toEqual([['set', 'reading/links/a/note', 'n', {}]]);
    expect(await manager.preload(Link, { slug: 'missing' })).toBeUndefined();
    await expect(manager.preload(Link, { title: 'no slug' })).rejects.toMatchObject({
      kind: 'invalid_value',
    });
  });
});

describe('save', () => {
  it('takes plain objects and gives instances back, which are loaded then', async () => {
    const { manager, dataSource } = await connect([Link]);
    const [a, b] = await manager.save(Link, [link('a'), link('b')]);
    expect(a).toBeInstanceOf(Link);
    expect([a, b].map((entity) => dataSource.getRepository(Link).revisionOf(entity!))).toEqual([1, 2]);
  });

  it('of a loaded entity whose record is gone writes all of it', async () => {
    const { manager } = await connect([Link]);
    const saved = await manager.save(Link, link('a', { note: 'n' }));
    await manager.delete(Link, 'a');
    saved.title = 'back';
    await manager.save(saved);
    expect(await manager.findOneBy(Link, { slug: 'a' })).toMatchObject(
      link('a', { note: 'n', title: 'back' }),
    );
  });

  it('of a plain object under another slug writes all of it there', async () => {
    const { manager } = await connect([Link]);
    const draft = link('a');
    await manager.save(Link, draft);
    draft.slug = 'b';
    draft.title = 'copy';
    await manager.save(Link, draft);
    expect(await manager.find(Link)).toMatchObject([{ slug: 'a' }, { slug: 'b', title: 'copy' }]);
  });

  it('refuses an entity that was saved under another slug', async () => {
    const { manager } = await connect([Link]);
    const saved = await manager.save(Link, link('a'));
    saved.slug = 'b';
    await expect(manager.save(saved)).rejects.toMatchObject({ detail: 'slug_changed' });
    await expect(manager.batch((batch) => batch.save(saved))).rejects.toMatchObject({
      detail: 'slug_changed',
    });
    expect(await manager.count(Link)).toBe(1);
  });

  it('validates all entities before it sends the first', async () => {
    const { manager, control } = await connect([Link]);
    await expect(manager.save(Link, [link('a'), link('b', { title: '' })])).rejects.toMatchObject({
      kind: 'validation',
    });
    expect(control.writes).toEqual([]);
  });

  it('of entities of several classes is one batch', async () => {
    const { manager, control } = await connect([Link, Profile]);
    const saved = await manager.save([
      manager.create(Link, link('a')),
      manager.create(Profile, { slug: 'p', name: 'Ada' }),
    ]);
    expect(saved).toHaveLength(2);
    expect(methods(control)).toEqual(['batchWrite']);
    expect(await manager.remove(saved)).toBe(saved);
    expect(await manager.count(Link)).toBe(0);
  });

  it('of an instance of a derived class goes to the entity it derives from', async () => {
    class SpecialLink extends Link {}
    const { manager } = await connect([Link]);
    const special = Object.assign(new SpecialLink(), link('a'));
    expect(await manager.save(special)).toBe(special);
    expect(await manager.existsBy(Link, { slug: 'a' })).toBe(true);
  });

  it('of a plain object without its class says what is missing', async () => {
    const { manager } = await connect([Link]);
    await expect(manager.save(link('a'))).rejects.toMatchObject({
      kind: 'invalid_metadata',
      message: expect.stringMatching(/plain object.*class/),
    });
  });

  it.each([null, undefined, 'a', 7, [[]]])('refuses %p', async (value) => {
    const { manager, control } = await connect([Link]);
    await expect(manager.getRepository(Link).save(value as never)).rejects.toMatchObject({
      kind: 'invalid_value',
    });
    expect(control.writes).toEqual([]);
  });
});

describe('slugs', () => {
  it.each(['image/svg+xml', '..', '.', '__proto__', 'constructor', '*', '**', '~', 'ä/ö ü', '😀'])(
    'may be %p',
    async (slug) => {
      const { manager } = await connect([Link, Profile]);
      await manager.insert(Link, link(slug));
      await manager.update(Link, slug, { note: 'n' });
      await manager.increment(Link, slug, 'views', 2);
      await manager.insert(Profile, { slug, name: 'Ada' }, { ifAbsent: true });
      await manager.update(Profile, slug, { city: 'London' });
      expect(await manager.find(Link)).toMatchObject([{ slug, note: 'n', views: 2 }]);
      expect(await manager.findOneBy(Profile, { slug })).toMatchObject({ slug, city: 'London' });
      expect(await manager.delete(Link, [slug])).toMatchObject({ affected: 1, slugs: [slug] });
      expect(await manager.count(Link)).toBe(0);
    },
  );

  it.each(['', undefined, null, 7, '\ud800'])('may not be %p', async (slug) => {
    const { manager, control } = await connect([Link]);
    const bad = slug as string;
    const invalidValue = { kind: 'invalid_value', message: expect.stringContaining('Link.slug') };
    await expect(manager.insert(Link, { ...link('a'), slug: bad })).rejects.toMatchObject(invalidValue);
    await expect(manager.save(Link, { ...link('a'), slug: bad })).rejects.toMatchObject(invalidValue);
    await expect(manager.remove(Object.assign(new Link(), { slug: bad }))).rejects.toMatchObject(
      invalidValue,
    );
    const criteria = { kind: 'invalid_criteria' };
    await expect(manager.update(Link, bad, { note: 'n' })).rejects.toMatchObject(criteria);
    await expect(manager.delete(Link, bad)).rejects.toMatchObject(criteria);
    await expect(manager.increment(Link, bad, 'views', 1)).rejects.toMatchObject(criteria);
    await expect(
      manager.getRepository(Link).putFile(bad, 'icon', 'x', { filename: 'f' }),
    ).rejects.toMatchObject(criteria);
    expect(control.writes).toEqual([]);
  });
});

describe('update', () => {
  it('refuses a property the class does not have, and lists those it has', async () => {
    const { manager, control } = await connect([Link]);
    await manager.insert(Link, link('a'));
    control.writes.length = 0;
    await expect(manager.update(Link, 'a', { nope: 1 } as Partial<Link>)).rejects.toMatchObject({
      kind: 'invalid_criteria',
      message: expect.stringMatching(/Link has no field "nope".*title, url, note/),
    });
    expect(control.writes).toEqual([]);
  });

  it('refuses to change the slug, and accepts the same one', async () => {
    const { manager } = await connect([Link]);
    await manager.insert(Link, link('a'));
    await expect(manager.update(Link, 'a', { slug: 'b', note: 'n' })).rejects.toMatchObject({
      kind: 'invalid_value',
      message: expect.stringMatching(/Link "a": an update cannot change slug \(to the string "b"\)/),
    });
    expect(await manager.update(Link, 'a', { slug: 'a', note: 'n' })).toMatchObject({ affected: 1 });
    await expect(manager.update(Link, 'a', { slug: 'b' })).rejects.toMatchObject({
      kind: 'nothing_to_write',
      message: expect.stringContaining('slug is the slug, which names the record and cannot be changed'),
    });
    await expect(manager.update(Link, 'a', { slug: undefined })).rejects.toMatchObject({
      kind: 'nothing_to_write',
      message: expect.stringContaining('Properties that are undefined are not part of a write'),
    });
  });

  it('refuses counters and sets, which change through their own operations', async () => {
    const { manager } = await connect([Link]);
    await manager.insert(Link, link('a'));
    await expect(manager.update(Link, 'a', { views: 7 })).rejects.toMatchObject({
      kind: 'invalid_value',
      message: expect.stringContaining('increment()'),
    });
  });

  it.each([{ ifmatch: 1 }, { transaction: true }, 7, null])('refuses the options %p', async (options) => {
    const { manager } = await connect([Link]);
    await expect(manager.update(Link, 'a', { note: 'n' }, options as object)).rejects.toMatchObject({
      kind: 'invalid_options',
    });
  });
});

describe('upsert', () => {
  it.each([
    [['slug']],
    [{ conflictPaths: ['slug'] }],
    [{ conflictPaths: { slug: true } }],
    [undefined],
  ] as const)('takes the conflict paths %j', async (conflict) => {
    const { manager } = await connect([Link]);
    await manager.upsert(Link, link('a'), conflict);
    expect(await manager.upsert(Link, [link('a', { title: 'T' })], conflict as never)).toMatchObject({
      affected: 1,
    });
    expect(await manager.find(Link)).toMatchObject([{ title: 'T' }]);
  });

  it.each([
    [['title'], '"title"'],
    [[], 'none'],
    [{ conflictPaths: ['slug', 'url'] }, '"url"'],
  ])('refuses %j', async (conflict, given) => {
    const { manager, control } = await connect([Link]);
    await expect(manager.upsert(Link, link('a'), conflict as never)).rejects.toMatchObject({
      kind: 'invalid_options',
      message: expect.stringContaining(`the slug "slug", and was given ${given}.`),
    });
    expect(control.writes).toEqual([]);
  });
});

describe('delete', () => {
  it('of many slugs is one batch of those that exist', async () => {
    const { manager, control } = await connect([Link]);
    await manager.insert(Link, [link('a'), link('b')]);
    control.writes.length = 0;
    expect(await manager.delete(Link, ['b', 'missing', 'a'])).toMatchObject({
      affected: 2,
      slugs: ['b', 'a'],
    });
    expect(methods(control)).toEqual(['batchWrite']);
    expect(control.writes[0]?.[1]).toEqual([
      { op: 'delete', path: 'reading/links/b' },
      { op: 'delete', path: 'reading/links/a' },
    ]);
  });

  it('of nothing writes nothing', async () => {
    const { manager, control } = await connect([Link]);
    expect(await manager.delete(Link, 'missing')).toEqual({ storeSeq: null, affected: 0, slugs: [] });
    expect(control.writes).toEqual([]);
  });

  it('clear is one operation', async () => {
    const { manager, control } = await connect([Link]);
    await manager.insert(Link, link('a'));
    expect(await manager.clear(Link)).toEqual({ storeSeq: 2 });
    expect(control.writes.at(-1)).toEqual(['delete', 'reading/links', {}]);
  });
});

describe('counters, sets and files', () => {
  it.each([
    ['increment', 'note', '@CounterField()'],
    ['addTo', 'views', '@SetField()'],
    ['removeFrom', 'title', '@SetField()'],
    ['putFile', 'title', '@FileField()'],
  ])('%s refuses a property of another kind (%s), with the cure', async (method, property, cure) => {
    const { manager, control } = await connect([Link]);
    await manager.insert(Link, link('a'));
    control.writes.length = 0;
    const call = Reflect.get(manager.getRepository(Link), method) as (...args: unknown[]) => Promise<unknown>;
    await expect(
      call.call(manager.getRepository(Link), 'a', property, 1, { filename: 'f' }),
    ).rejects.toMatchObject({
      kind: expect.stringMatching(/invalid_(criteria|options)/),
    });
    await expect(
      call.call(
        manager.getRepository(Link),
        'a',
        property,
        1,
        ...(method === 'putFile' ? [{ filename: 'f' }] : []),
      ),
    ).rejects.toMatchObject({
      kind: 'invalid_criteria',
      message: expect.stringContaining(cure),
    });
    await expect(
      call.call(
        manager.getRepository(Link),
        'a',
        'nope',
        1,
        ...(method === 'putFile' ? [{ filename: 'f' }] : []),
      ),
    ).rejects.toMatchObject({
      kind: 'invalid_criteria',
      message: expect.stringContaining('"nope"'),
    });
    expect(control.writes).toEqual([]);
  });

  it('need the transport to have them', async () => {
    const { manager } = await connect([Link], { counters: false, batchCounters: false, files: false });
    const links = manager.getRepository(Link);
    await links.insert(link('a'));
    const lacking = (detail: string) => ({
      kind: 'not_supported',
      detail,
      message: expect.stringContaining('Link'),
    });
    await expect(links.increment('a', 'views', 1)).rejects.toMatchObject(lacking('counters'));
    await expect(links.addTo('a', 'tags', 'x')).rejects.toMatchObject(lacking('counters'));
    await expect(links.putFile('a', 'icon', 'x', { filename: 'f' })).rejects.toMatchObject(lacking('files'));
  });

  it('are changed by batches of one where only batches can', async () => {
    const { manager, control } = await connect([Link], { counters: false });
    await manager.insert(Link, link('a'));
    control.writes.length = 0;
    await manager.increment(Link, 'a', 'views', 2);
    await manager.addTo(Link, 'a', 'tags', 'x');
    expect(methods(control)).toEqual(['batchWrite', 'batchWrite']);
    expect(await manager.findOneBy(Link, { slug: 'a' })).toMatchObject({ views: 2, tags: ['x'] });
  });

  it('a file can be read through every transport', async () => {
    const { manager, inner } = await connect([Link], { files: false });
    await manager.insert(Link, link('a'));
    await inner.putFile('reading/links/a/icon', new TextEncoder().encode('content'), { filename: 'f.txt' });
    const opened = await manager.getRepository(Link).openFile('a', 'icon');
    expect(opened).toMatchObject({ filename: 'f.txt', size: 7 });
  });

  it.each([NaN, Infinity, '1', null, undefined])('a counter does not change by %p', async (value) => {
    const { manager } = await connect([Link]);
    await manager.insert(Link, link('a'));
    await expect(manager.decrement(Link, 'a', 'views', value as number)).rejects.toMatchObject({
      kind: 'invalid_value',
      message: expect.stringMatching(/Link.views: decrement takes a finite number/),
    });
  });

  it('a file is read to its end before anything is sent', async () => {
    const { manager, control } = await connect([Link]);
    const links = manager.getRepository(Link);
    await links.insert(link('a'));
    control.writes.length = 0;
    async function* broken() {
      yield 'half';
      throw new RangeError('lost');
    }
    await expect(links.putFile('a', 'icon', broken(), { filename: 'f' })).rejects.toThrow(
      new RangeError('lost'),
    );
    expect(control.writes).toEqual([]);
    async function* whole() {
      yield 'one ';
      yield new TextEncoder().encode('two');
    }
    const result = await links.putFile('a', 'icon', whole(), {
      filename: 'f.txt',
      contentType: 'text/plain',
    });
    expect(result).toMatchObject({ affected: 1, slugs: ['a'], storeSeq: 2 });
    const opened = await links.openFile('a', 'icon');
    expect(opened).toMatchObject({ filename: 'f.txt', contentType: 'text/plain', size: 7 });
    expect(new TextDecoder().decode(opened?.content)).toBe('one two');
  });

  it.each([{}, { filename: '' }, { filename: 'f', contentType: 7 }, { filename: 'f', name: 'f' }])(
    'putFile refuses the options %j',
    async (options) => {
      const { manager } = await connect([Link]);
      await manager.insert(Link, link('a'));
      await expect(
        manager.getRepository(Link).putFile('a', 'icon', 'x', options as never),
      ).rejects.toMatchObject({
        kind: 'invalid_options',
      });
    },
  );
});

describe('the OrFail methods', () => {
  it('name class and criteria', async () => {
    const { manager } = await connect([Link]);
    const error = await manager
      .findOneByOrFail(Link, { slug: 'a', note: IsNull() })
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(EntityNotFoundError);
    expect(isDustError(error, 'not_found')).toBe(true);
    expect(error).toMatchObject({
      entityName: 'Link',
      message: expect.stringMatching(/^No Link matches .*slug: "a"/),
    });
    await expect(manager.findOneOrFail(Link, { where: { slug: 'b' } })).rejects.toThrow(
      'No Link matches { slug: "b" }.',
    );
  });
});

describe('criteria', () => {
  it.each([undefined, null, {}, [], ''])(
    '%p is refused everywhere, and nothing is written',
    async (criteria) => {
      const { manager, control } = await connect([Link]);
      await manager.insert(Link, link('a'));
      control.writes.length = 0;
      const links = manager.getRepository(Link);
      const none = criteria as never;
      const calls: (() => Promise<unknown>)[] = [
        () => links.update(none, { note: 'n' }),
        () => links.delete(none),
        () => links.increment(none, 'views', 1),
        () => links.addTo(none, 'tags', 'x'),
        () => links.findBy(none),
        () => links.findOneBy(none),
        () => links.findOneByOrFail(none),
        () => links.findAndCountBy(none),
        () => links.existsBy(none),
        () => links.countBy(none),
        () => links.findOne({ where: none }),
        () => links.find({ where: none }),
      ];
      for (const call of calls) await expect(call()).rejects.toMatchObject({ kind: 'invalid_criteria' });
      expect(control.writes).toEqual([]);
    },
  );
});

describe('extend', () => {
  it('adds methods whose this is the extended repository, bound to it', async () => {
    const { manager } = await connect([Link]);
    const links = manager.getRepository(Link).extend({
      async withoutNote() {
        return this.findBy({ note: IsNull() });
      },
      async slugsWithoutNote() {
        return (await this.withoutNote()).map((found: Link) => found.slug);
      },
    });
    await links.save([links.create(link('a')), links.create(link('b', { note: 'n' }))]);
    const { slugsWithoutNote } = links;
    expect(await slugsWithoutNote()).toEqual(['a']);
    expect(links).toBeInstanceOf(Repository);
    expect(manager.getRepository(Link)).not.toHaveProperty('withoutNote');
  });

  it('can be repeated: earlier methods see later ones', async () => {
    const { manager } = await connect([Link]);
    const base = manager.getRepository(Link).extend({
      label() {
        return 'base';
      },
      greet() {
        return `I am ${this.label()}`;
      },
    });
    const derived = base.extend({ label: () => 'derived' });
    expect([base.greet(), derived.greet()]).toEqual(['I am base', 'I am derived']);
  });

  it('keeps the methods of a class that extends Repository', async () => {
    class Links extends Repository<Link> {
      slugs = async (): Promise<string[]> => (await this.find()).map(({ slug }) => slug);
      async first(): Promise<Link | null> {
        return (await this.find({ take: 1 }))[0] ?? null;
      }
    }
    const { manager } = await connect([Link]);
    const links = new Links(Link, manager).extend({
      async firstSlug() {
        return (await this.first())?.slug;
      },
    });
    await links.insert(link('a'));
    expect(await links.firstSlug()).toBe('a');
    expect(await links.slugs()).toEqual(['a']);
  });
});

describe('metadata', () => {
  it('and target are those of the class', async () => {
    const { manager } = await connect([Document]);
    const documents = manager.getRepository(Document);
    expect(documents.target).toBe(Document);
    expect(documents.metadata).toMatchObject({ name: 'Document', mode: 'flat', prefixPath: 'documents' });
    expect(manager.getRepository(Document)).toBe(documents);
  });
});
