import type { DataSource, TransportFactory, WriteBatch } from '../../../src/index.js';
import { describeContract } from '../describe-contract.js';
import { defineLink, defineNote, link, MODES } from '../entities.js';
import { interleave } from '../rows/overlay.js';

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

    it('says which part was refused, in the order they were added, whatever each part takes', async () => {
      const links = dust.getRepository(Link);
      await links.insert(link('a', { note: 'n' }));
      await links.update('a', { note: 'm' });
      const refusals: [string, (batch: WriteBatch) => unknown][] = [
        ['conflict', (batch) => batch.update(Link, 'a', { note: 'lost' }, { ifMatch: 1 })],
        ['conflict', (batch) => batch.delete(Link, 'a', { ifMatch: 1 })],
        ['not_found', (batch) => batch.update(Link, 'nobody', { note: 'lost' })],
        ['validation', (batch) => batch.insert(Link, link('v', { url: 'nowhere' }))],
      ];
      if (context.capabilities.batchIfAbsent) {
        refusals.push(['exists', (batch) => batch.insert(Link, link('a'), { ifAbsent: true })]);
      }
      for (const [kind, refused] of refusals) {
        const attempt = dust.manager.batch((batch) => {
          batch.insert(Link, [link('x', { note: 'n', rank: 1 }), link('y', { note: 'n', rank: 1 })]);
          refused(batch);
          batch.insert(Note, { slug: 'n', text: 't' });
        });
        await expect(attempt).rejects.toMatchObject({ kind, opIndex: 2 });
      }
    });

    it('says which part was refused when only the store finds it', async () => {
      const other = await context.otherWriter();
      let isChanged = false;
      const transport: TransportFactory = (options) =>
        interleave(context.transport(options), 'batchWrite', async () => {
          if (isChanged) return;
          isChanged = true;
          await other.set(
            `${linkPrefix.join('/')}/a${mode === 'flat' ? '/note' : ''}`,
            mode === 'flat' ? 'o' : {},
          );
        });
      const { revision } = await dust.getRepository(Link).insert(link('a', { note: 'n' }));
      const slow = await context.connect([Link, Note], { transport });
      const refusal: unknown = await slow.manager
        .batch((batch) => {
          batch.insert(Link, link('x', { note: 'n', rank: 1 }));
          batch.update(Link, 'a', { note: 'lost' }, { ifMatch: revision! });
        })
        .catch((error: unknown) => error);
      expect(refusal).toMatchObject({ kind: 'conflict', opIndex: 1, path: `${linkPrefix.join('/')}/a` });
    });

    it('says which of a list was refused, and of one record nothing', async () => {
      const links = dust.getRepository(Link);
      await links.insert(link('a'));
      const twice = links.insert([link('q', { note: 'n', rank: 1 }), link('r'), link('q')], {
        ifAbsent: true,
      });
      await expect(twice).rejects.toMatchObject({ detail: 'duplicate_slug', opIndex: 2 });
      expect(await links.count()).toBe(1);
      const list = [link('b'), link('a')];
      await expect(links.insert(list, { ifAbsent: true })).rejects.toMatchObject({
        kind: 'exists',
        opIndex: 1,
      });
      const invalid = [link('b'), link('c', { url: 'nowhere' })];
      await expect(links.insert(invalid)).rejects.toMatchObject({ kind: 'validation', opIndex: 1 });
      await expect(links.save(invalid)).rejects.toMatchObject({ kind: 'validation', opIndex: 1 });
      const alone: unknown = await links
        .insert(link('a'), { ifAbsent: true })
        .catch((error: unknown) => error);
      expect(alone).toMatchObject({ kind: 'exists' });
      expect(alone).not.toHaveProperty('opIndex');
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
