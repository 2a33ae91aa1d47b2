import { DustEntity, Field, Slug } from '../../../../src/index.js';
import { TestClock } from '../../../../src/testing/index.js';
import { useDataSources } from '../support.js';

let generate: () => unknown;

@DustEntity('made')
class Made {
  @Slug({ generated: () => generate() as string }) id!: string;
  @Field('string') text?: string;
}

@DustEntity('ulids')
class Ulid {
  @Slug({ generated: 'ulid' }) id!: string;
  @Field('string') text?: string;
}

@DustEntity('more-ulids')
class MoreUlids {
  @Slug({ generated: 'ulid' }) id!: string;
  @Field('string') text?: string;
}

@DustEntity('uuids')
class Uuid {
  @Slug({ generated: 'uuidv7' }) id!: string;
  @Field('string') text?: string;
}

@DustEntity('more-uuids')
class MoreUuids {
  @Slug({ generated: 'uuidv7' }) id!: string;
  @Field('string') text?: string;
}

@DustEntity('chance')
class Chance {
  @Slug({ generated: 'uuid' }) id!: string;
  @Field('string') text?: string;
}

const connect = useDataSources();

describe('a function that generates slugs', () => {
  beforeEach(() => {
    generate = () => {
      throw new Error('Nobody asked.');
    };
  });

  it('that throws is the cause of the error that names it', async () => {
    const thrown = new RangeError('out of numbers');
    generate = () => {
      throw thrown;
    };
    const { manager, control } = await connect([Made]);
    await expect(manager.insert(Made, { text: 'T' })).rejects.toMatchObject({
      kind: 'invalid_value',
      message: 'Made.id: the function that generates its value threw an error. Nothing was written.',
      cause: thrown,
    });
    expect(control.writes).toEqual([]);
  });

  it.each([
    ['no text', 7],
    ['undefined', undefined],
    ['an empty text', ''],
    ['text that is not well-formed', 'a\ud800'],
    ['a promise', Promise.resolve('a')],
  ])('that returns %s is refused', async (_, slug) => {
    generate = () => slug;
    const { manager, control } = await connect([Made]);
    await expect(manager.insert(Made, { text: 'T' })).rejects.toMatchObject({
      kind: 'invalid_value',
      message: expect.stringContaining('Made.id: the function that generates its value returned '),
    });
    expect(control.writes).toEqual([]);
  });

  it('is asked for each new entity without a slug, and for no other', async () => {
    let count = 0;
    generate = () => `made-${++count}`;
    const { manager } = await connect([Made]);
    const none = { id: null as unknown as string, text: 'none' };
    const { slugs } = await manager.insert(Made, [{ text: 'a' }, { id: 'own', text: 'b' }, none]);
    expect(slugs).toEqual(['made-1', 'own', 'made-2']);
    await manager.save(Made, { id: 'own', text: 'c' });
    await manager.update(Made, 'own', { text: 'd' });
    expect(count).toBe(2);
  });

  it('is not asked for an entity whose slug is an empty text: that is an error of its own', async () => {
    const { manager, control } = await connect([Made]);
    await expect(manager.insert(Made, { id: '', text: 'T' })).rejects.toMatchObject({
      kind: 'invalid_value',
    });
    expect(control.writes).toEqual([]);
  });
});

it.each([
  ['ulid', Ulid, MoreUlids],
  ['uuidv7', Uuid, MoreUuids],
] as const)(
  'slugs of the kind %s rise across classes and data sources of one clock',
  async (_, one, other) => {
    const clock = new TestClock();
    const first = (await connect([one, other], {}, { clock })).manager;
    const second = (await connect([one, other], {}, { clock })).manager;
    const made: string[] = [];
    for (let i = 0; i < 5; i++) {
      for (const { slugs } of [
        await first.insert<Ulid | Uuid>(one, { text: 'T' }),
        await first.insert<Ulid | Uuid>(other, { text: 'T' }),
        await second.insert<Ulid | Uuid>(one, { text: 'T' }),
      ]) {
        made.push(...slugs);
      }
    }
    expect(made.toSorted()).toEqual(made);
    expect(new Set(made).size).toBe(15);
  },
);

it('slugs of the kind uuid are of version 4, each another one', async () => {
  const { manager } = await connect([Chance]);
  const { slugs } = await manager.insert(Chance, [{ text: 'a' }, { text: 'b' }]);
  for (const slug of slugs) {
    expect(slug).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }
  expect(new Set(slugs).size).toBe(2);
});

it('a slug that was made stands on the entity or plain object that it was made for, and one that it has stays', async () => {
  const { manager } = await connect([Chance]);
  const [plain, many, saved, own]: Partial<Chance>[] = [
    { text: 'a' },
    { text: 'b' },
    { text: 'c' },
    { id: 'own', text: 'd' },
  ];
  const instance = manager.create(Chance, { text: 'e' });
  const { slugs } = await manager.insert(Chance, [plain!, own!, instance]);
  await manager.insertMany(Chance, [many!]);
  await manager.save(Chance, saved!);
  expect(slugs).toEqual([plain!.id, 'own', instance.id]);
  const made = [plain, many, saved, own, instance].map((each) => each!.id!);
  expect((await manager.getMany(Chance, made)).map((each) => each?.text)).toEqual(['a', 'b', 'c', 'd', 'e']);
});
