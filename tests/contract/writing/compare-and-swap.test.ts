import type { Repository, TransportFactory } from '../../../src/index.js';
import { DustEntity, Field, Slug, VersionField } from '../../../src/index.js';
import type { StorageMode } from '../../../src/metadata/types.js';
import type { Transport } from '../../../src/transport/transport.js';
import { describeContract } from '../describe-contract.js';
import type { Link } from '../entities.js';
import { defineLink, link, MODES } from '../entities.js';
import { interleave } from '../rows/overlay.js';

function defineDocument(prefix: string[], mode: StorageMode) {
  @DustEntity({ prefix, mode })
  class Document {
    @Slug() slug!: string;
    @Field() text?: string;
    @Field() title?: string;
    @VersionField() version?: number;
  }
  return Document;
}

describeContract('compare and swap', (context) => {
  describe.each(MODES)('in %s mode', (mode) => {
    let links: Repository<Link>;
    let other: Transport;
    let record: string;

    beforeEach(async () => {
      const prefix = context.uniquePrefix();
      record = `${prefix.join('/')}/a`;
      const entity = defineLink(prefix, mode);
      links = (await context.connect([entity])).getRepository(entity);
      other = await context.otherWriter();
      await links.insert(link('a', { note: 'old', rank: 1 }));
    });

    const revision = async (): Promise<number> => {
      const { revision: current } = (await other.get(record))!;
      return current;
    };

    it('update applies at the expected revision and gives the next one', async () => {
      const result = await links.update('a', { note: 'new' }, { ifMatch: await revision() });
      expect(result.revision).toBe(await revision());
      expect(await links.findOneBy({ slug: 'a' })).toMatchObject({ note: 'new', rank: 1 });
      await links.update('a', { note: 'newer' }, { ifMatch: result.revision! });
      expect(await links.findOneBy({ slug: 'a' })).toMatchObject({ note: 'newer' });
    });

    it.each(['title', 'rank'])(
      'a change of any field since then is a conflict (%s), and nothing is written',
      async (field) => {
        const stale = await revision();
        await other.set(`${record}/${field}`, field === 'rank' ? 9 : 'changed');
        const current = await revision();

        await expect(links.update('a', { note: 'lost' }, { ifMatch: stale })).rejects.toMatchObject({
          kind: 'conflict',
          currentRevision: current,
          message: expect.stringContaining('Link'),
        });
        await expect(links.delete('a', { ifMatch: stale })).rejects.toMatchObject({ kind: 'conflict' });
        expect(await links.findOneBy({ slug: 'a' })).toMatchObject({ note: 'old' });
        expect(await revision()).toBe(current);
      },
    );

    it('a field that another writer added is a conflict', async () => {
      const stale = await revision();
      await other.set(`${record}/foreign`, 1);
      await expect(links.update('a', { note: 'lost' }, { ifMatch: stale })).rejects.toMatchObject({
        kind: 'conflict',
      });
    });

    it('a record that is gone is a conflict with no revision', async () => {
      const stale = await revision();
      await other.delete(record);
      const refusal = { kind: 'conflict', currentRevision: null };
      await expect(links.update('a', { note: 'lost' }, { ifMatch: stale })).rejects.toMatchObject(refusal);
      await expect(links.delete('a', { ifMatch: stale })).rejects.toMatchObject(refusal);
      expect(await other.exists(record)).toBe(false);
    });

    it('save and remove compare with the revision they are given', async () => {
      const loaded = await links.findOneByOrFail({ slug: 'a' });
      const stale = await revision();
      await other.set(`${record}/title`, 'changed');
      loaded.note = 'lost';
      await expect(links.save(loaded, { ifMatch: stale })).rejects.toMatchObject({ kind: 'conflict' });
      await expect(links.remove(loaded, { ifMatch: stale })).rejects.toMatchObject({ kind: 'conflict' });
      expect(await links.findOneBy({ slug: 'a' })).toMatchObject({ note: 'old', title: 'changed' });

      const again = await links.findOneByOrFail({ slug: 'a' });
      again.note = 'won';
      await links.save(again, { ifMatch: await revision() });
      await links.remove(again, { ifMatch: await revision() });
      expect(await links.existsBy({ slug: 'a' })).toBe(false);
    });

    it('delete at the expected revision removes the whole record', async () => {
      await other.set(`${record}/foreign/deep`, 1);
      await links.delete('a', { ifMatch: await revision() });
      expect(await other.subtree(record)).toEqual([]);
    });

    it('revisionOf is the revision an instance was loaded or saved at', async () => {
      const loaded = await links.findOneByOrFail({ slug: 'a' });
      expect(links.revisionOf(loaded)).toBe(await revision());
      loaded.note = 'new';
      await links.save(loaded);
      expect(links.revisionOf(loaded)).toBe(await revision());
    });

    it('of writers that race with one revision exactly one wins', async () => {
      const ifMatch = await revision();
      const attempts = await Promise.allSettled(
        ['one', 'two', 'three', 'four'].map((note) => links.update('a', { note }, { ifMatch })),
      );
      const rejected = attempts.filter((attempt) => attempt.status === 'rejected');
      expect(rejected).toHaveLength(3);
      for (const { reason } of rejected) expect(reason).toMatchObject({ kind: 'conflict' });
      const winner = ['one', 'two', 'three', 'four'][
        attempts.findIndex(({ status }) => status === 'fulfilled')
      ];
      expect(await links.findOneBy({ slug: 'a' })).toMatchObject({ note: winner });
    });

    it('a writer that comes between the read and the write of a swap is not overwritten', async () => {
      const entity = links.target;
      let interfere = (): Promise<unknown> => Promise.resolve();
      const transport: TransportFactory = (options) =>
        interleave(context.transport(options), 'batchWrite', () => interfere());
      const slow = (await context.connect([entity], { transport })).getRepository(entity);

      const ifMatch = await revision();
      interfere = () => other.set(`${record}/title`, 'in between');
      await expect(slow.update('a', { note: 'lost' }, { ifMatch })).rejects.toMatchObject({
        kind: 'conflict',
      });
      expect(await slow.findOneBy({ slug: 'a' })).toMatchObject({ title: 'in between', note: 'old' });
    });

    it('counts of concurrent read-modify-write loops come out exact', async () => {
      const addOne = async (): Promise<void> => {
        for (;;) {
          const current = await links.findOneByOrFail({ slug: 'a' });
          try {
            await links.update(
              'a',
              { rank: (current.rank ?? 0) + 1 },
              { ifMatch: links.revisionOf(current)! },
            );
            return;
          } catch (error) {
            expect(error).toMatchObject({ kind: 'conflict' });
          }
        }
      };
      await Promise.all(Array.from({ length: 5 }, addOne));
      expect(await links.findOneBy({ slug: 'a' })).toMatchObject({ rank: 6 });
    });
  });
});

describeContract('version fields', (context) => {
  describe.each(MODES)('in %s mode', (mode) => {
    it('hold the revision, are never written, and make every save a swap', async () => {
      const prefix = context.uniquePrefix();
      const entity = defineDocument(prefix, mode);
      const documents = (await context.connect([entity])).getRepository(entity);
      const other = await context.otherWriter();
      const record = `${prefix.join('/')}/a`;

      const saved = await documents.save(documents.create({ slug: 'a', text: 'one' }));
      expect(saved.version).toBe((await other.get(record))?.revision);
      expect((await other.get(record))?.value).toEqual({ text: 'one' });

      const mine = await documents.findOneByOrFail({ slug: 'a' });
      const theirs = await documents.findOneByOrFail({ slug: 'a' });
      theirs.title = 'theirs';
      await documents.save(theirs);
      mine.text = 'mine';
      await expect(documents.save(mine)).rejects.toMatchObject({
        kind: 'conflict',
        currentRevision: theirs.version,
      });
      expect(await documents.findOneBy({ slug: 'a' })).toMatchObject({ text: 'one', title: 'theirs' });

      const again = await documents.findOneByOrFail({ slug: 'a' });
      again.text = 'mine';
      await documents.save(again);
      again.text = 'mine again';
      await documents.save(again);
      expect(await documents.findOneBy({ slug: 'a' })).toMatchObject({
        text: 'mine again',
        version: again.version,
      });
    });

    it('a record that someone else deleted is not brought back by a save', async () => {
      const entity = defineDocument(context.uniquePrefix(), mode);
      const documents = (await context.connect([entity])).getRepository(entity);
      const loaded = await documents.save(documents.create({ slug: 'a', text: 'one' }));
      await documents.delete('a');
      loaded.text = 'two';
      await expect(documents.save(loaded)).rejects.toMatchObject({ kind: 'conflict', currentRevision: null });
      expect(await documents.count()).toBe(0);
    });
  });
});
