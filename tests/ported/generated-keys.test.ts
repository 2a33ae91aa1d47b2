import { randomUUID } from 'node:crypto';
import type { Clock, EntityClass, Repository, SlugGeneration } from '../../src/index.js';
import { BeforeInsert, DataSource, DustEntity, Field, Slug, systemClock } from '../../src/index.js';

/** What TypeORM's documentation says of generated primary columns. */

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

interface Photo {
  id?: string;
  name?: string | null;
}

function photoWith(generated: SlugGeneration): EntityClass<Photo> {
  @DustEntity('photos')
  class Photo {
    @Slug({ generated }) id!: string;
    @Field('string') name?: string | null;
  }
  return Photo;
}

@DustEntity('initial')
class Initial {
  @Slug() id = randomUUID() as string;
  @Field('string') name?: string | null;
}

@DustEntity('noted')
class Noted {
  @Slug({ generated: 'uuid' }) id!: string;
  @Field('string') seen?: string | null;

  @BeforeInsert()
  see(): void {
    this.seen = this.id;
  }
}

const START = Date.UTC(2026, 10, 30);

describe('generated keys', () => {
  const opened: DataSource[] = [];
  let moment = START;
  const clock: Clock = { ...systemClock, now: () => moment };

  afterEach(async () => {
    for (const dataSource of opened.splice(0)) await dataSource.destroy();
  });

  const repositoryOf = async <T extends object>(entity: EntityClass<T>): Promise<Repository<T>> => {
    const dataSource = await new DataSource({ entities: [entity], clock, logging: false }).initialize();
    opened.push(dataSource);
    return dataSource.getRepository(entity);
  };

  it.each<[SlugGeneration & string, RegExp]>([
    ['uuid', UUID],
    ['uuidv7', UUID_V7],
    ['ulid', ULID],
  ])('of the kind %s stand on the entity after save', async (generated, form) => {
    const photos = await repositoryOf(photoWith(generated));
    const photo = photos.create({ name: 'Bears' });
    expect(photo.id).toBeUndefined();
    await photos.save(photo);
    expect(photo.id).toMatch(form);
    expect(await photos.findOneBy({ id: photo.id! })).toMatchObject({ name: 'Bears' });
  });

  it('may be made by a function', async () => {
    let count = 0;
    const photos = await repositoryOf(photoWith(() => `photo-${++count}`));
    await photos.save([{ name: 'a' }, { name: 'b' }]);
    expect((await photos.find()).map(({ id, name }) => [id, name])).toEqual([
      ['photo-1', 'a'],
      ['photo-2', 'b'],
    ]);
  });

  it('stand on a plain object that was saved, and on the instance', async () => {
    const photos = await repositoryOf(photoWith('uuid'));
    const plain: Photo = { name: 'Bears' };
    const saved = await photos.save(plain);
    expect(plain.id).toMatch(UUID);
    expect(saved.id).toBe(plain.id);
  });

  it('stand on what was inserted, and in the result', async () => {
    const photos = await repositoryOf(photoWith('uuid'));
    const plain: Photo = { name: 'plain' };
    const entity = photos.create({ name: 'entity' });
    const { slugs } = await photos.insert([plain, entity]);
    expect(slugs).toEqual([plain.id, entity.id]);
    expect(new Set(slugs).size).toBe(2);
  });

  it('leave an object alone that is frozen', async () => {
    const photos = await repositoryOf(photoWith('uuid'));
    const { slugs } = await photos.insert(Object.freeze({ name: 'Bears' }));
    expect(await photos.existsBy({ id: slugs[0]! })).toBe(true);
  });

  it('stand on what insertMany was given, in the order of their time', async () => {
    const photos = await repositoryOf(photoWith('ulid'));
    const given: Photo[] = Array.from({ length: 5 }, (_, i) => ({ name: `${i}` }));
    await photos.insertMany(given, { chunkSize: 2 });
    expect((await photos.find()).map(({ id }) => id)).toEqual(given.map(({ id }) => id));
  });

  it('are made by upsert of what has none', async () => {
    const photos = await repositoryOf(photoWith('uuid'));
    const plain: Photo = { name: 'Bears' };
    await photos.upsert(plain, ['id']);
    await photos.upsert({ ...plain, name: 'Wolves' }, ['id']);
    expect(await photos.find()).toMatchObject([{ id: plain.id, name: 'Wolves' }]);
  });

  it('stand on what was written in a batch', async () => {
    const Photo = photoWith('uuid');
    const photos = await repositoryOf(Photo);
    const plain: Photo = { name: 'plain' };
    const entity = photos.create({ name: 'entity' });
    await photos.manager.batch((batch) => {
      batch.insert(Photo, plain);
      batch.save(entity);
    });
    expect(await photos.getMany([plain.id!, entity.id!])).toMatchObject([
      { name: 'plain' },
      { name: 'entity' },
    ]);
  });

  it('are not made for an entity that has one', async () => {
    const photos = await repositoryOf(photoWith('uuid'));
    await photos.save({ id: 'mine', name: 'Bears' });
    await photos.insert({ id: 'other', name: 'Elks' });
    expect((await photos.find()).map(({ id }) => id)).toEqual(['mine', 'other']);
  });

  it('stay when an entity is saved again', async () => {
    const photos = await repositoryOf(photoWith('uuid'));
    const photo = await photos.save({ name: 'Bears' });
    photo.name = 'Wolves';
    await photos.save(photo);
    expect(await photos.count()).toBe(1);
  });

  it('are not given by create', async () => {
    const photos = await repositoryOf(photoWith('uuid'));
    expect(photos.create({}).id).toBeUndefined();
  });

  it('are there when the hooks of an insert are called', async () => {
    const noted = await repositoryOf(Noted);
    const { id, seen } = await noted.save({ seen: 'nothing' });
    expect(seen).toBe(id);
  });

  it('of UUIDs of version 7 and of ULIDs rise, though the clock stands still or is set back', async () => {
    for (const generated of ['uuidv7', 'ulid'] as const) {
      const photos = await repositoryOf(photoWith(generated));
      const given: Photo[] = Array.from({ length: 6000 }, () => ({ name: 'x' }));
      await photos.insertMany(given.slice(0, 3000));
      moment -= 60_000;
      await photos.insertMany(given.slice(3000));
      const slugs = given.map(({ id }) => id!);
      expect(slugs).toEqual(slugs.toSorted());
      expect(new Set(slugs).size).toBe(slugs.length);
    }
  });

  it('of UUIDs of version 7 and of ULIDs begin with the time of the clock', async () => {
    const late: Clock = { ...systemClock, now: () => START };
    const made: string[] = [];
    for (const generated of ['uuidv7', 'ulid'] as const) {
      const dataSource = new DataSource({ entities: [photoWith(generated)], clock: late, logging: false });
      opened.push(await dataSource.initialize());
      const [entity] = dataSource.options.entities;
      made.push(
        (await dataSource.manager.insert<Photo>(entity as EntityClass<Photo>, { name: 'x' })).slugs[0]!,
      );
    }
    expect(parseInt(made[0]!.replace('-', '').slice(0, 12), 16)).toBe(START);
    const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
    expect(
      Array.from(made[1]!.slice(0, 10)).reduce((time, digit) => time * 32 + digits.indexOf(digit), 0),
    ).toBe(START);
  });

  it.each<[string, () => unknown, string]>([
    [
      'throws',
      () => {
        throw new Error('no more numbers');
      },
      'threw an error',
    ],
    ['returns nothing', () => undefined, 'returned'],
    ['returns an empty text', () => '', 'returned'],
    ['returns a number', () => 7, 'returned'],
    ['returns a promise', () => Promise.resolve('x'), 'returned'],
  ])('write nothing when the function %s', async (_, generate, text) => {
    const photos = await repositoryOf(photoWith(generate as () => string));
    const work = photos.save([{ id: 'mine', name: 'Elks' }, { name: 'Bears' }]);
    await expect(work).rejects.toMatchObject({
      kind: 'invalid_value',
      property: 'id',
      message: expect.stringContaining(text) as string,
    });
    expect(await photos.count()).toBe(0);
  });

  it('are refused where save makes one of them twice, and nothing is written', async () => {
    @DustEntity('twins')
    class Twin {
      @Slug({ generated: () => 'same' }) id!: string;
      @Field('string') name?: string;
    }
    @DustEntity('named')
    class Named {
      @Slug() id!: string;
      @Field('string') name?: string;
      @BeforeInsert() identify(): void {
        this.id = 'same';
      }
    }
    const source = await new DataSource({ entities: [Twin, Named] }).initialize();
    for (const type of [Twin, Named]) {
      const repository = source.getRepository<{ id: string; name?: string }>(type);
      await expect(repository.save([{ name: 'one' }, { name: 'other' }])).rejects.toMatchObject({
        kind: 'invalid_value',
        detail: 'duplicate_slug',
      });
      expect(await repository.count()).toBe(0);
    }
    await source.destroy();
  });

  it('may be initial values of the class, which stand on what was written, too', async () => {
    const initial = await repositoryOf(Initial);
    const entity = initial.create({ name: 'entity' });
    const [saved, inserted, many, batched] = [
      { name: 'saved' },
      { name: 'inserted' },
      { name: 'many' },
      { name: 'batched' },
    ] as Photo[];
    await initial.save(entity);
    await initial.save(saved!);
    await initial.insert(inserted!);
    await initial.insertMany([many!]);
    await initial.manager.batch((batch) => void batch.insert(Initial, batched!));
    for (const { id, name } of [entity, saved!, inserted!, many!, batched!]) {
      expect(id).toMatch(UUID);
      expect(await initial.findOneBy({ id: id! })).toMatchObject({ name });
    }
  });

  it.each([
    [{ generated: 'increment' }, /generated must be/],
    [{ generate: 'uuid' }, /generate/],
    ['uuid', /takes an object of options/],
  ])('are refused with the options %j', async (options, text) => {
    @DustEntity('odd')
    class Odd {
      @Slug(options as never) id!: string;
      @Field('string') name?: string;
    }
    await expect(new DataSource({ entities: [Odd] }).initialize()).rejects.toThrow(text);
  });
});
