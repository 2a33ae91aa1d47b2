import type { DataSource, Repository } from '../../../src/index.js';
import type { Transport } from '../../../src/transport/transport.js';
import { describeContract } from '../describe-contract.js';
import type { Link } from '../entities.js';
import { defineLink, link, MODES } from '../entities.js';

describeContract('writes', (context) => {
  describe.each(MODES)('in %s mode', (mode) => {
    let dust: DataSource;
    let links: Repository<Link>;
    let other: Transport;
    let segments: string[];
    let prefix: string;

    beforeEach(async () => {
      segments = context.uniquePrefix();
      prefix = segments.join('/');
      const entity = defineLink(segments, mode);
      dust = await context.connect([entity]);
      links = dust.getRepository(entity);
      other = await context.otherWriter();
    });

    const stored = async (slug: string): Promise<unknown> => (await other.get(`${prefix}/${slug}`))?.value;

    it('insert writes all fields, and finds them again as an instance of the class', async () => {
      const result = await links.insert(link('a', { note: 'n', rank: 3 }));
      expect(result).toMatchObject({ affected: 1, slugs: ['a'], revision: result.storeSeq });
      expect(await stored('a')).toEqual({
        title: 'Title of a',
        url: 'https://example.com/',
        note: 'n',
        rank: 3,
      });

      const found = await links.findOneByOrFail({ slug: 'a' });
      expect(found).toBeInstanceOf(links.target);
      expect(found).toMatchObject(link('a', { note: 'n', rank: 3 }));
    });

    it('insert takes a list', async () => {
      const result = await links.insert([link('a'), link('b')]);
      expect(result).toMatchObject({ affected: 2, slugs: ['a', 'b'] });
      expect((await links.find()).map((found) => found.slug)).toEqual(['a', 'b']);
    });

    it('insert over a record writes its fields', async () => {
      await links.insert(link('a', { title: 'old' }));
      await links.insert(link('a', { title: 'new' }));
      expect(await links.findOneBy({ slug: 'a' })).toMatchObject({ title: 'new' });
      expect(await links.count()).toBe(1);
    });

    it('insert with ifAbsent fails where the record exists, and changes nothing', async () => {
      const first = await links.insert(link('a', { title: 'first' }), { ifAbsent: true });
      await expect(links.insert(link('a', { title: 'second' }), { ifAbsent: true })).rejects.toMatchObject({
        kind: 'exists',
      });
      expect(await links.findOneBy({ slug: 'a' })).toMatchObject({ title: 'first' });
      expect(links.revisionOf(await links.findOneByOrFail({ slug: 'a' }))).toBe(first.revision);
    });

    it('insert with ifAbsent lets one of two racing writers win', async () => {
      const attempts = await Promise.allSettled(
        ['one', 'two', 'three'].map((title) => links.insert(link('a', { title }), { ifAbsent: true })),
      );
      const winners = attempts.filter((attempt) => attempt.status === 'fulfilled');
      const losers = attempts.filter((attempt) => attempt.status === 'rejected');
      expect(winners).toHaveLength(1);
      for (const loser of losers) expect(loser.reason).toMatchObject({ kind: 'exists' });
      const winner = ['one', 'two', 'three'][attempts.indexOf(winners[0]!)];
      expect(await links.findOneBy({ slug: 'a' })).toMatchObject({ title: winner });
    });

    it('insert leaves properties that are undefined out and writes null as null', async () => {
      await links.insert(link('a', { note: null, rank: undefined }));
      expect(await stored('a')).toEqual({ title: 'Title of a', url: 'https://example.com/', note: null });
      expect(await links.findOneBy({ slug: 'a' })).toMatchObject({ note: null });
    });

    it('save writes a new instance and returns it', async () => {
      const entity = links.create(link('a'));
      expect(await links.save(entity)).toBe(entity);
      expect(await links.existsBy({ slug: 'a' })).toBe(true);
    });

    it('save takes a list and keeps its order', async () => {
      const saved = await links.save([links.create(link('b')), links.create(link('a'))]);
      expect(saved.map((entity) => entity.slug)).toEqual(['b', 'a']);
      expect(await links.count()).toBe(2);
    });

    it('save writes what changed since the instance was loaded', async () => {
      await links.insert(link('a', { note: 'keep', rank: 1 }));
      const loaded = await links.findOneByOrFail({ slug: 'a' });
      loaded.title = 'changed';
      await links.save(loaded);
      expect(await links.findOneBy({ slug: 'a' })).toMatchObject({ title: 'changed', note: 'keep', rank: 1 });
    });

    it('save of an instance that did not change writes nothing', async () => {
      await links.insert(link('a'));
      const loaded = await links.findOneByOrFail({ slug: 'a' });
      const before = await context.stateOf(segments);
      await links.save(loaded);
      expect(await context.stateOf(segments)).toEqual(before);
    });

    it('a loaded instance under another slug is refused, and a copy of it is a new record', async () => {
      await links.insert([link('a', { note: 'n' }), link('b')]);
      const renamed = await links.findOneByOrFail({ slug: 'a' });
      const before = await context.stateOf(segments);
      renamed.slug = 'c';
      expect(links.revisionOf(renamed)).toBeUndefined();
      const refused = { kind: 'invalid_value', detail: 'slug_changed' };
      await expect(links.save(renamed)).rejects.toMatchObject({
        ...refused,
        message: expect.stringContaining('insert(entity), and delete the old record by delete("a")'),
      });
      const other = await links.findOneByOrFail({ slug: 'b' });
      await expect(links.save([other, renamed])).rejects.toMatchObject({ ...refused, opIndex: 1 });
      await expect(links.remove(renamed)).rejects.toMatchObject(refused);
      expect(await context.stateOf(segments)).toEqual(before);

      const copies = [
        links.create(renamed),
        Object.assign({}, renamed, { slug: 'd' }),
        Object.assign(links.create(), renamed, { slug: 'e' }),
      ];
      await links.save(copies);
      await links.insert(Object.assign(renamed, { slug: 'f' }));
      await links.remove(await links.findOneByOrFail({ slug: 'a' }));
      expect((await links.find()).map(({ slug, note }) => [slug, note])).toEqual([
        ['b', undefined],
        ...['c', 'd', 'e', 'f'].map((slug) => [slug, 'n']),
      ]);
    });

    it('an entity that was removed is a new record under any slug', async () => {
      await links.insert(link('a'));
      const moved = await links.remove(await links.findOneByOrFail({ slug: 'a' }));
      moved.slug = 'b';
      await links.save(moved);
      expect((await links.find()).map(({ slug }) => slug)).toEqual(['b']);
    });

    it('save writes again what changed after the last save', async () => {
      const entity = await links.save(links.create(link('a', { note: 'first' })));
      entity.note = 'second';
      await links.save(entity);
      entity.note = null;
      await links.save(entity);
      expect(await links.findOneBy({ slug: 'a' })).toMatchObject({ note: null });
    });

    it('update writes the partial and leaves the other fields alone', async () => {
      await links.insert(link('a', { note: 'old', rank: 1 }));
      const result = await links.update('a', { note: 'new' });
      expect(result).toMatchObject({ affected: 1, slugs: ['a'] });
      expect(await stored('a')).toEqual({
        title: 'Title of a',
        url: 'https://example.com/',
        note: 'new',
        rank: 1,
      });
    });

    it('update takes undefined for "not part of this write" and null for null', async () => {
      await links.insert(link('a', { note: 'old', rank: 1 }));
      await links.update('a', { note: undefined, rank: null });
      expect(await links.findOneBy({ slug: 'a' })).toMatchObject({ note: 'old', rank: null });
    });

    it('update takes a list of slugs, or a where', async () => {
      await links.insert([link('a', { rank: 1 }), link('b', { rank: 2 }), link('c', { rank: 2 })]);
      expect(await links.update(['a', 'b'], { note: 'by slug' })).toMatchObject({ affected: 2 });
      const result = await links.update({ rank: 2 }, { note: 'by where' });
      expect(result).toMatchObject({ affected: 2, slugs: ['b', 'c'] });
      const notes = (await links.find()).map((found) => found.note);
      expect(notes).toEqual(['by slug', 'by where', 'by where']);
    });

    it('update of a record that does not exist affects nothing and makes none', async () => {
      expect(await links.update('missing', { note: 'n' })).toMatchObject({ affected: 0, storeSeq: null });
      expect(await links.update({ rank: 99 }, { note: 'n' })).toMatchObject({ affected: 0, storeSeq: null });
      expect(await other.exists(`${prefix}/missing`)).toBe(false);
    });

    it('update with nothing in it is refused', async () => {
      await links.insert(link('a'));
      await expect(links.update('a', {})).rejects.toMatchObject({ kind: 'nothing_to_write' });
      await expect(links.update('a', { note: undefined })).rejects.toMatchObject({
        kind: 'nothing_to_write',
      });
    });

    it.each<[string, (list: readonly object[]) => Promise<unknown>]>([
      ['insert', (list) => links.insert(list)],
      ['insert with ifAbsent', (list) => links.insert(list, { ifAbsent: true })],
      ['upsert', (list) => links.upsert(list)],
      ['save', (list) => links.save(list)],
      ['insertMany', (list) => links.insertMany(list)],
    ])('%s refuses a list that has one slug twice, and writes nothing of it', async (_, write) => {
      const refused = write([link('a', { title: 'one' }), link('b'), link('a', { title: 'two' })]);
      await expect(refused).rejects.toMatchObject({ kind: 'invalid_value', detail: 'duplicate_slug' });
      expect(await links.count()).toBe(0);
    });

    it('a batch may insert into one record twice: its writes are made in their order', async () => {
      const { manager } = links;
      await manager.batch((batch) => {
        batch.insert(links.target, [link('a', { title: 'one', note: 'n' }), link('a', { title: 'two' })]);
      });
      expect(await links.findOneBy({ slug: 'a' })).toMatchObject({ title: 'two' });
    });

    it('upsert writes a record whether it exists or not', async () => {
      await links.upsert(link('a', { title: 'first' }), ['slug']);
      await links.upsert(link('a', { title: 'second' }), ['slug']);
      expect(await links.find()).toMatchObject([{ slug: 'a', title: 'second' }]);
    });

    it('preload gives the stored record with the changes on it, and null without a record', async () => {
      await links.insert(link('a', { rank: 1 }));
      const loaded = await links.preload({ slug: 'a', note: 'changed' });
      expect(loaded).toMatchObject({ title: 'Title of a', rank: 1, note: 'changed' });
      expect(await links.findOneBy({ slug: 'a' })).not.toMatchObject({ note: 'changed' });
      expect(await links.preload({ slug: 'missing' })).toBeFalsy();
    });

    it('merge copies onto an instance and writes nothing', async () => {
      const entity = links.create(link('a'));
      expect(links.merge(entity, { note: 'one' }, { rank: 2, note: undefined })).toBe(entity);
      expect(entity).toMatchObject({ note: 'one', rank: 2 });
      expect(await links.count()).toBe(0);
    });

    it('remove deletes the record of an instance, or of several', async () => {
      await links.insert([link('a'), link('b'), link('c')]);
      const [a, b] = await links.find();
      expect(await links.remove(a!)).toBe(a);
      await links.remove([b!]);
      expect((await links.find()).map((found) => found.slug)).toEqual(['c']);
      expect(await other.exists(`${prefix}/a`)).toBe(false);
    });

    it('a removed instance can be saved anew, whole', async () => {
      await links.insert(link('a', { note: 'n' }));
      const loaded = await links.findOneByOrFail({ slug: 'a' });
      await links.remove(loaded);
      await links.save(loaded);
      expect(await links.findOneBy({ slug: 'a' })).toMatchObject(link('a', { note: 'n' }));
    });

    it('delete takes a slug, slugs or a where, and says how many records were there', async () => {
      await links.insert(['a', 'b', 'c', 'd'].map((slug, rank) => link(slug, { rank })));
      expect(await links.delete('a')).toMatchObject({ affected: 1 });
      expect(await links.delete(['b', 'missing'])).toMatchObject({ affected: 1 });
      expect(await links.delete({ rank: 3 })).toMatchObject({ affected: 1, slugs: ['d'] });
      expect(await links.delete({ rank: 3 })).toMatchObject({ affected: 0 });
      expect((await links.find()).map((found) => found.slug)).toEqual(['c']);
    });

    it('delete removes leaves that no field claims, too', async () => {
      await links.insert(link('a'));
      await other.set(`${prefix}/a/foreign/deep`, 1);
      await links.delete('a');
      expect(await other.subtree(`${prefix}/a`)).toEqual([]);
    });

    it('clear deletes all records of the class and no others', async () => {
      const neighbour = `${prefix}-neighbour/x`;
      await other.set(neighbour, 1);
      await links.insert([link('a'), link('b')]);
      await links.clear();
      expect(await links.count()).toBe(0);
      expect(await other.exists(neighbour)).toBe(true);
    });

    it('a write of one record is as few operations as the transport allows', async () => {
      await links.insert(link('a', { note: 'n', rank: 1 }));
      const leaves = await other.subtree(`${prefix}/a`);
      expect(leaves).toHaveLength(4);
      const operations = new Set(leaves.map(({ revision }) => revision));
      expect(operations.size).toBe(mode === 'map' || context.capabilities.merge ? 1 : 4);
    });
  });

  it("flat mode keeps other writers' fields through insert, save and update", async () => {
    const segments = context.uniquePrefix();
    const record = `${segments.join('/')}/a`;
    const entity = defineLink(segments, 'flat');
    const links = (await context.connect([entity])).getRepository(entity);
    const other = await context.otherWriter();

    await links.insert(link('a'));
    await other.set(`${record}/foreign`, { deep: 1 });
    await links.insert(link('a', { title: 'again' }));
    await links.update('a', { note: 'n' });
    await links.save(links.create(link('a', { title: 'saved' })));

    expect((await other.get(record))?.value).toMatchObject({
      title: 'saved',
      note: 'n',
      foreign: { deep: 1 },
    });
  });

  it('flat mode writes only what changed, so that two writers can change one record', async () => {
    const segments = context.uniquePrefix();
    const entity = defineLink(segments, 'flat');
    const links = (await context.connect([entity])).getRepository(entity);
    const other = await context.otherWriter();

    await links.insert(link('a', { note: 'old', rank: 1 }));
    const loaded = await links.findOneByOrFail({ slug: 'a' });
    await other.set(`${segments.join('/')}/a/rank`, 2);
    loaded.note = 'new';
    await links.save(loaded);

    expect(await links.findOneBy({ slug: 'a' })).toMatchObject({ note: 'new', rank: 2 });
  });

  it("map mode replaces the whole record, other writers' fields included", async () => {
    const segments = context.uniquePrefix();
    const record = `${segments.join('/')}/a`;
    const entity = defineLink(segments, 'map');
    const links = (await context.connect([entity])).getRepository(entity);
    const other = await context.otherWriter();

    await links.insert(link('a'));
    await other.set(`${record}/foreign`, { deep: 1 });
    await links.insert(link('a', { title: 'again' }));

    expect((await other.get(record))?.value).toEqual({ title: 'again', url: 'https://example.com/' });
  });
});
