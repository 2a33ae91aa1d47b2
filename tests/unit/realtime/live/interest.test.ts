import {
  Between,
  DeletedAtField,
  DustEntity,
  Field,
  In,
  IsNull,
  LessThan,
  Not,
  Slug,
} from '../../../../src/index.js';
import { buildEntityMetadata } from '../../../../src/metadata/index.js';
import type { FindManyOptions, FindWhere } from '../../../../src/query/index.js';
import { compileQuery } from '../../../../src/query/index.js';
import type { Pin } from '../../../../src/realtime/live/interest.js';
import { areKnown, keyIn, pinsOf } from '../../../../src/realtime/live/interest.js';
import { thingMetadata } from '../../query/metadata.js';
import type { Thing } from '../../query/metadata.js';

const metadata = thingMetadata();

const pins = (where?: FindWhere<Thing>) =>
  pinsOf(compileQuery(metadata, where === undefined ? {} : { where }))?.map((pin) =>
    'slugs' in pin ? pin.slugs : [pin.leafPath, ...pin.keys],
  );
const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);

describe('what pins a query', () => {
  it.each<[string, FindWhere<Thing> | undefined, unknown]>([
    ['nothing where nothing is asked', undefined, undefined],
    ['the slugs, whatever else is asked', { slug: In(['a', 'b']), title: 'x' }, [['a', 'b']]],
    ['a value', { title: 'x' }, [['title', 'string x']]],
    ['nothing', { title: IsNull() }, [['title', 'object null']]],
    [
      'the property of the fewest values, the later',
      { count: In([1, 2, 3]), title: In(['x', 'y']) },
      [['title', 'string x', 'string y']],
    ],
    [
      'the property of the fewest values, the earlier',
      { title: In(['x', 'y']), count: In([1, 2, 3]) },
      [['title', 'string x', 'string y']],
    ],
    ['the first of equals', { title: 'x', count: 1 }, [['title', 'string x']]],
    ['one of each alternative', [{ title: 'x' }, { slug: 'a' }], [['title', 'string x'], ['a']]],
    ['nothing where an alternative is open', [{ title: 'x' }, { count: LessThan(5) }], undefined],
    ['nothing by a range', { count: Between(1, 5) }, undefined],
    ['nothing by what may not be', { title: Not('x') }, undefined],
    ['the other property where one is open', { count: LessThan(5), title: 'x' }, [['title', 'string x']]],
  ])('is %s', (_, where, expected) => {
    expect(pins(where)).toEqual(expected);
  });

  it('is no property with more than 1000 values', () => {
    expect(pins({ count: In(numbers(1000)) })?.[0]).toHaveLength(1001);
    expect(pins({ count: In(numbers(1001)) })).toBeUndefined();
  });

  it('is not that a record is not deleted, which nearly every record meets', () => {
    @DustEntity('softs')
    class Soft {
      @Slug() slug!: string;
      @Field('string') title?: string;
      @DeletedAtField() deletedAt?: Date | null;
    }
    const soft = buildEntityMetadata<Soft>(Soft);
    const leavesOf = (options: FindManyOptions<Soft>) =>
      pinsOf(compileQuery(soft, options))?.map((pin) => ('slugs' in pin ? pin.slugs : pin.leafPath));
    expect(leavesOf({})).toBeUndefined();
    expect(leavesOf({ where: { title: In(['x', 'y']) } })).toEqual(['title']);
    expect(leavesOf({ where: { deletedAt: IsNull() }, withDeleted: true })).toEqual(['deletedAt']);
    expect(leavesOf({ where: { slug: 'a' } })).toEqual([['a']]);
  });

  it('is known before records are read where it is slugs alone', () => {
    const of = (where: FindWhere<Thing>): readonly Pin[] => pinsOf(compileQuery(metadata, { where }))!;
    expect(areKnown(of({ slug: 'a' }))).toBe(true);
    expect(areKnown(of({ title: 'x' }))).toBe(false);
    expect(areKnown(of([{ slug: 'a' }, { title: 'x' }]))).toBe(false);
  });
});

describe('the key of a record under a property', () => {
  const keyUnder = (where: FindWhere<Thing>, thing: object): [boolean, string | undefined] => {
    const [pin] = pinsOf(compileQuery(metadata, { where }))!;
    if (pin === undefined || 'slugs' in pin) throw new TypeError('no property is pinned');
    const key = keyIn(pin.property, thing);
    return [key !== undefined && pin.keys.includes(key), key];
  };

  it.each<[FindWhere<Thing>, object]>([
    [{ title: 'x' }, { title: 'x' }],
    [{ title: IsNull() }, { title: null }],
    [{ title: IsNull() }, {}],
    [{ price: '1.50' }, { price: '1.5' }],
    [{ price: '10' }, { price: '10.0' }],
    [{ data: new Uint8Array([1, 2]) }, { data: Buffer.from([1, 2]) }],
    [{ count: 1 }, { count: 1 }],
    [{ at: new Date(5) }, { at: new Date(5) }],
    [{ big: 5n }, { big: 5n }],
    [{ open: true }, { open: true }],
  ])('is that of an equal value: %p', (where, thing) => {
    expect(keyUnder(where, thing)[0]).toBe(true);
  });

  it.each<[FindWhere<Thing>, object]>([
    [{ title: 'x' }, { title: 'y' }],
    [{ title: 'null' }, { title: null }],
    [{ title: 'null' }, {}],
    [{ price: '1.5' }, { price: '1.51' }],
    [{ price: '1.5' }, {}],
    [{ data: new Uint8Array([1, 2]) }, { data: new Uint8Array([2, 1]) }],
    [{ count: 1 }, { count: 2 }],
  ])('is another one than that of another: %p', (where, thing) => {
    expect(keyUnder(where, thing)[0]).toBe(false);
  });
});
