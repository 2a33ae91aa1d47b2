import { isDustError } from '../../../../src/errors.js';
import type { FindManyOptions, FindOptionsOrder, FindOptionsWhere } from '../../../../src/query/index.js';
import {
  And,
  ArrayContains,
  compileQuery,
  Equal,
  In,
  IsNull,
  LessThan,
  Like,
  MoreThan,
  Not,
  Or,
} from '../../../../src/query/index.js';
import type { Address, Person } from '../people.js';
import { address, Geo, Kin, person, personMetadata } from '../people.js';

const romePlain = { city: 'Rome', zip: '00100', since: new Date(5), lines: ['a', 'b'] };
const rome = address(romePlain);
const less = address({ city: 'Rome' });
const bare: FindOptionsWhere<Address> = Object.assign(Object.create(null) as object, { city: 'Rome' });
const kin = (name: string, next?: Kin): Kin => Object.assign(new Kin(), { name, next });
const geo = Object.assign(new Geo(), { lat: 41.9 });

function matches(properties: Partial<Person>, where: FindOptionsWhere<Person>): boolean {
  return compileQuery(personMetadata, { where }).matches(person(properties));
}

function refusal(options: unknown): { kind: string; message: string } {
  try {
    compileQuery(personMetadata, options as FindManyOptions<Person>);
  } catch (error) {
    if (isDustError(error)) return { kind: error.kind, message: error.message };
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('a where by parts of a nested object', () => {
  it.each<[string, Partial<Person>, FindOptionsWhere<Person>, boolean]>([
    ['a part', { address: rome }, { address: { city: 'Rome' } }, true],
    ['another value', { address: rome }, { address: { city: 'Bari' } }, false],
    ['two parts, both true', { address: rome }, { address: { city: 'Rome', zip: In(['00100']) } }, true],
    ['two parts, one false', { address: rome }, { address: { city: 'Rome', zip: In(['1']) } }, false],
    ['a part and a property', { name: 'a', address: rome }, { name: 'b', address: { city: 'Rome' } }, false],
    ['a date', { address: rome }, { address: { since: And(MoreThan(new Date(4)), Not(IsNull())) } }, true],
    ['an array', { address: rome }, { address: { lines: ArrayContains(['b']) } }, true],
    ['a pattern', { address: rome }, { address: { city: Like('R%') } }, true],
    ['parts of parts', { address: address({ geo }) }, { address: { geo: { lat: LessThan(42) } } }, true],
    ['parts of parts, false', { address: address({ geo }) }, { address: { geo: { lat: 42 } } }, false],
    ['a part of what is null', { address: null }, { address: { city: 'Rome' } }, false],
    ['a part of what is absent', {}, { address: { city: Not('Rome') } }, false],
    ['null, by an absent parent', {}, { address: { geo: { lat: IsNull() } } }, true],
    ['null, by a null parent', { address: null }, { address: { city: IsNull() } }, true],
    ['null, by an absent part', { address: rome }, { address: { geo: { lat: IsNull() } } }, true],
    ['not null', { address: rome }, { address: { geo: IsNull(), zip: Not(IsNull()) } }, true],
    ['Or with null', {}, { address: { city: Or(Not('Rome'), IsNull()) } }, true],
    ['an instance, equal as a whole', { address: rome }, { address: address(romePlain) }, true],
    ['an instance with less in it', { address: rome }, { address: less }, false],
    ['Equal, as a whole', { address: rome }, { address: Equal(address(romePlain)) }, true],
    ['Equal with less in it', { address: rome }, { address: Equal(address({ city: 'Rome' })) }, false],
    ['an object without a prototype', { address: rome }, { address: bare }, true],
    [
      'a class that contains itself',
      { kin: kin('a', kin('b', kin('x'))) },
      { kin: { next: { next: { name: 'x' } } } },
      true,
    ],
  ])('%s', (_, properties, where, expected) => {
    expect(matches(properties, where)).toBe(expected);
  });

  it('names each part by its path, and by where it lies', () => {
    const where = { address: { zip: '1', geo: { lon: 2 } } };
    const [conditions] = compileQuery(personMetadata, { where }).alternatives!;
    expect(conditions!.map(({ property: { name, leafPath, kind } }) => [name, leafPath, kind])).toEqual([
      ['address.zip', 'address/post~1code', 'string'],
      ['address.geo.lon', 'address/geo/lng', 'float'],
    ]);
  });

  it.each<[string, unknown, string]>([
    [
      'an unknown part',
      { address: { town: 'x' } },
      'Person.address has no part "town" to use in where. Known: city, zip, since, lines, geo.',
    ],
    ['a misspelt part', { address: { citty: 'x' } }, 'Did you mean "city"?'],
    ['an unknown part of a part', { address: { geo: { x: 1 } } }, 'Person.address.geo has no part "x"'],
    ['a wire name', { address: { 'post/code': '1' } }, 'Person.address has no part "post/code"'],
    ['a member of every object', { address: { constructor: 'x' } }, 'has no part "constructor"'],
    ['an own __proto__', JSON.parse('{"address":{"__proto__":"x"}}'), 'has no part "__proto__"'],
    [
      'no part',
      { address: {} },
      'Person.address: where is empty and would match every record. Name at least one part: city, zip,',
    ],
    [
      'a value of another type',
      { address: { city: 5 } },
      'Person.address.city: where takes a string, not the number 5.',
    ],
    ['null', { address: { city: null } }, 'Person.address.city: null in where. Use IsNull()'],
    [
      'a class that class-transformer maps',
      { badge: { label: 'x' } },
      'Person.badge: Badge has no @Field(), so it is compared as a whole. Write Equal(value).',
    ],
    ['an array of nested objects', { former: { city: 'x' } }, 'Person.former: where takes an array'],
    [
      'parts inside an operator',
      { address: Not({ city: Like('x') }) },
      'Not takes a plain value without operators',
    ],
  ])('%s is refused', (_, where, message) => {
    const refused = refusal({ where });
    expect(refused.kind).toBe('invalid_criteria');
    expect(refused.message).toContain(message);
  });

  it('a where that contains itself is refused', () => {
    const kin: { next?: object } = {};
    kin.next = kin;
    expect(refusal({ where: { kin } })).toEqual({
      kind: 'invalid_criteria',
      message: 'Person.kin…: where names parts more than 500 levels deep, and no record holds a deeper one.',
    });
    expect(refusal({ order: { kin } }).kind).toBe('invalid_options');
  });
});

describe('an order by parts of a nested object', () => {
  const sorted = (order: FindOptionsOrder<Person>, people: Partial<Person>[]): string =>
    people
      .map(person)
      .sort(compileQuery(personMetadata, { order }).compare)
      .map(({ id }) => id)
      .join('');
  const people = [
    { id: 'a', address: address({ city: 'Rome', since: new Date(1) }) },
    { id: 'b', address: address({ city: 'Bari', since: new Date(9), geo }) },
    { id: 'c' },
    { id: 'd', address: address({ city: 'Bari', since: new Date(2) }) },
    { id: 'e', address: null },
  ];

  it.each<[string, FindOptionsOrder<Person>, string]>([
    ['ascending, absent parents last', { address: { city: 'ASC' } }, 'bdace'],
    ['descending, absent parents first', { address: { city: 'DESC' } }, 'ceabd'],
    ['nulls where told', { address: { city: { direction: 'DESC', nulls: 'LAST' } } }, 'abdce'],
    ['by one part, then by another', { address: { city: 1, since: -1 } }, 'bdace'],
    ['by one part, then by another, ascending', { address: { city: 1, since: 1 } }, 'dbace'],
    ['by parts of parts', { address: { geo: { lat: 'ASC' } } }, 'bacde'],
    ['between properties', { address: { city: 'ASC' }, id: 'DESC' }, 'dbaec'],
  ])('%s', (_, order, expected) => {
    expect(sorted(order, people)).toBe(expected);
  });

  it.each<[string, unknown, string]>([
    [
      'an unknown part',
      { address: { town: 'ASC' } },
      'Person.address has no part "town" to order by. Known: city, zip,',
    ],
    [
      'the object as a whole',
      { address: 'ASC' },
      "Person.address: cannot order by a nested object. Order by parts of it: { address: { city: 'ASC' } }. Known: city,",
    ],
    ['no part', { address: {} }, 'Person.address: the order names no part. Known: city, zip,'],
    [
      'a part that has no order',
      { address: { lines: 'ASC' } },
      'Person.address.lines: cannot order by an array',
    ],
    ['an unknown direction', { address: { city: 'UP' } }, "Person.address.city: the order must be 'ASC'"],
    ['a class that class-transformer maps', { badge: { label: 'ASC' } }, 'Person.badge: cannot order by'],
    ['an array of objects', { former: { city: 'ASC' } }, 'Person.former: cannot order by an array'],
  ])('%s is refused', (_, order, message) => {
    const refused = refusal({ order });
    expect(refused.kind).toBe('invalid_options');
    expect(refused.message).toContain(message);
  });
});
