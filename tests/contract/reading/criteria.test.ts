import type { FindManyOptions, Repository } from '../../../src/index.js';
import { describeContract } from '../describe-contract.js';
import type { Item } from '../entities.js';
import { defineItem } from '../entities.js';

/** Criteria no type allows, as they come out of a request that was not checked. */
const unchecked = (criteria: unknown): never => criteria as never;

const EMPTY: readonly [string, unknown][] = [
  ['undefined', undefined],
  ['null', null],
  ['an empty string', ''],
  ['an empty object', {}],
  ['an object of undefined', { rank: undefined }],
  ['an empty list', []],
  ['a list with an empty slug', ['a', '']],
  ['a list with an empty where', [{}]],
];

const WRONG: readonly [string, unknown][] = [
  ['an unknown property', { colour: 'red' }],
  ['a member of every object', { constructor: 'x' }],
  ['null for a value', { rank: null }],
  ['an unknown operator', { rank: { $gt: 1 } }],
  ['a number', 7],
];

describeContract('criteria', (context) => {
  const prefix = context.uniquePrefix();
  const entity = defineItem(prefix);
  let items: Repository<Item>;

  beforeAll(async () => {
    const records = [
      { slug: 'a', rank: 1 },
      { slug: 'b', rank: 2 },
    ];
    await (await context.connect([entity])).getRepository(entity).insert(records);
  });

  beforeEach(async () => {
    items = (await context.connect([entity])).getRepository(entity);
  });

  describe.each([...EMPTY, ...WRONG])('%s', (_, criteria) => {
    it('is refused by writes, which then write nothing', async () => {
      const before = await context.stateOf(prefix);
      const refusal = { kind: 'invalid_criteria', message: expect.stringContaining('Item') };
      await expect(items.update(unchecked(criteria), { rank: 9 })).rejects.toMatchObject(refusal);
      await expect(items.delete(unchecked(criteria))).rejects.toMatchObject(refusal);
      await expect(items.increment(unchecked(criteria), unchecked('rank'), 1)).rejects.toMatchObject(refusal);
      expect(await context.stateOf(prefix)).toEqual(before);
    });

    it('is refused by reads', async () => {
      const refusal = { kind: 'invalid_criteria', message: expect.stringContaining('Item') };
      await expect(items.findBy(unchecked(criteria))).rejects.toMatchObject(refusal);
      await expect(items.findOneBy(unchecked(criteria))).rejects.toMatchObject(refusal);
      await expect(items.findOneByOrFail(unchecked(criteria))).rejects.toMatchObject(refusal);
      await expect(items.countBy(unchecked(criteria))).rejects.toMatchObject(refusal);
      await expect(items.existsBy(unchecked(criteria))).rejects.toMatchObject(refusal);
    });
  });

  it.each<[string, unknown]>([
    ['an unknown option', { limit: 5 }],
    ['a negative skip', { skip: -1 }],
    ['a take that is no integer', { take: 1.5 }],
    ['an unknown property to order by', { order: { colour: 'ASC' } }],
    ['an unknown direction', { order: { rank: 'UP' } }],
    ['an empty where', { where: {} }],
  ])('find refuses %s', async (_, options) => {
    await expect(items.find(options as FindManyOptions<Item>)).rejects.toMatchObject({
      kind: expect.stringMatching(/^invalid_(criteria|options)$/),
      message: expect.stringContaining('Item'),
    });
  });

  it('findOne refuses a where that is undefined', async () => {
    await expect(items.findOne(unchecked({ where: undefined }))).rejects.toMatchObject({
      kind: 'invalid_criteria',
    });
  });
});
