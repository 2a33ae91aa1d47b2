import type { DataSource } from '../../src/index.js';
import { describeContract } from './describe-contract.js';
import { defineLink, defineNote, link, MODES } from './entities.js';

describeContract('batches', (context) => {
  describe.each(MODES)('in %s mode', (mode) => {
    let dust: DataSource;
    let linkPrefix: string[];
    let notePrefix: string[];
    let Link: ReturnType<typeof defineLink>;
    let Note: ReturnType<typeof defineNote>;

    beforeEach(async () => {
      linkPrefix = context.uniquePrefix();
      notePrefix = context.uniquePrefix();
      Link = defineLink(linkPrefix, mode);
      Note = defineNote(notePrefix, mode);
      dust = await context.connect([Link, Note]);
    });

    it('commits inserts, updates and deletes of several classes together', async () => {
      const links = dust.getRepository(Link);
      const notes = dust.getRepository(Note);
      const before = await links.insert([link('updated', { note: 'old', rank: 1 }), link('deleted')]);

      const result = await dust.manager.batch((batch) => {
        batch.insert(Link, link('inserted'));
        batch.update(Link, 'updated', { note: 'new' });
        batch.delete(Link, 'deleted');
        batch.insert(Note, { slug: 'n', text: 't' });
      });

      expect(result.storeSeq).toBeGreaterThan(before.storeSeq!);
      expect(await links.find()).toMatchObject([
        { slug: 'inserted' },
        { slug: 'updated', note: 'new', rank: 1 },
      ]);
      const [note] = await notes.find();
      expect(note).toMatchObject({ slug: 'n', text: 't' });
      expect(notes.revisionOf(note!)).toBe(result.storeSeq);
    });

    it('writes nothing when one entity is invalid, wherever it stands', async () => {
      const before = await context.stateOf(linkPrefix, notePrefix);
      await expect(
        dust.manager.batch((batch) => {
          batch.insert(Note, { slug: 'n', text: 't' });
          batch.insert(Link, link('a', { url: 'nowhere' }));
        }),
      ).rejects.toMatchObject({ kind: 'validation' });
      expect(await context.stateOf(linkPrefix, notePrefix)).toEqual(before);
    });

    it('writes nothing when the function throws', async () => {
      const before = await context.stateOf(linkPrefix, notePrefix);
      await expect(
        dust.manager.batch((batch) => {
          batch.insert(Note, { slug: 'n', text: 't' });
          throw new RangeError('changed my mind');
        }),
      ).rejects.toThrow(new RangeError('changed my mind'));
      expect(await context.stateOf(linkPrefix, notePrefix)).toEqual(before);
    });

    it('writes nothing when one revision is stale', async () => {
      const links = dust.getRepository(Link);
      const { revision } = await links.insert(link('a'));
      await links.update('a', { note: 'n' });
      const before = await context.stateOf(linkPrefix, notePrefix);
      await expect(
        dust.manager.batch((batch) => {
          batch.insert(Note, { slug: 'n', text: 't' });
          batch.update(Link, 'a', { note: 'lost' }, { ifMatch: revision! });
        }),
      ).rejects.toMatchObject({ kind: 'conflict' });
      expect(await context.stateOf(linkPrefix, notePrefix)).toEqual(before);
    });

    const fill = (count: number) =>
      dust.manager.batch((batch) => {
        for (let i = 0; i < count; i++) batch.delete(Note, `n${i}`);
      });

    context.itWith('large batches', 'takes 1000 operations', async () => {
      await expect(fill(1000)).resolves.not.toThrow();
    });

    it('refuses more than 1000 operations before anything is sent', async () => {
      const before = await context.stateOf(linkPrefix, notePrefix);
      await expect(fill(1001)).rejects.toMatchObject({
        kind: 'invalid_params',
        message: expect.stringMatching(/1001.*1000/s),
      });
      expect(await context.stateOf(linkPrefix, notePrefix)).toEqual(before);
    });

    it('refuses an empty batch', async () => {
      await expect(dust.manager.batch(() => {})).rejects.toMatchObject({ kind: 'nothing_to_write' });
    });

    it('refuses an empty criterion', async () => {
      await expect(dust.manager.batch((batch) => batch.delete(Note, ''))).rejects.toMatchObject({
        kind: 'invalid_criteria',
      });
      await expect(
        dust.manager.batch((batch) => batch.update(Note, undefined as never, { text: 't' })),
      ).rejects.toMatchObject({ kind: 'invalid_criteria' });
    });
  });
});
