import type { Repository, TransportFactory } from '../../../src/index.js';
import { In } from '../../../src/index.js';
import { describeContract } from '../describe-contract.js';
import type { Item } from '../entities.js';
import { defineItem, defineNote, MODES } from '../entities.js';
import { interleave, overlay } from '../rows/overlay.js';

/** Three leaves each: the records take several pages of a listing, whose borders cut records in two. */
const RECORDS = 400;

/** As many operations as a slow server commits well within 5 s (PROTOCOL §8). */
const GROUP = 200;

/** How many of them have the same name. */
const NAMESAKES = 10;

const slugOf = (index: number): string => `record-${String(index).padStart(4, '0')}`;

function* items(count: number): Generator<Partial<Item>> {
  for (let rank = 0; rank < count; rank++) {
    yield { slug: slugOf(rank), rank, name: `name ${rank % (RECORDS / NAMESAKES)}`, tags: ['a', 'b'] };
  }
}

describeContract('more than one page', (context) => {
  describe.each(MODES)('in %s mode', (mode) => {
    let repository: Repository<Item>;

    beforeEach(async () => {
      const entity = defineItem(context.uniquePrefix(), mode);
      repository = (await context.connect([entity])).getRepository(entity);
      await repository.insertMany(items(RECORDS));
    });

    it('every read sees every record, once and whole', async () => {
      const found = await repository.find();
      expect(found.map((item) => item.slug)).toEqual(Array.from({ length: RECORDS }, (_, i) => slugOf(i)));
      expect(found.every((item) => item.tags?.length === 2 && item.name?.startsWith('name'))).toBe(true);

      let streamed = 0;
      for await (const item of repository.stream()) expect(item.rank).toBe(streamed++);
      expect(streamed).toBe(RECORDS);

      expect(await repository.count()).toBe(RECORDS);
      expect(await repository.countBy({ name: 'name 3' })).toBe(NAMESAKES);
    });

    it('a stream can be left early', async () => {
      const seen: number[] = [];
      for await (const item of repository.stream()) {
        seen.push(item.rank);
        if (seen.length === 3) break;
      }
      expect(seen).toEqual([0, 1, 2]);
    });

    it('finds behind the first page', async () => {
      expect(await repository.findOneBy({ rank: RECORDS - 1 })).toMatchObject({ slug: slugOf(RECORDS - 1) });
      const last = await repository.find({ skip: RECORDS - 2, take: 5 });
      expect(last.map((item) => item.rank)).toEqual([RECORDS - 2, RECORDS - 1]);
      const [highest] = await repository.find({ order: { rank: 'DESC' }, take: 1 });
      expect(highest).toMatchObject({ rank: RECORDS - 1 });
    });

    it('getMany takes many slugs, in any order', async () => {
      const slugs = Array.from({ length: 100 }, (_, i) => slugOf(RECORDS - 1 - 4 * i));
      expect((await repository.getMany(slugs)).map((item) => item.slug)).toEqual(slugs);
      expect(await repository.countBy({ slug: In(slugs) })).toBe(100);
    });

    it('update and delete reach every record', async () => {
      expect(await repository.update({ name: 'name 1' }, { name: 'changed' })).toMatchObject({
        affected: NAMESAKES,
      });
      expect(await repository.countBy({ name: 'changed' })).toBe(NAMESAKES);
      expect(await repository.delete({ name: 'changed' })).toMatchObject({ affected: NAMESAKES });
      expect(await repository.count()).toBe(RECORDS - NAMESAKES);
      await repository.clear();
      expect(await repository.count()).toBe(0);
    });
  });

  it('a record that is written while its page border is read is read again, so that it mixes no versions', async () => {
    const prefix = context.uniquePrefix();
    const entity = defineItem(prefix);
    await (await context.connect([entity])).getRepository(entity).insertMany(items(RECORDS));
    const other = await context.otherWriter();
    let pages = 0;
    const rewriteAll = async (): Promise<void> => {
      if (++pages !== 2) return;
      const changed = [...items(RECORDS)].map(({ slug = '', rank = 0 }) => ({
        op: 'set' as const,
        path: `${prefix.join('/')}/${slug}`,
        value: { rank, name: 'rewritten', tags: ['rewritten'] },
      }));
      for (let i = 0; i < changed.length; i += GROUP) await other.batchWrite(changed.slice(i, i + GROUP));
    };
    // What is read in this process at once has no border.
    const transport: TransportFactory = (options) =>
      interleave(overlay(context.transport(options), { localRecords: () => undefined }), 'list', rewriteAll);
    const reader = (await context.connect([entity], { transport })).getRepository(entity);

    const found = await reader.find();

    expect(pages).toBeGreaterThan(1);
    expect(found).toHaveLength(RECORDS);
    expect(found.at(-1)?.name).toBe('rewritten');
    for (const { name, tags } of found) {
      expect(tags).toEqual(name === 'rewritten' ? ['rewritten'] : ['a', 'b']);
    }
  });

  describe('insertMany', () => {
    it('writes in chunks and tells how far it is', async () => {
      const entity = defineNote(context.uniquePrefix());
      const notes = (await context.connect([entity])).getRepository(entity);
      const progress: unknown[] = [];
      const input = Array.from({ length: 250 }, (_, i) => ({ slug: slugOf(i), text: 't' }));

      const result = await notes.insertMany(input, { chunkSize: 100, onProgress: (at) => progress.push(at) });

      expect(result).toMatchObject({ affected: 250 });
      expect(progress).toMatchObject([
        { done: 100, total: 250 },
        { done: 200, total: 250 },
        { done: 250, total: 250 },
      ]);
      expect(await notes.count()).toBe(250);
    });

    it('takes an async iterable, and an empty one', async () => {
      const entity = defineNote(context.uniquePrefix());
      const notes = (await context.connect([entity])).getRepository(entity);
      async function* source(): AsyncGenerator<{ slug: string; text: string }> {
        for (let i = 0; i < 5; i++) yield { slug: slugOf(i), text: 't' };
      }
      expect(await notes.insertMany(source())).toMatchObject({ affected: 5 });
      expect(await notes.insertMany([])).toMatchObject({ affected: 0, storeSeq: null });
      expect(await notes.count()).toBe(5);
    });

    it('stops at a record that is invalid and says which, and what was written by then', async () => {
      const entity = defineItem(context.uniquePrefix());
      const repository = (await context.connect([entity])).getRepository(entity);
      const input: Partial<Item>[] = Array.from({ length: 30 }, (_, rank) => ({ slug: slugOf(rank), rank }));
      delete input[25]!.rank;

      await expect(repository.insertMany(input, { chunkSize: 10 })).rejects.toMatchObject({
        name: 'BulkInsertError',
        index: 25,
        slug: slugOf(25),
        landed: 20,
      });
      expect(await repository.count()).toBe(20);
    });
  });
});
