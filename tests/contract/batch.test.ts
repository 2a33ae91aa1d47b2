import type { DataSource } from '../../src/index.js';
import type { Transport } from '../../src/transport/transport.js';
import { describeContract, nextSeq } from './describe-contract.js';
import { defineLink, defineNote, link, MODES } from './entities.js';

describeContract('batches', (context) => {
  describe.each(MODES)('in %s mode', (mode) => {
    let dust: DataSource;
    let other: Transport;
    let Link: ReturnType<typeof defineLink>;
    let Note: ReturnType<typeof defineNote>;

    beforeEach(async () => {
      Link = defineLink(context.uniquePrefix(), mode);
      Note = defineNote(context.uniquePrefix(), mode);
      dust = await context.connect([Link, Note]);
      other = await context.otherWriter();
    });

    it('commits inserts, updates and deletes of several classes together', async () => {
      const links = dust.getRepository(Link);
      const notes = dust.getRepository(Note);
      await links.insert([link('updated', { note: 'old', rank: 1 }), link('deleted')]);
      const seq = await nextSeq(other);

      const result = await dust.manager.batch((batch) => {
        batch.insert(Link, link('inserted'));
        batch.update(Link, 'updated', { note: 'new' });
        batch.delete(Link, 'deleted');
        batch.insert(Note, { slug: 'n', text: 't' });
      });

      expect(result.storeSeq).toBeGreaterThan(seq);
      expect(await nextSeq(other)).toBe((result.storeSeq ?? 0) + 1);
      expect(await links.find()).toMatchObject([
        { slug: 'inserted' },
        { slug: 'updated', note: 'new', rank: 1 },
      ]);
      expect(await notes.find()).toMatchObject([{ slug: 'n', text: 't' }]);
    });

    it('writes nothing when one entity is invalid, wherever it stands', async () => {
      const seq = await nextSeq(other);
      await expect(
        dust.manager.batch((batch) => {
          batch.insert(Note, { slug: 'n', text: 't' });
          batch.insert(Link, link('a', { url: 'nowhere' }));
        }),
      ).rejects.toMatchObject({ kind: 'validation' });
      expect(await nextSeq(other)).toBe(seq + 1);
    });

    it('writes nothing when the function throws', async () => {
      const seq = await nextSeq(other);
      await expect(
        dust.manager.batch((batch) => {
          batch.insert(Note, { slug: 'n', text: 't' });
          throw new RangeError('changed my mind');
        }),
      ).rejects.toThrow(new RangeError('changed my mind'));
      expect(await nextSeq(other)).toBe(seq + 1);
    });

    it('writes nothing when one revision is stale', async () => {
      const links = dust.getRepository(Link);
      const { revision } = await links.insert(link('a'));
      await links.update('a', { note: 'n' });
      const seq = await nextSeq(other);
      await expect(
        dust.manager.batch((batch) => {
          batch.insert(Note, { slug: 'n', text: 't' });
          batch.update(Link, 'a', { note: 'lost' }, { ifMatch: revision! });
        }),
      ).rejects.toMatchObject({ kind: 'conflict' });
      expect(await nextSeq(other)).toBe(seq + 1);
    });

    it('takes 1000 operations and refuses more, before anything is sent', async () => {
      const fill = (count: number) =>
        dust.manager.batch((batch) => {
          for (let i = 0; i < count; i++) batch.delete(Note, `n${i}`);
        });
      await fill(1000);
      const seq = await nextSeq(other);
      await expect(fill(1001)).rejects.toMatchObject({
        kind: 'invalid_params',
        message: expect.stringMatching(/1001.*1000/s),
      });
      expect(await nextSeq(other)).toBe(seq + 1);
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
