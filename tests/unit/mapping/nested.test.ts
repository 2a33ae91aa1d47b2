import { Expose, Transform, Type } from 'class-transformer';
import { DustEntity, Field, Slug } from '../../../src/decorators/index.js';
import { createEntityMapper, loadClassTransformer } from '../../../src/mapping/index.js';
import { buildEntityMetadata } from '../../../src/metadata/index.js';
import type { JsonValue } from '../../../src/protocol/values/value.js';
import { FixedClock, storedRecord } from './stored.js';

class Address {
  @Field({ required: true }) city!: string;
  @Field({ name: 'post-code', default: '0000' }) postCode?: string;
  @Field() since?: Date;
  @Field(() => [Address]) former?: Address[];
  @Field('json') meta?: unknown;
  note = 'not a field';

  label(): string {
    return `${this.postCode ?? '?'} ${this.city}`;
  }
}

class Money {
  @Expose({ name: 'value' })
  @Transform(({ value }: { value: string }) => BigInt(value), { toClassOnly: true })
  @Transform(({ value }: { value: bigint }) => String(value), { toPlainOnly: true })
  cents!: bigint;

  @Type(() => Date) at?: Date;
}

@DustEntity('people')
class Person {
  @Slug() slug!: string;
  @Field() home?: Address;
  @Field(() => [Address]) addresses?: Address[];
  @Field(() => Money) salary?: Money;
  @Field(() => Money, { array: true }) bonuses?: Money[];
}

const metadata = buildEntityMetadata(Person);

async function setUp() {
  return createEntityMapper(metadata, {
    clock: new FixedClock(),
    classTransformer: await loadClassTransformer([metadata]),
  });
}

async function throughStore(person: object): Promise<Person> {
  const mapper = await setUp();
  const value = Object.fromEntries(
    mapper.encode(person, 'insert').map((encoded) => [encoded.field.wireName, encoded.value]),
  );
  const { entity, problem } = mapper.hydrate(storedRecord(metadata, 'ada', value));
  if (entity === undefined) throw new Error(JSON.stringify(problem));
  return entity;
}

async function encodeHome(home: unknown): Promise<JsonValue | undefined> {
  const mapper = await setUp();
  return mapper.encode({ home }, 'insert')[0]?.value;
}

const since = new Date('2026-01-02T03:04:05Z');

describe('nested classes with fields of their own', () => {
  it('come back as instances', async () => {
    const { home } = await throughStore({ home: { city: 'Bern', since } });
    expect(home).toBeInstanceOf(Address);
    expect(home).toEqual(Object.assign(new Address(), { city: 'Bern', postCode: '0000', since }));
    expect(home!.label()).toBe('0000 Bern');
  });

  it('are written as plain maps under their wire names', async () => {
    const home = Object.assign(new Address(), { city: 'Bern', postCode: '3000', since });
    expect(await encodeHome(home)).toEqual({ city: 'Bern', 'post-code': '3000', since: since.toISOString() });
  });

  it('are written as an envelope where a store would lose something', async () => {
    const { home } = await throughStore({ home: { city: 'Bern', meta: { empty: {} } } });
    expect(home!.meta).toEqual({ empty: {} });
  });

  it('may contain themselves, in lists', async () => {
    const former = [{ city: 'Basel', former: [{ city: 'Chur' }] }];
    const { home, addresses } = await throughStore({ home: { city: 'Bern', former }, addresses: former });
    expect(home!.former![0]!.former![0]).toBeInstanceOf(Address);
    expect(addresses![0]!.former![0]!.city).toBe('Chur');
  });

  it.each<[string, unknown, string]>([
    ['a missing required value', {}, 'Person.home.city: expected a value, found undefined.'],
    [
      'null for it',
      { city: null },
      'Person.home.city: expected a value (the field is required), found null.',
    ],
    [
      'a wrong value deep inside',
      { city: 'a', former: [{ city: 'b' }, { city: 5 }] },
      'Person.home.former[1].city: expected a string, found the number 5.',
    ],
    ['a list for one', [], 'Person.home: expected an instance of Address, found an array.'],
    ['a scalar', 'Bern', 'Person.home: expected an instance of Address, found the string "Bern".'],
  ])('refuse %s', async (_, home, text) => {
    await expect(encodeHome(home)).rejects.toThrow(text);
  });

  it('say what does not fit in the store', async () => {
    const mapper = await setUp();
    const problemOf = (home: JsonValue) =>
      mapper.hydrate(storedRecord(metadata, 'ada', { home })).problem?.malformed;
    expect(problemOf({ city: 5 })).toEqual([
      { field: 'home', reason: '.city: expected a string, found the number 5' },
    ]);
    expect(problemOf({ since: '2026-01-01' })).toEqual([
      { field: 'home', reason: '.city: expected a value, found none' },
    ]);
    expect(problemOf('Bern')).toEqual([
      { field: 'home', reason: 'expected an object for Address, found the string "Bern"' },
    ]);
  });

  it('count as changed when a part of them changed', async () => {
    const mapper = await setUp();
    const { entity } = mapper.hydrate(storedRecord(metadata, 'ada', { home: { city: 'Bern', unknown: 1 } }));
    expect(mapper.changedFields(entity!)).toEqual([]);
    entity!.home!.city = 'Basel';
    expect(mapper.changedFields(entity!)).toMatchObject([{ value: { city: 'Basel' } }]);
  });
});

describe('nested classes of class-transformer', () => {
  it('come back as instances', async () => {
    const money = Object.assign(new Money(), { cents: 500n, at: since });
    const { salary, bonuses } = await throughStore({ salary: money, bonuses: [money, money] });
    expect(salary).toBeInstanceOf(Money);
    expect(salary).toEqual(money);
    expect(bonuses).toEqual([money, money]);
  });

  it('are refused with a place when they cannot be written', async () => {
    const mapper = await setUp();
    const cyclic: { at?: unknown; self?: unknown } = {};
    cyclic.self = cyclic;
    expect(() => mapper.encode({ salary: cyclic }, 'update')).toThrow(
      'Person.salary: expected a value without cycles',
    );
    const failing = {
      cents: {
        toString: () => {
          throw new Error('no amount');
        },
      },
    };
    expect(() => mapper.encode({ bonuses: [Object.assign(new Money(), failing)] }, 'update')).toThrow(
      'Person.bonuses[0]: expected an instance of Money, found one that class-transformer could not write (no amount)',
    );
    expect(() =>
      mapper.encode({ salary: Object.assign(new Money(), { at: new Date(NaN), cents: 1n }) }, 'update'),
    ).toThrow('Person.salary.at: expected a JSON value, found an instance of Date');
  });

  it('are reported when they cannot be read', async () => {
    const mapper = await setUp();
    const { problem } = mapper.hydrate(storedRecord(metadata, 'ada', { salary: { value: 'many' } }));
    expect(problem!.malformed[0]!.reason).toMatch(/class-transformer could not read \(Cannot convert many/);
  });

  it('need class-transformer, which is loaded for them only', async () => {
    @DustEntity('plain')
    class Plain {
      @Slug() slug!: string;
      @Field() home?: Address;
    }
    expect(await loadClassTransformer([buildEntityMetadata(Plain)])).toBeUndefined();
    const mapper = createEntityMapper(metadata, { clock: new FixedClock() });
    expect(() => mapper.encode({ salary: new Money() }, 'update')).toThrow(
      expect.objectContaining({ kind: 'not_initialized', message: expect.stringContaining('Money') }),
    );
  });
});

describe('what cannot be a nested instance', () => {
  it.each([
    ['a Date', new Date(0)],
    ['an instance of Map', new Map([['city', 'Ulm']])],
    ['an instance of Uint8Array', new Uint8Array(2)],
    ['an instance of String', Object('Ulm') as object],
    ['an array', ['Ulm']],
  ])('%s', async (found, home) => {
    await expect(encodeHome(home)).rejects.toMatchObject({
      kind: 'invalid_value',
      message: `Person.home: expected an instance of Address, found ${found}. Nothing was written.`,
    });
  });

  it('one that contains itself', async () => {
    const address = Object.assign(new Address(), { city: 'Ulm' });
    address.former = [address];
    await expect(encodeHome(address)).rejects.toMatchObject({
      kind: 'invalid_value',
      message: 'Person.home.former[0]: expected a value without cycles, found a cycle. Nothing was written.',
    });
    address.former = [];
    await expect(encodeHome(address)).resolves.toMatchObject({ city: 'Ulm' });
  });

  it('while the same one twice, beside each other, is fine', async () => {
    const old = Object.assign(new Address(), { city: 'Ulm' });
    const home = Object.assign(new Address(), { city: 'Bonn', former: [old, old] });
    await expect(encodeHome(home)).resolves.toMatchObject({ former: [{ city: 'Ulm' }, { city: 'Ulm' }] });
  });
});
