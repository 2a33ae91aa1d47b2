import { CounterField, DustEntity, Field, FileField, SetField, Slug } from '../../../src/index.js';
import type { DustFile, Repository } from '../../../src/index.js';
import type { StorageMode } from '../../../src/metadata/types.js';
import type { Transport } from '../../../src/transport/transport.js';
import { describeContract } from '../describe-contract.js';
import type { Page } from '../entities.js';
import { definePage, MODES } from '../entities.js';

function defineAttachment(prefix: string[], mode: StorageMode) {
  @DustEntity({ prefix, mode })
  class Attachment {
    @Slug() slug!: string;
    @Field() title?: string;
    @FileField() file?: DustFile;
  }
  return Attachment;
}

describeContract(
  'counters and sets',
  (context) => {
    let pages: Repository<Page>;
    let other: Transport;
    let record: string;

    beforeEach(async () => {
      const prefix = context.uniquePrefix();
      record = `${prefix.join('/')}/a`;
      const entity = definePage(prefix);
      pages = (await context.connect([entity])).getRepository(entity);
      other = await context.otherWriter();
      await pages.insert({ slug: 'a', title: 'T' });
    });

    it('increment and decrement start from nothing and add up', async () => {
      expect(await pages.increment('a', 'views', 5)).toMatchObject({ affected: 1, slugs: ['a'] });
      await pages.decrement('a', 'views', 2);
      expect(await pages.findOneBy({ slug: 'a' })).toMatchObject({ views: 3, title: 'T' });
      expect(await other.get(`${record}/views`)).toMatchObject({ value: 3, type: 'counter' });
    });

    it('concurrent increments all count, whoever makes them', async () => {
      const own = Array.from({ length: 20 }, () => pages.increment('a', 'views', 1));
      const foreign = Array.from({ length: 20 }, () => other.increment(`${record}/views`, 1));
      await Promise.all([...own, ...foreign]);
      expect(await pages.findOneBy({ slug: 'a' })).toMatchObject({ views: 40 });
    });

    it('increment reaches every record that meets the criteria', async () => {
      await pages.insert([
        { slug: 'b', title: 'T' },
        { slug: 'c', title: 'U' },
      ]);
      expect(await pages.increment({ title: 'T' }, 'views', 1)).toMatchObject({
        affected: 2,
        slugs: ['a', 'b'],
      });
      expect((await pages.find()).map((page) => page.views ?? 0)).toEqual([1, 1, 0]);
    });

    it('increment of a record that does not exist makes none', async () => {
      expect(await pages.increment('missing', 'views', 1)).toMatchObject({ affected: 0 });
      expect(await pages.count()).toBe(1);
    });

    it.each([NaN, Infinity, '1' as never])('increment by %p is refused', async (value) => {
      await expect(pages.increment('a', 'views', value)).rejects.toMatchObject({
        kind: 'invalid_value',
        message: expect.stringMatching(/Page.*views/),
      });
      expect(await other.exists(`${record}/views`)).toBe(false);
    });

    it('increment of a property that is no counter is refused, with the cure', async () => {
      await expect(pages.increment('a', 'title' as never, 1)).rejects.toMatchObject({
        kind: 'invalid_criteria',
        message: expect.stringMatching(/Page.*title.*@CounterField/),
      });
    });

    it('addTo keeps each member once, newest first; removeFrom takes it out', async () => {
      await pages.addTo('a', 'tags', 'one');
      await pages.addTo('a', 'tags', 'two');
      await pages.addTo('a', 'tags', 'one');
      expect((await other.get(`${record}/tags`))?.type).toBe('set');
      expect([...(await pages.findOneByOrFail({ slug: 'a' })).tags].sort()).toEqual(['one', 'two']);
      expect(await pages.removeFrom('a', 'tags', 'one')).toMatchObject({ affected: 1 });
      expect((await pages.findOneByOrFail({ slug: 'a' })).tags).toEqual(['two']);
    });

    it('concurrent members all stay, whoever adds them', async () => {
      await Promise.all([
        ...['a', 'b', 'c'].map((member) => pages.addTo('a', 'tags', member)),
        ...['x', 'y', 'z'].map((member) => other.add(`${record}/tags`, member)),
      ]);
      const { tags } = await pages.findOneByOrFail({ slug: 'a' });
      expect([...tags].sort()).toEqual(['a', 'b', 'c', 'x', 'y', 'z']);
    });

    it('an update of another field leaves counters and sets alone', async () => {
      await pages.increment('a', 'views', 5);
      await pages.addTo('a', 'tags', 'one');
      await pages.update('a', { title: 'changed' });
      const loaded = await pages.findOneByOrFail({ slug: 'a' });
      loaded.title = 'again';
      await pages.save(loaded);
      expect(await pages.findOneBy({ slug: 'a' })).toMatchObject({ title: 'again', views: 5, tags: ['one'] });
    });

    it('goes on counting after an update', async () => {
      await pages.increment('a', 'views', 5);
      await pages.update('a', { title: 'changed' });
      await pages.increment('a', 'views', 1);
      expect(await pages.findOneBy({ slug: 'a' })).toMatchObject({ views: 6 });
    });

    it('survive a compare-and-swap of another field', async () => {
      await pages.increment('a', 'views', 5);
      await pages.addTo('a', 'tags', 'one');
      const loaded = await pages.findOneByOrFail({ slug: 'a' });
      await pages.update('a', { title: 'changed' }, { ifMatch: pages.revisionOf(loaded) });
      await pages.increment('a', 'views', 1);
      await pages.addTo('a', 'tags', 'two');
      await pages.addTo('a', 'tags', 'one');
      const found = await pages.findOneByOrFail({ slug: 'a' });
      expect(found).toMatchObject({ title: 'changed', views: 6 });
      expect([...found.tags].sort()).toEqual(['one', 'two']);
    });

    it('make a compare-and-swap fail that was read before they changed', async () => {
      const loaded = await pages.findOneByOrFail({ slug: 'a' });
      await other.increment(`${record}/views`, 1);
      const attempt = pages.update('a', { title: 'lost' }, { ifMatch: pages.revisionOf(loaded) });
      await expect(attempt).rejects.toMatchObject({ kind: 'conflict' });
      expect(await pages.findOneBy({ slug: 'a' })).toMatchObject({ title: 'T', views: 1 });
    });

    it('need flat mode, in which a write does not replace them', async () => {
      const entity = definePage(context.uniquePrefix(), 'map');
      await expect(context.connect([entity])).rejects.toMatchObject({
        kind: 'invalid_metadata',
        message: expect.stringMatching(/Page.views.*flat.*Page.tags.*flat/s),
      });
    });
  },
  { needs: 'counters' },
);

describeContract(
  'files',
  (context) => {
    describe.each(MODES)('in %s mode', (mode) => {
      const content = new Uint8Array([0, 1, 2, 253, 254, 255]);

      const setUp = async () => {
        const entity = defineAttachment(context.uniquePrefix(), mode);
        const attachments = (await context.connect([entity])).getRepository(entity);
        await attachments.insert({ slug: 'a', title: 'T' });
        return attachments;
      };

      // The one that is stored where a server takes no other.
      const need = mode === 'flat' ? 'a file' : 'more files';
      context.itWith(need, 'putFile stores a file that openFile gives back', async () => {
        const attachments = await setUp();
        await attachments.putFile('a', 'file', content, {
          filename: 'data.bin',
          contentType: 'application/x-test',
        });

        const opened = await attachments.openFile('a', 'file');
        expect(opened).toMatchObject({ filename: 'data.bin', contentType: 'application/x-test' });
        expect(new Uint8Array(opened!.content)).toEqual(content);
        const { file, title } = await attachments.findOneByOrFail({ slug: 'a' });
        expect(file).toMatchObject({
          filename: 'data.bin',
          hash: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
        });
        expect(title).toBe('T');
      });

      context.itWith('more files', 'text and streams can be stored, too', async () => {
        const attachments = await setUp();
        const text = async (): Promise<string> =>
          new TextDecoder().decode((await attachments.openFile('a', 'file'))!.content);
        await attachments.putFile('a', 'file', 'tëxt', { filename: 'a.txt', contentType: 'text/plain' });
        expect(await text()).toBe('tëxt');
        async function* stream(): AsyncGenerator<Uint8Array> {
          yield new TextEncoder().encode('one ');
          yield new TextEncoder().encode('two');
        }
        await attachments.putFile('a', 'file', stream(), { filename: 'b.txt' });
        expect(await text()).toBe('one two');
      });

      it('putFile into a record that does not exist is refused', async () => {
        const attachments = await setUp();
        await expect(
          attachments.putFile('missing', 'file', content, { filename: 'f' }),
        ).rejects.toMatchObject({
          kind: 'not_found',
        });
        expect(await attachments.count()).toBe(1);
      });

      context.itWith('more files', 'an update of another field leaves the file alone', async () => {
        const attachments = await setUp();
        await attachments.putFile('a', 'file', content, { filename: 'f' });
        await attachments.update('a', { title: 'changed' });
        expect(new Uint8Array((await attachments.openFile('a', 'file'))!.content)).toEqual(content);
      });
    });
  },
  { needs: 'files' },
);

describeContract('what only other clients can write', (context) => {
  const setUp = async () => {
    const prefix = context.uniquePrefix();
    const entity = definePage(prefix);
    const pages = (await context.connect([entity])).getRepository(entity);
    await pages.insert({ slug: 'a', title: 'T' });
    return { pages, record: `${prefix.join('/')}/a` };
  };

  it('counters and sets are read as they stand', async () => {
    const { pages, record } = await setUp();
    const insider = await context.insider();
    await insider.increment(`${record}/views`, 3);
    await insider.add(`${record}/tags`, 'one');
    await insider.add(`${record}/tags`, 'two');
    const found = await pages.findOneByOrFail({ slug: 'a' });
    expect(found).toMatchObject({ title: 'T', views: 3 });
    expect([...found.tags].sort()).toEqual(['one', 'two']);
  });

  it('counters and sets go on after a compare-and-swap of another field', async () => {
    const { pages, record } = await setUp();
    const insider = await context.insider();
    await insider.increment(`${record}/views`, 3);
    await insider.add(`${record}/tags`, 'one');
    const found = await pages.findOneByOrFail({ slug: 'a' });
    await pages.update('a', { title: 'changed' }, { ifMatch: pages.revisionOf(found)! });
    expect(await pages.findOneBy({ slug: 'a' })).toMatchObject({ title: 'changed', views: 3, tags: ['one'] });

    await insider.increment(`${record}/views`, 1);
    await insider.add(`${record}/tags`, 'two');
    await insider.add(`${record}/tags`, 'one');
    const later = await pages.findOneByOrFail({ slug: 'a' });
    expect(later.views).toBe(4);
    expect([...later.tags].sort()).toEqual(['one', 'two']);
  });

  it('a change of a counter makes a compare-and-swap fail', async () => {
    const { pages, record } = await setUp();
    const found = await pages.findOneByOrFail({ slug: 'a' });
    await (await context.insider()).increment(`${record}/views`, 1);
    const attempt = pages.update('a', { title: 'lost' }, { ifMatch: pages.revisionOf(found)! });
    await expect(attempt).rejects.toMatchObject({ kind: 'conflict' });
  });

  // Who can store files is asked for another one above.
  const need = context.capabilities.files ? 'more files' : 'a file';
  context.itWith(need, 'openFile gives the content of a file', async () => {
    const { pages, record } = await setUp();
    const content = new Uint8Array([0, 1, 2, 253, 254, 255]);
    const upload = { filename: 'data.bin', contentType: 'application/x-test' };
    await (await context.insider()).putFile(`${record}/file`, content, upload);
    const opened = await pages.openFile('a', 'file');
    expect(opened).toMatchObject(upload);
    expect(new Uint8Array(opened!.content)).toEqual(content);
    expect(await pages.findOneBy({ slug: 'a' })).toMatchObject({
      title: 'T',
      file: { filename: 'data.bin' },
    });
  });

  it('there is no file where none was put', async () => {
    const { pages } = await setUp();
    expect(await pages.openFile('a', 'file')).toBeNull();
    expect(await pages.openFile('missing', 'file')).toBeNull();
  });
});

describeContract('sets and counters in an insert', (context) => {
  it('an empty record of all roles can be read', async () => {
    @DustEntity({ prefix: context.uniquePrefix() })
    class Everything {
      @Slug() slug!: string;
      @Field() title?: string;
      @CounterField() views!: number;
      @SetField() tags!: string[];
    }
    const repository = (await context.connect([Everything])).getRepository(Everything);
    await repository.insert({ slug: 'a', title: 'T' });
    const found = await repository.findOneByOrFail({ slug: 'a' });
    expect(found.views ?? 0).toBe(0);
    expect([...(found.tags ?? [])]).toEqual([]);
  });
});
