import { IsNotEmpty, IsOptional, ValidateNested } from 'class-validator';
import type { Repository } from '../../../src/index.js';
import {
  CreatedAtField,
  DustEntity,
  EntityValidationError,
  Field,
  Slug,
  UpdatedAtField,
} from '../../../src/index.js';
import type { StorageMode } from '../../../src/metadata/types.js';
import { describeContract } from '../describe-contract.js';
import { MODES } from '../entities.js';

class Geo {
  @Field('float', { required: true }) lat!: number;
  @Field('float') lng?: number | null;
}

class Address {
  @Field('string') street?: string | null;
  @Field('string') @IsNotEmpty() city?: string;
  @Field(() => Geo) geo?: Geo | null;
  @Field('json') notes?: unknown;
  @CreatedAtField() since?: Date;
  @UpdatedAtField() moved?: Date;

  line(): string {
    return `${String(this.street)}, ${String(this.city)}`;
  }
}

class Item {
  @Field('string', { required: true }) sku!: string;
  @Field('integer', { default: 1 }) count?: number;
}

function definePerson(prefix: string[], mode: StorageMode) {
  @DustEntity({ prefix, mode })
  class Person {
    @Slug() id!: string;
    @Field('string') name?: string | null;
    @Field(() => Address) @IsOptional() @ValidateNested() home?: Address | null;
    @Field(() => [Item]) items?: Item[];
  }
  return Person;
}

type Person = InstanceType<ReturnType<typeof definePerson>>;

describeContract('nested objects', (context) => {
  describe.each(MODES)('in %s mode', (mode) => {
    const open = async (): Promise<Repository<Person>> => {
      const entity = definePerson(context.uniquePrefix(), mode);
      const people = (await context.connect([entity])).getRepository(entity);
      await people.insert({
        id: 'a',
        name: 'Ann',
        home: { street: 'Elm St', city: 'Rome', geo: { lat: 1, lng: 2 }, notes: { x: 1, y: {} } },
        items: [{ sku: 'p' }] as never,
      });
      return people;
    };
    const homeOf = async (people: Repository<Person>): Promise<Address | null | undefined> =>
      (await people.findOneByOrFail({ id: 'a' })).home;

    it('an update changes the parts that it gives', async () => {
      const people = await open();
      await people.update('a', { home: { city: 'Oslo', geo: { lng: 3 } }, name: 'Bob' });
      const home = await homeOf(people);
      expect(home).toMatchObject({ street: 'Elm St', city: 'Oslo', geo: { lat: 1, lng: 3 } });
      expect(home?.line()).toBe('Elm St, Oslo');
      expect(home?.notes).toEqual({ x: 1, y: {} });
      await people.update('a', { home: { city: 'Bern' } });
      expect((await homeOf(people))?.line()).toBe('Elm St, Bern');
      await people.update({ name: 'Bob' }, { home: { city: 'Ulm' } });
      expect((await homeOf(people))?.line()).toBe('Elm St, Ulm');
    });

    it('a save of a loaded entity changes the parts that differ', async () => {
      const people = await open();
      const [mine, theirs] = [await people.findOneByOrFail({ id: 'a' }), await homeOf(people)];
      expect(theirs?.city).toBe('Rome');
      mine.home!.city = 'Oslo';
      if (mode === 'flat') await people.update('a', { home: { street: 'Oak St' } });
      await people.save(mine);
      expect((await homeOf(people))?.line()).toBe(mode === 'flat' ? 'Oak St, Oslo' : 'Elm St, Oslo');
    });

    it('a save of what was not loaded, a preload and a merge change parts, too', async () => {
      const people = await open();
      await people.save({ id: 'a', home: { city: 'Oslo' } });
      expect((await homeOf(people))?.line()).toBe('Elm St, Oslo');
      await people.save((await people.preload({ id: 'a', home: { city: 'Bern' } }))!);
      expect((await homeOf(people))?.line()).toBe('Elm St, Bern');
      const person = await people.findOneByOrFail({ id: 'a' });
      const before = person.home;
      people.merge(person, { home: { street: 'Oak St' } });
      expect(before?.street).toBe('Elm St');
      await people.save(person);
      expect((await homeOf(people))?.line()).toBe('Oak St, Bern');
    });

    it('null clears a part and the whole, and what comes next is made whole', async () => {
      const people = await open();
      await people.update('a', { home: { street: null, geo: null } });
      expect(await homeOf(people)).toMatchObject({ street: null, city: 'Rome', geo: null });
      await people.update('a', { home: null });
      expect(await homeOf(people)).toBeNull();
      await people.update('a', { home: { city: 'Oslo' } });
      const { street, city, geo } = (await homeOf(people))!;
      expect([street, city, geo]).toEqual([undefined, 'Oslo', undefined]);
    });

    it('a part of an object that is kept whole leaves the others', async () => {
      const people = await open();
      await people.update('a', { home: null });
      await people.update('a', { home: { street: 'Elm St', city: 'Rome', notes: {} } });
      await people.update('a', { home: { city: 'Oslo' } });
      expect(await homeOf(people)).toMatchObject({ street: 'Elm St', city: 'Oslo', notes: {} });
      await people.update('a', { home: { notes: { deep: {} } } });
      expect(await homeOf(people)).toMatchObject({ street: 'Elm St', city: 'Oslo', notes: { deep: {} } });
    });

    it('a new object that lacks what is required is refused, and the record stays readable', async () => {
      const people = await open();
      await people.update('a', { home: { geo: null } });
      const refused = people.update('a', { home: { geo: { lng: 3 } } });
      await expect(refused).rejects.toBeInstanceOf(EntityValidationError);
      await expect(refused).rejects.toThrow('home.geo.lat: lat is required (isRequired)');
      expect(await homeOf(people)).toMatchObject({ city: 'Rome', geo: null });
    });

    it('lists are replaced whole, with the defaults of their items', async () => {
      const people = await open();
      await people.update('a', { items: [{ sku: 'q' }, { sku: 'r', count: 5 }] as never });
      const { items } = await people.findOneByOrFail({ id: 'a' });
      expect(items).toEqual([
        Object.assign(new Item(), { sku: 'q', count: 1 }),
        Object.assign(new Item(), { sku: 'r', count: 5 }),
      ]);
    });

    it('rules and types of all parts are told together, with their paths', async () => {
      const people = await open();
      const wrong = { id: 'b', name: 5, home: { city: '', geo: { lng: 1 } }, items: [{}, { sku: 1 }] };
      for (const write of [
        () => people.insert(wrong as never),
        () => people.save(wrong as never),
        () => people.insertMany([wrong] as never),
      ]) {
        const error = await write().then(
          () => undefined,
          (thrown: unknown) => thrown,
        );
        const { message, kind } = error as Error & { kind: string };
        expect(kind).toBe('validation');
        for (const path of ['name', 'home.city', 'home.geo.lat', 'items[0].sku', 'items[1].sku']) {
          expect(message).toContain(`- ${path}: `);
        }
      }
      await expect(people.update('a', { home: { city: '' }, name: 5 } as never)).rejects.toMatchObject({
        errors: [
          {
            property: 'home',
            children: [{ property: 'city', constraints: { isNotEmpty: expect.anything() } }],
          },
          { property: 'name', constraints: { isStorable: 'name must be a string' } },
        ],
      });
      expect(await people.count()).toBe(1);
    });

    it('what is given is not changed', async () => {
      const people = await open();
      const given = { id: 'c', home: { city: 'Rome', geo: { lat: 1 } }, items: [{ sku: 'x' }] as never };
      const copy = structuredClone(given);
      await people.insert(given);
      expect(given).toEqual(copy);
      expect(people.create(given).home?.geo).toBeInstanceOf(Geo);
      expect(given).toEqual(copy);
      await people.update('c', given);
      expect(given).toEqual(copy);
    });

    it('time stamps in it are filled in, and the last change moves with any change of the record', async () => {
      const people = await open();
      const first = await homeOf(people);
      expect(first?.since).toBeInstanceOf(Date);
      expect(first?.moved).toEqual(first?.since);
      await context.clock.advance(1000);
      await people.update('a', { name: 'Bob' });
      const second = await homeOf(people);
      expect([+second!.since! - +first!.since!, +second!.moved! - +first!.moved!]).toEqual([0, 1000]);
      await context.clock.advance(1000);
      const person = await people.findOneByOrFail({ id: 'a' });
      person.home!.city = 'Oslo';
      await people.save(person);
      const third = await homeOf(people);
      expect([+third!.since! - +first!.since!, +third!.moved! - +first!.moved!]).toEqual([0, 2000]);
      expect(person.home!.moved).toEqual(third!.moved);
    });
  });
});
