import { IsInt, IsString } from 'class-validator';
import { z } from 'zod';
import { DataSource, DustEntity, Field, Ref, Slug } from '../../../../src/index.js';
import { RecordingLogger } from '../../realtime/support/recording-logger.js';
import { Customer, fillShop, numbered, Order as ShopOrder, SHOP } from './shop.js';

@DustEntity('people')
class Person {
  @Slug() @IsString() id!: string;
  @Field('string', { required: true }) @IsString() name!: string;
}

@DustEntity('notes')
class Note {
  @Slug() @IsString() id!: string;
  @Field('integer', { required: true }) @IsInt() pages!: number;
  @Ref(() => Person) @IsString() writerId!: string;
  writer?: Person | null;
  #read = 0;
  get read(): number {
    return this.#read;
  }
}

describe('an entity that was populated', () => {
  it.each([{ whitelist: true }, { whitelist: true, forbidNonWhitelisted: true }])(
    'is written with validation %j, and keeps what was filled in',
    async (validation) => {
      const dataSource = await new DataSource({ entities: [Person, Note], validation }).initialize();
      await dataSource.manager.insert(Person, { id: 'ann', name: 'Ann' });
      await dataSource.manager.insert(Note, { id: 'a', pages: 1, writerId: 'ann' });
      const notes = dataSource.getRepository(Note);
      const note = await notes.findOneOrFail({ where: { id: 'a' }, populate: ['writer'] });
      note.pages = 2;
      await notes.save(note);
      expect([note.pages, note.writer?.name, note.read]).toEqual([2, 'Ann', 0]);
      note.pages = 2.5;
      await expect(notes.save(note)).rejects.toMatchObject({
        errors: [expect.objectContaining({ property: 'pages' })],
      });
      await dataSource.destroy();
    },
  );

  it('is checked by rules and schemas of what it keeps behind accessors', async () => {
    @DustEntity({ prefix: 'visits', schema: z.object({ id: z.string(), pages: z.number().max(9) }) })
    class Visit {
      @Slug() id!: string;
      #pages = 0;
      @IsInt() @Field('integer') get pages(): number {
        return this.#pages;
      }
      set pages(pages: number) {
        this.#pages = pages;
      }
      @Ref(() => Person) guestId!: string;
      guest?: Person | null;
    }
    const dataSource = await new DataSource({ entities: [Person, Visit] }).initialize();
    await dataSource.manager.insert(Person, { id: 'ann', name: 'Ann' });
    const visits = dataSource.getRepository(Visit);
    await visits.insert(visits.create({ id: 'a', pages: 1, guestId: 'ann' }));
    const visit = await visits.findOneOrFail({ where: { id: 'a' }, populate: ['guest'] });
    visit.pages = 2;
    await visits.save(visit);
    expect(await visits.findOneBy({ id: 'a' })).toMatchObject({ pages: 2 });
    visit.pages = 10;
    await expect(visits.save(visit)).rejects.toMatchObject({
      errors: [expect.objectContaining({ property: 'pages' })],
    });
    await dataSource.destroy();
  });

  it('names what was meant where its property is used as if it were stored', async () => {
    const dataSource = await new DataSource({ entities: [Person, Note] }).initialize();
    const notes = dataSource.getRepository(Note);
    const message = 'It is filled in by populate and not stored: name writerId, which holds the slug.';
    const untyped = (options: object) => notes.find(options);
    await expect(untyped({ where: { writer: { name: 'Ann' } } })).rejects.toThrow(message);
    await expect(untyped({ order: { writer: { name: 'ASC' } } })).rejects.toThrow(message);
    await expect(untyped({ select: ['writer'] })).rejects.toThrow(message);
    await dataSource.destroy();
  });

  it('names the class that the data source lacks', async () => {
    const dataSource = await new DataSource({ entities: [Note] }).initialize();
    await expect(dataSource.manager.find(Note)).resolves.toEqual([]);
    await expect(dataSource.manager.find(Note, { populate: ['writer'] })).rejects.toMatchObject({
      kind: 'invalid_metadata',
      message: expect.stringContaining('Person'),
    });
    await dataSource.destroy();
  });
});

describe('targets that are missing', () => {
  it('are named three times, then counted', async () => {
    const logger = new RecordingLogger();
    const dataSource = await new DataSource({ entities: SHOP, logger }).initialize();
    await fillShop(dataSource.manager, 60);
    await dataSource.manager.clear(Customer);
    for (let i = 0; i < 2; i++) {
      const orders = await dataSource.manager.find(ShopOrder, { populate: ['customer'] });
      expect(orders.filter(({ customer }) => customer === null)).toHaveLength(60);
    }
    const named = [0, 1, 2].map(
      (n) =>
        `Order.customerId names Customer "${numbered('c', n)}", which is not there or cannot be read. customer is null.`,
    );
    expect(logger.warnings.filter((text) => text.startsWith('Order.'))).toEqual([
      ...named,
      'Order.customerId has named 10 of Customer so far that are not there or cannot be read.',
    ]);
    await dataSource.destroy();
  });
});
