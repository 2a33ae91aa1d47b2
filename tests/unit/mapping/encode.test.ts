import {
  CounterField,
  CreatedAtField,
  DustEntity,
  Field,
  SetField,
  Slug,
  UpdatedAtField,
  VersionField,
} from '../../../src/decorators/index.js';
import { createEntityMapper } from '../../../src/mapping/index.js';
import { buildEntityMetadata } from '../../../src/metadata/index.js';
import type { EncodedField } from '../../../src/metadata/types.js';
import { FixedClock, storedRecord } from './stored.js';

@DustEntity('links')
class Link {
  @Slug() slug!: string;
  @Field({ required: true }) title!: string;
  @Field('string', { default: 'none' }) note?: string | null | undefined;
  @Field({ type: 'json', default: () => ({ fresh: true }) }) meta?: unknown;
  @UpdatedAtField() updatedAt!: Date;
  @Field('integer', { nullable: false }) rank?: number;
  @CounterField() views!: number;
  @SetField('string') labels!: string[];
  @VersionField() version!: number;
  @CreatedAtField() createdAt!: Date;
}

const metadata = buildEntityMetadata(Link);
const NOW = '2026-01-02T03:04:05.006Z';

function setUp() {
  const clock = new FixedClock(Date.parse(NOW));
  return { clock, mapper: createEntityMapper(metadata, { clock }) };
}

const { mapper } = setUp();

const written = (fields: readonly EncodedField[] | undefined): [string, unknown][] | undefined =>
  fields?.map(({ field, value }) => [field.wireName, value]);

function load(value: Record<string, string | number | string[] | null>, target = mapper): Link {
  return target.hydrate(storedRecord(metadata, 'dust', { title: 'Dust', ...value }, 7)).entity!;
}

describe('slugOf', () => {
  it('is the slug property', () => {
    expect(mapper.slugOf({ slug: 'image/svg+xml' })).toBe('image/svg+xml');
  });

  it.each([
    [undefined, 'undefined'],
    [null, 'null'],
    ['', 'an empty string'],
    [5, 'the number 5'],
    ['\ud800', 'the string'],
  ])('refuses %j', (slug, found) => {
    expect(() => mapper.slugOf({ slug })).toThrow(
      expect.objectContaining({
        kind: 'invalid_value',
        property: 'slug',
        message: expect.stringContaining(found),
      }),
    );
  });
});

describe('encode for an insert', () => {
  it('fills in defaults and time stamps, in declaration order', () => {
    expect(written(mapper.encode({ slug: 'dust', title: 'Dust' }, 'insert'))).toEqual([
      ['title', 'Dust'],
      ['note', 'none'],
      ['meta', { fresh: true }],
      ['updatedAt', NOW],
      ['createdAt', NOW],
    ]);
  });

  it('leaves given values alone, null among them', () => {
    const createdAt = new Date(0);
    const encoded = mapper.encode(
      { title: 'Dust', note: null, meta: 1, createdAt, updatedAt: createdAt, views: 2, labels: [] },
      'insert',
    );
    expect(written(encoded)).toEqual([
      ['title', 'Dust'],
      ['note', null],
      ['meta', 1],
      ['updatedAt', '1970-01-01T00:00:00.000Z'],
      ['views', 2],
      ['labels', []],
      ['createdAt', '1970-01-01T00:00:00.000Z'],
    ]);
  });

  it('never writes the version or what is no field', () => {
    const encoded = mapper.encode({ title: 'Dust', version: 3, other: 1 }, 'insert');
    expect(encoded.map(({ field }) => field.propertyName)).not.toContain('version');
  });

  it('makes a default anew for each record', () => {
    const metaOf = () =>
      mapper.encode({ title: 'Dust' }, 'insert').find(({ field }) => field.wireName === 'meta')!.value;
    expect(metaOf()).not.toBe(metaOf());
  });
});

describe('encode for an update', () => {
  it('writes what is defined, and the time of the change', () => {
    expect(written(mapper.encode({ note: null, title: undefined }, 'update'))).toEqual([
      ['note', null],
      ['updatedAt', NOW],
    ]);
  });

  it('is empty when nothing is defined', () => {
    expect(mapper.encode({ slug: 'dust', title: undefined }, 'update')).toEqual([]);
  });

  it('keeps a time of the change that was given', () => {
    expect(written(mapper.encode({ title: 'x', updatedAt: new Date(0) }, 'update'))).toEqual([
      ['title', 'x'],
      ['updatedAt', '1970-01-01T00:00:00.000Z'],
    ]);
  });

  it.each([
    [{ views: 1 }, 'Link.views: a counter field changes through increment() and decrement() only'],
    [{ labels: ['a'] }, 'Link.labels: a set field changes through addTo() and removeFrom() only'],
  ])('refuses counters and sets: %j', (partial, text) => {
    expect(() => mapper.encode(partial, 'update')).toThrow(
      expect.objectContaining({ kind: 'invalid_value', message: expect.stringContaining(text) }),
    );
  });

  it('names class, property and place of a value that cannot be stored', () => {
    expect(() => mapper.encode({ meta: { tags: [1, 2, NaN] } }, 'update')).toThrow(
      expect.objectContaining({
        name: 'InvalidValueError',
        kind: 'invalid_value',
        entityName: 'Link',
        property: 'meta',
        message: 'Link.meta.tags[2]: expected a JSON value, found NaN. Nothing was written.',
      }),
    );
    expect(() => mapper.encode({ title: null }, 'update')).toThrow(
      'Link.title: expected a value (the field is required), found null.',
    );
    expect(() => mapper.encode({ rank: null }, 'update')).toThrow(
      'Link.rank: expected a value (the field is not nullable)',
    );
  });
});

describe('changedFields', () => {
  it('is undefined for an instance that was not loaded', () => {
    expect(mapper.changedFields(mapper.instantiate())).toBeUndefined();
    expect(mapper.changedFields(load({}, setUp().mapper))).toBeUndefined();
  });

  it('is empty for an instance as it was loaded', () => {
    expect(mapper.changedFields(load({ note: 'x', views: 3, labels: ['a'], updatedAt: NOW }))).toEqual([]);
    expect(mapper.changedFields(load({}))).toEqual([]);
  });

  it('finds what differs, and adds the time of the change', () => {
    const link = load({ note: 'x', updatedAt: '2025-01-01T00:00:00.000Z' });
    link.note = null;
    link.rank = 3;
    expect(written(mapper.changedFields(link))).toEqual([
      ['note', null],
      ['updatedAt', NOW],
      ['rank', 3],
    ]);
  });

  it('sees changes inside values', () => {
    const link = mapper.hydrate(
      storedRecord(metadata, 'dust', { title: 'Dust', meta: { list: [1] } }),
    ).entity!;
    (link.meta as { list: number[] }).list.push(2);
    expect(written(mapper.changedFields(link))?.[0]).toEqual(['meta', { list: [1, 2] }]);
  });

  it('does not take undefined for a change', () => {
    const link = load({ note: 'x' });
    link.note = undefined;
    expect(mapper.changedFields(link)).toEqual([]);
  });

  it('does not take another way of writing the same value for a change', () => {
    expect(mapper.changedFields(load({ createdAt: '2026-01-02T05:04:05+02:00' }))).toEqual([]);
  });

  it('does not take what the class itself gives a property for a change', () => {
    @DustEntity('a')
    class Initialised {
      @Slug() slug!: string;
      @Field('string') state = 'new';
    }
    const initialised = createEntityMapper(buildEntityMetadata(Initialised), { clock: new FixedClock() });
    const { entity } = initialised.hydrate({ slug: 'x', revision: 1, leaves: [] });
    expect(initialised.changedFields(entity!)).toEqual([]);
    entity!.state = 'old';
    expect(written(initialised.changedFields(entity!))).toEqual([['state', 'old']]);
  });

  it('keeps a time of the change that the program set', () => {
    const link = load({ updatedAt: '2025-01-01T00:00:00.000Z' });
    link.updatedAt = new Date(0);
    expect(written(mapper.changedFields(link))).toEqual([['updatedAt', '1970-01-01T00:00:00.000Z']]);
  });

  it('refuses counters and sets that differ', () => {
    const link = load({ views: 3 });
    link.views = 4;
    expect(() => mapper.changedFields(link)).toThrow(
      'Link.views: a counter field changes through increment()',
    );
    const other = load({});
    other.labels.push('a');
    expect(() => mapper.changedFields(other)).toThrow('Link.labels: a set field changes through addTo()');
  });
});

describe('encodeAll', () => {
  it('covers counters and sets, and renews the time of the change', () => {
    const link = load({ views: 3, labels: ['a'], createdAt: NOW, updatedAt: '2025-01-01T00:00:00.000Z' });
    expect(written(mapper.encodeAll(link, 'update'))).toEqual([
      ['title', 'Dust'],
      ['updatedAt', NOW],
      ['views', 3],
      ['labels', ['a']],
      ['createdAt', NOW],
    ]);
  });

  it('keeps a time of the change that the program set', () => {
    const link = load({ updatedAt: '2025-01-01T00:00:00.000Z' });
    link.updatedAt = new Date(0);
    expect(written(mapper.encodeAll(link, 'update'))).toContainEqual([
      'updatedAt',
      '1970-01-01T00:00:00.000Z',
    ]);
  });
});

it('stamps a new record with one moment, however long the encoding takes', () => {
  const clock = new FixedClock(0);
  clock.now = () => clock.time++;
  const ticking = createEntityMapper(metadata, { clock });
  const encoded = new Map(
    ticking.encode({ title: 'Dust' }, 'insert').map(({ field, value }) => [field.propertyName, value]),
  );
  expect(encoded.get('createdAt')).toBe('1970-01-01T00:00:00.000Z');
  expect(encoded.get('updatedAt')).toBe(encoded.get('createdAt'));
});

describe('what is remembered of an instance', () => {
  it('begins with hydrate and with markStored', () => {
    expect(mapper.revisionOf(load({}))).toBe(7);
    const link = mapper.instantiate();
    expect(mapper.revisionOf(link)).toBeUndefined();
    link.title = 'Dust';
    mapper.markStored(link, mapper.encode(link, 'insert'), 9);
    expect(mapper.revisionOf(link)).toBe(9);
    expect(mapper.changedFields(link)).toEqual([]);
  });

  it('has the properties filled in that the write filled in', () => {
    const link = mapper.instantiate();
    link.title = 'Dust';
    mapper.markStored(link, mapper.encode(link, 'insert'), 9);
    expect(link).toMatchObject({
      note: 'none',
      meta: { fresh: true },
      version: 9,
      createdAt: new Date(NOW),
      updatedAt: new Date(NOW),
    });
  });

  it('follows a save: new values, other fields as they were', () => {
    const { clock, mapper: own } = setUp();
    const link = load({ note: 'x', rank: 1, updatedAt: NOW }, own);
    clock.time += 1000;
    link.rank = 2;
    own.markStored(link, own.changedFields(link)!, 8);
    expect(own.changedFields(link)).toEqual([]);
    expect(link.updatedAt).toEqual(new Date(clock.time));
    expect(own.revisionOf(link)).toBe(8);
    link.note = 'y';
    expect(written(own.changedFields(link))?.[0]).toEqual(['note', 'y']);
  });

  it('does not bring back a property that was set to undefined', () => {
    const link = load({ note: 'x' });
    link.note = undefined;
    link.title = 'Other';
    mapper.markStored(link, mapper.changedFields(link)!, 8);
    expect(link.note).toBeUndefined();
  });

  it('forgets the other fields in mode map, where a write replaces the record', () => {
    @DustEntity({ prefix: 'a', mode: 'map' })
    class Whole {
      @Slug() slug!: string;
      @Field('string') a?: string | undefined;
      @Field('string') b?: string | undefined;
    }
    const whole = createEntityMapper(buildEntityMetadata(Whole), { clock: new FixedClock() });
    const { entity } = whole.hydrate(storedRecord(whole.metadata, 'x', { a: '1', b: '2' }));
    entity!.b = undefined;
    whole.markStored(entity!, whole.encodeAll(entity!, 'update'), 2);
    entity!.b = '2';
    expect(written(whole.changedFields(entity!))).toEqual([['b', '2']]);
  });

  it('ends with forget', () => {
    const link = load({});
    mapper.forget(link);
    mapper.forget(mapper.instantiate());
    expect(mapper.revisionOf(link)).toBeUndefined();
    expect(mapper.changedFields(link)).toBeUndefined();
  });

  it('cannot be seen, copied or prevented', () => {
    const link = load({});
    expect(Reflect.ownKeys(link).filter((key) => typeof key === 'symbol')).toEqual([]);
    expect(mapper.revisionOf(Object.assign(mapper.instantiate(), link))).toBeUndefined();
    const frozen = Object.freeze(mapper.instantiate());
    expect(() => mapper.forget(frozen)).not.toThrow();
  });
});

describe('encodeMember', () => {
  const labels = metadata.fieldByProperty.get('labels')!;

  it('encodes one member of a set', () => {
    expect(mapper.encodeMember(labels, 'a')).toBe('a');
  });

  it('refuses another type', () => {
    expect(() => mapper.encodeMember(labels, 5)).toThrow(
      'Link.labels: expected a string, found the number 5.',
    );
  });
});
