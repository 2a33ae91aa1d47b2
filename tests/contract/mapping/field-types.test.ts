import type { ValueTransformer } from '../../../src/index.js';
import { CreatedAtField, DustEntity, Field, Slug, UpdatedAtField } from '../../../src/index.js';
import type { NamingStrategy, StorageMode } from '../../../src/metadata/types.js';
import { describeContract } from '../describe-contract.js';
import { MODES } from '../entities.js';

enum Level {
  Low = 1,
  High = 2,
}

const upperCase: ValueTransformer<string, string> = {
  to: (value) => value.toUpperCase(),
  from: (value) => value.toLowerCase(),
};

class Address {
  @Field() street!: string;
  @Field({ type: 'integer' }) number?: number;
  @Field() since?: Date;
}

function defineSample(prefix: string[], mode: StorageMode) {
  @DustEntity({ prefix, mode })
  class Sample {
    @Slug() slug!: string;
    @Field() string?: string;
    @Field({ type: 'integer' }) integer?: number;
    @Field({ type: 'float' }) float?: number;
    @Field() boolean?: boolean;
    @Field() date?: Date;
    @Field({ type: 'bigint' }) bigint?: bigint;
    @Field({ type: 'decimal' }) decimal?: string;
    @Field({ type: 'bytes' }) bytes?: Uint8Array;
    @Field({ type: 'json' }) json?: unknown;
    @Field({ enum: Level }) level?: Level;
    @Field({ enum: ['red', 'green'] }) colour?: 'red' | 'green';
    @Field(() => Address) address?: Address;
    @Field(() => Address, { array: true }) addresses?: Address[];
    @Field({ type: 'string', array: true }) strings?: string[];
    @Field({ type: 'date', array: true }) dates?: Date[];
    @Field({ type: 'bigint', array: true }) bigints?: bigint[];
    @Field({ type: 'string', nullable: true }) nothing?: string | null;
    @Field({ transformer: upperCase }) shouted?: string;
    @Field({ name: 'other.name' }) renamed?: string;
  }
  return Sample;
}

function defineStamped(prefix: string[], mode: StorageMode) {
  @DustEntity({ prefix, mode })
  class Stamped {
    @Slug() slug!: string;
    @Field() text?: string;
    @Field({ default: 'draft' }) status?: string;
    @Field({ type: 'string', array: true, default: () => ['new'] }) labels?: string[];
    @CreatedAtField() createdAt?: Date;
    @UpdatedAtField() updatedAt?: Date;
  }
  return Stamped;
}

type Sample = InstanceType<ReturnType<typeof defineSample>>;

function defineNamed(prefix: string[], mode: StorageMode) {
  @DustEntity({ prefix, mode })
  class Named {
    @Slug() slug!: string;
    @Field() firstName?: string;
    @Field({ name: 'explicit' }) lastName?: string;
  }
  return Named;
}

const address = (street: string, number: number): Address =>
  Object.assign(new Address(), { street, number, since: new Date(Date.UTC(2020, 1, 29)) });

/** Property, value, and what stands in the store for it. */
const ROUND_TRIPS: readonly [keyof Sample, unknown, unknown][] = [
  ['string', 'text', 'text'],
  ['string', '', ''],
  ['string', '\u0000 é 日本 😀 \uffff', '\u0000 é 日本 😀 \uffff'],
  ['integer', 0, 0],
  ['integer', -7, -7],
  ['integer', Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  ['float', 1.5, 1.5],
  ['float', -1e-300, -1e-300],
  // Written as integers, these could be packed by no 0.1 server (PROTOCOL §8); the readers of the next rows catch up on them.
  ['float', 9e20, 9e20],
  ['float', -9e20, -9e20],
  ['float', 2 ** 64, 2 ** 64],
  ['float', -(2 ** 63), -(2 ** 63)],
  ['float', 1e21, 1e21],
  ['boolean', false, false],
  ['date', new Date(Date.UTC(2026, 0, 2, 3, 4, 5, 678)), '2026-01-02T03:04:05.678Z'],
  ['date', new Date(-1), '1969-12-31T23:59:59.999Z'],
  ['bigint', 123456789012345678901234567890n, '123456789012345678901234567890'],
  ['bigint', -1n, '-1'],
  ['decimal', '0.10', '0.10'],
  ['decimal', '-12345678901234567890.123456789', '-12345678901234567890.123456789'],
  ['bytes', new Uint8Array([0, 255, 128]), 'AP+A'],
  ['bytes', new Uint8Array(), ''],
  ['json', { a: [1, { b: null }], c: 'd' }, { a: [1, { b: null }], c: 'd' }],
  ['json', [], []],
  ['json', { deep: [9e20, { er: 2 ** 70 }] }, { deep: [9e20, { er: 2 ** 70 }] }],
  ['json', 'text', 'text'],
  ['json', { 'a/b': 1, 'c~d': 2, '*': 3, e: { 'f.g': 4 } }, { 'a/b': 1, 'c~d': 2, '*': 3, e: { 'f.g': 4 } }],
  ['json', [{ deep: {} }], [{ deep: {} }]],
  ['level', Level.High, 2],
  ['colour', 'green', 'green'],
  [
    'address',
    address('High Street', 1),
    { street: 'High Street', number: 1, since: '2020-02-29T00:00:00.000Z' },
  ],
  ['addresses', [address('A', 1)], [{ street: 'A', number: 1, since: '2020-02-29T00:00:00.000Z' }]],
  ['addresses', [], []],
  ['strings', ['b', 'a', 'b'], ['b', 'a', 'b']],
  ['strings', [], []],
  ['dates', [new Date(0)], ['1970-01-01T00:00:00.000Z']],
  ['bigints', [1n, 2n], ['1', '2']],
  ['nothing', null, null],
  ['shouted', 'quiet', 'QUIET'],
];

describeContract('field types', (context) => {
  describe.each(MODES)('in %s mode', (mode) => {
    it.each(ROUND_TRIPS.map((row, i) => [`${i}: ${row[0]}`, ...row] as const))(
      'row %s is stored as the protocol says and reads back the same',
      async (_, property, value, expected) => {
        const prefix = context.uniquePrefix();
        const entity = defineSample(prefix, mode);
        const samples = (await context.connect([entity])).getRepository(entity);
        await samples.insert({ slug: 'a', [property]: value });

        const other = await context.otherWriter();
        expect((await other.get(`${prefix.join('/')}/a/${property}`))?.value).toEqual(expected);
        const found = await samples.findOneByOrFail({ slug: 'a' });
        expect(found[property]).toEqual(value);
      },
    );

    it('nested values are instances of their classes', async () => {
      const entity = defineSample(context.uniquePrefix(), mode);
      const samples = (await context.connect([entity])).getRepository(entity);
      await samples.insert({ slug: 'a', address: address('A', 1), addresses: [address('B', 2)] });
      const found = await samples.findOneByOrFail({ slug: 'a' });
      expect(found.address).toBeInstanceOf(Address);
      expect(found.addresses?.[0]).toBeInstanceOf(Address);
      expect(found.address?.since).toBeInstanceOf(Date);
    });

    it('a nested object keeps what it is not given, and a JSON value does not', async () => {
      const prefix = context.uniquePrefix();
      const entity = defineSample(prefix, mode);
      const samples = (await context.connect([entity])).getRepository(entity);
      await samples.insert({ slug: 'a', address: address('A', 1), json: { old: 1, both: 1 } });
      await samples.update('a', {
        address: Object.assign(new Address(), { street: 'B' }),
        json: { both: 2 },
      });
      const other = await context.otherWriter();
      const { address: storedAddress, json } = (await other.get(`${prefix.join('/')}/a`))?.value as Record<
        string,
        unknown
      >;
      expect({ address: storedAddress, json }).toMatchObject({ address: { street: 'B', number: 1 } });
      expect(json).toEqual({ both: 2 });
    });

    it('replacing an object by a scalar, and back, leaves nothing of the old value', async () => {
      const prefix = context.uniquePrefix();
      const entity = defineSample(prefix, mode);
      const samples = (await context.connect([entity])).getRepository(entity);
      const other = await context.otherWriter();
      await samples.insert({ slug: 'a', string: 's', json: { deep: { er: 1 } } });
      for (const json of ['scalar', { x: { y: 1 } }, [1], null]) {
        await samples.update('a', { json });
        expect((await samples.findOneByOrFail({ slug: 'a' })).json).toEqual(json);
        expect((await other.get(`${prefix.join('/')}/a/json`))?.value).toEqual(json);
      }
      const leaves = await other.subtree(`${prefix.join('/')}/a/json`);
      expect(leaves).toHaveLength(1);
    });

    it.each<[string, unknown]>([
      ['an empty object', {}],
      ['empty objects inside', { a: {}, b: 1, c: { d: {} } }],
      ['what a store would take for a file of its own', { _type: 'file', hash: 'x' }],
      ['what a store would take for a typed value', { _type: 'decimal', _typed: '1' }],
      ['what a server would take for a wrapper', { _json: 1 }],
      ['what a snapshot would take for a wrapper', { _scalar: 1 }],
    ])('json that a store would not keep as it is comes back as it was: %s', async (_, json) => {
      const entity = defineSample(context.uniquePrefix(), mode);
      const samples = (await context.connect([entity])).getRepository(entity);
      await samples.insert({ slug: 'a', json });
      expect((await samples.findOneByOrFail({ slug: 'a' })).json).toEqual(json);
      await samples.update('a', { json: { plain: 1 } });
      expect((await samples.findOneByOrFail({ slug: 'a' })).json).toEqual({ plain: 1 });
    });

    it('keys named like members of objects are data', async () => {
      const entity = defineSample(context.uniquePrefix(), mode);
      const samples = (await context.connect([entity])).getRepository(entity);
      const json: unknown = JSON.parse(
        '{"__proto__":{"polluted":1},"constructor":{"prototype":2},"toString":3}',
      );
      await samples.insert({ slug: 'a', json });
      const found = await samples.findOneByOrFail({ slug: 'a' });
      expect(JSON.parse(JSON.stringify(found.json))).toEqual(json);
      expect(Object.keys(found.json as object).sort()).toEqual(['__proto__', 'constructor', 'toString']);
      expect({}).not.toHaveProperty('polluted');
    });

    it('a field is stored under its explicit name, which may hold any character', async () => {
      const prefix = context.uniquePrefix();
      const entity = defineSample(prefix, mode);
      const samples = (await context.connect([entity])).getRepository(entity);
      await samples.insert({ slug: 'a', renamed: 'r' });
      const other = await context.otherWriter();
      expect((await other.get(`${prefix.join('/')}/a`))?.value).toEqual({ 'other.name': 'r' });
      expect(await samples.findOneBy({ renamed: 'r' })).toMatchObject({ slug: 'a' });
    });

    it.each<[string, NamingStrategy, Record<string, string>]>([
      ['preserve', 'preserve', { firstName: 'f', explicit: 'l' }],
      ['snake_case', 'snake_case', { first_name: 'f', explicit: 'l' }],
      ['a function', (name) => `x-${name}`, { 'x-firstName': 'f', explicit: 'l' }],
    ])(
      'the naming strategy %s names the fields that have no name of their own',
      async (_, namingStrategy, expected) => {
        const prefix = context.uniquePrefix();
        const entity = defineNamed(prefix, mode);
        const named = (await context.connect([entity], { namingStrategy })).getRepository(entity);
        await named.insert({ slug: 'a', firstName: 'f', lastName: 'l' });
        const other = await context.otherWriter();
        expect((await other.get(`${prefix.join('/')}/a`))?.value).toEqual(expected);
        expect(await named.findOneBy({ firstName: 'f' })).toMatchObject({
          slug: 'a',
          firstName: 'f',
          lastName: 'l',
        });
      },
    );

    it.each<[keyof Sample, unknown]>([
      ['integer', 1.5],
      ['integer', 'text'],
      ['float', NaN],
      ['float', Infinity],
      ['date', new Date(NaN)],
      ['bigint', 'not a number'],
      ['decimal', 'abc'],
      ['bytes', 'text'],
      ['json', () => 1],
      ['json', Symbol('s')],
      ['json', { '': 1 }],
      ['level', 3],
      ['colour', 'blue'],
      ['strings', 'text'],
    ])('%s refuses %p, naming class and property, and nothing is written', async (property, value) => {
      const prefix = context.uniquePrefix();
      const entity = defineSample(prefix, mode);
      const samples = (await context.connect([entity])).getRepository(entity);
      const before = await context.stateOf(prefix);
      await expect(samples.insert({ slug: 'a', string: 's', [property]: value })).rejects.toMatchObject({
        kind: expect.stringMatching(/^(invalid_value|validation)$/),
        message: expect.stringMatching(new RegExp(`Sample.*${property}`, 's')),
      });
      expect(await context.stateOf(prefix)).toEqual(before);
    });

    it('a cycle is refused', async () => {
      const entity = defineSample(context.uniquePrefix(), mode);
      const samples = (await context.connect([entity])).getRepository(entity);
      const json: Record<string, unknown> = {};
      json.self = json;
      await expect(samples.insert({ slug: 'a', json })).rejects.toMatchObject({
        kind: 'validation',
        message: expect.stringContaining('cycle'),
      });
      expect(await samples.count()).toBe(0);
    });

    it('an insert fills in defaults and time stamps, an update the time of the change', async () => {
      const entity = defineStamped(context.uniquePrefix(), mode);
      const stamped = (await context.connect([entity])).getRepository(entity);
      const created = new Date(context.clock.now());
      const saved = await stamped.save(stamped.create({ slug: 'a', text: 'one' }));
      expect(saved).toMatchObject({
        status: 'draft',
        labels: ['new'],
        createdAt: created,
        updatedAt: created,
      });
      await stamped.insert({ slug: 'b', status: 'given', labels: [] });
      expect(await stamped.findOneBy({ slug: 'b' })).toMatchObject({ status: 'given', labels: [] });

      await context.clock.advance(1000);
      const updated = new Date(context.clock.now());
      await stamped.update('a', { text: 'two' });
      expect(await stamped.findOneBy({ slug: 'a' })).toMatchObject({
        createdAt: created,
        updatedAt: updated,
      });

      await context.clock.advance(1000);
      const loaded = await stamped.findOneByOrFail({ slug: 'a' });
      loaded.status = 'done';
      await stamped.save(loaded);
      const expected = {
        text: 'two',
        status: 'done',
        createdAt: created,
        updatedAt: new Date(context.clock.now()),
      };
      expect(loaded).toMatchObject(expected);
      expect(await stamped.findOneBy({ slug: 'a' })).toMatchObject(expected);
    });
  });
});
