import type { EntitySubscriberInterface, Repository } from '../../../src/index.js';
import { DeletedAtField, DustEntity, Field, Slug, UpdatedAtField } from '../../../src/index.js';
import type { StorageMode } from '../../../src/metadata/types.js';
import type { Transport } from '../../../src/transport/transport.js';
import { describeContract } from '../describe-contract.js';
import { MODES } from '../entities.js';

function defineNote(prefix: string[], mode: StorageMode) {
  @DustEntity({ prefix, mode })
  class Note {
    @Slug() slug!: string;
    @Field('string', { required: true }) text!: string;
    @UpdatedAtField() changedAt?: Date;
    @DeletedAtField() deletedAt?: Date | null;
  }
  return Note;
}

type Note = InstanceType<ReturnType<typeof defineNote>>;

describeContract('soft deletes while others write', (context) => {
  describe.each(MODES)('in %s mode', (mode) => {
    let notes: Repository<Note>;
    let other: Transport;
    let path: string;
    /** What somebody else does between what a call has looked at and what it sends. */
    let between: (() => Promise<unknown>) | undefined;

    beforeEach(async () => {
      const prefix = context.uniquePrefix();
      path = `${prefix.join('/')}/a`;
      const meanwhile = async (): Promise<void> => {
        const [work] = [between];
        between = undefined;
        await work?.();
      };
      const subscriber: EntitySubscriberInterface = { beforeSoftRemove: meanwhile, beforeRecover: meanwhile };
      const entity = defineNote(prefix, mode);
      notes = (await context.connect([entity], { subscribers: [subscriber] })).getRepository(entity);
      other = await context.otherWriter();
      await notes.insert({ slug: 'a', text: 'A' });
    });

    const leaves = async (): Promise<readonly unknown[]> => (await context.insider()).subtree(path);
    const stored = (): Promise<Note> => notes.findOneOrFail({ where: { slug: 'a' }, withDeleted: true });

    it('of several at once one deletes the record, and one brings it back', async () => {
      const affected = async (calls: readonly Promise<{ readonly affected: number }>[]): Promise<number> =>
        (await Promise.all(calls)).reduce((sum, result) => sum + result.affected, 0);
      expect(
        await affected([notes.softDelete('a'), notes.softDelete({ text: 'A' }), notes.softDelete(['a'])]),
      ).toBe(1);
      const first = (await stored()).deletedAt;
      await context.clock.advance(1000);
      expect(await affected([notes.softDelete('a')])).toBe(0);
      expect((await stored()).deletedAt).toEqual(first);
      expect(await affected([notes.restore('a'), notes.restore('a'), notes.restore({ text: 'A' })])).toBe(1);
      expect((await stored()).deletedAt).toBeNull();
    });

    it('a record that is deleted for good meanwhile does not come back', async () => {
      between = () => other.delete(path);
      expect(await notes.softDelete('a')).toMatchObject({ affected: 0, storeSeq: null });
      expect(await leaves()).toEqual([]);
      await notes.insert({ slug: 'a', text: 'A' });
      await notes.softDelete('a');
      between = () => other.delete(path);
      expect(await notes.restore('a')).toMatchObject({ affected: 0, storeSeq: null });
      expect(await leaves()).toEqual([]);
    });

    it.each(['softRemove', 'recover'] as const)(
      '%s of an entity whose record is gone finds none',
      async (method) => {
        const note = await stored();
        between = () => other.delete(path);
        await expect(notes[method](note)).rejects.toMatchObject({ kind: 'not_found' });
        expect(await leaves()).toEqual([]);
        expect(note.deletedAt ?? null).toBeNull();
      },
    );

    it('what is changed meanwhile stays, and the record is deleted', async () => {
      between = () => other.set(`${path}/text`, 'B');
      expect(await notes.softDelete('a')).toMatchObject({ affected: 1, slugs: ['a'] });
      expect(await stored()).toMatchObject({ text: 'B', deletedAt: expect.any(Date) });
      const note = await stored();
      between = () => other.set(`${path}/text`, 'C');
      await notes.recover(note);
      expect(await stored()).toMatchObject({ text: 'C', deletedAt: null });
    });

    it('what deletes for good at the same time leaves nothing', async () => {
      for (let round = 0; round < 3; round++) {
        const note = await notes.save({ slug: 'a', text: 'A' });
        await Promise.allSettled([notes.delete('a'), notes.softDelete('a'), notes.softRemove(note)]);
        if ((await leaves()).length > 0) expect(await stored()).toMatchObject({ text: 'A' });
        await notes.delete('a');
      }
    });

    context.itWith('atomicBatch', 'a batch is refused whose record is gone', async () => {
      const note = await stored();
      between = () => other.delete(path);
      const removing = notes.manager.batch((batch) =>
        batch.softRemove(note).insert(notes.target, { slug: 'b', text: 'B' }),
      );
      await expect(removing).rejects.toMatchObject({ kind: 'not_found', opIndex: 0 });
      await notes.insert({ slug: 'a', text: 'A' });
      between = () => other.delete(path);
      const deleting = notes.manager.batch((batch) =>
        batch.softDelete(notes.target, 'a').insert(notes.target, { slug: 'b', text: 'B' }),
      );
      await expect(deleting).rejects.toMatchObject({ kind: 'not_found', opIndex: 0 });
      expect([await leaves(), await notes.count()]).toEqual([[], 0]);
      await notes.insert({ slug: 'a', text: 'A' });
      between = () => notes.softDelete('a');
      await notes.manager.batch((batch) =>
        batch.softDelete(notes.target, 'a').insert(notes.target, { slug: 'b', text: 'B' }),
      );
      expect((await notes.find()).map(({ slug }) => slug)).toEqual(['b']);
    });
  });
});
