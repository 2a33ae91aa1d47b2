import type { ReadConsistency, Repository } from '../../../src/index.js';
import { describeContract } from '../describe-contract.js';
import type { Link } from '../entities.js';
import { defineLink, link } from '../entities.js';

describeContract('reads that wait', (context) => {
  let links: Repository<Link>;
  let others: Repository<Link>;

  beforeEach(async () => {
    const entity = defineLink(context.uniquePrefix());
    links = (await context.connect([entity])).getRepository(entity);
    others = (await context.connect([entity])).getRepository(entity);
  });

  const reads: readonly [string, (consistency: ReadConsistency) => Promise<unknown>, unknown][] = [
    ['find', async (consistency) => (await links.find({ consistency })).map(({ slug }) => slug), ['a', 'b']],
    [
      'findOne',
      async (consistency) => (await links.findOne({ where: { slug: 'b' }, consistency }))?.slug,
      'b',
    ],
    ['findAndCount', async (consistency) => (await links.findAndCount({ consistency }))[1], 2],
    ['findPage', async (consistency) => (await links.findPage({ consistency })).items.length, 2],
    ['count', (consistency) => links.count({ consistency }), 2],
    ['exists', (consistency) => links.exists({ where: { slug: 'b' }, consistency }), true],
    ['explain', async (consistency) => (await links.explain({ consistency })).returned, 2],
    [
      'stream',
      async (consistency) => {
        const seen: string[] = [];
        for await (const { slug } of links.stream({ consistency })) seen.push(slug);
        return seen;
      },
      ['a', 'b'],
    ],
  ];

  for (const [name, read, expected] of reads) {
    context.itWith('barrier', `${name} shows what others have written`, async () => {
      const { storeSeq } = await others.insert([link('a'), link('b')]);
      if (storeSeq === null) throw new Error('nothing was written');
      expect(await read('linearizable')).toEqual(expected);
      expect(await read({ minSeq: storeSeq })).toEqual(expected);
    });
  }

  context.itWith('barrier', 'refuse a seq that the store never had', async () => {
    const minSeq = Number.MAX_SAFE_INTEGER;
    await expect(links.find({ consistency: { minSeq } })).rejects.toMatchObject({
      kind: 'invalid_params',
      detail: 'unknown_seq',
    });
    expect(await links.find()).toEqual([]);
  });

  it('are not offered where nothing is known of the store', async () => {
    if (context.capabilities.barrier === true) return;
    await expect(links.find({ consistency: 'linearizable' })).rejects.toMatchObject({
      kind: 'not_supported',
      detail: 'consistency',
    });
  });

  it.each([['eventual'], [7], [{ minSeq: -1 }], [{ minSeq: 1.5 }], [{}], [null], [{ minSeq: 1, maxSeq: 2 }]])(
    'refuse the consistency %j',
    async (consistency) => {
      await expect(links.find({ consistency: consistency as never })).rejects.toMatchObject({
        kind: 'invalid_options',
      });
      await expect(
        links.findOne({ where: { slug: 'a' }, consistency: consistency as never }),
      ).rejects.toMatchObject({
        kind: 'invalid_options',
      });
    },
  );
});
