import {
  CounterField,
  DustEntity,
  Field,
  SetField,
  Slug,
  VersionField,
} from '../../../src/decorators/index.js';
import { createEntityMapper } from '../../../src/mapping/index.js';
import type { RecordProblem } from '../../../src/mapping/index.js';
import { buildEntityMetadata } from '../../../src/metadata/index.js';
import type { JsonValue, Leaf } from '../../../src/protocol/values/value.js';
import { FixedClock, leavesOf, storedRecord } from './stored.js';

@DustEntity({ prefix: ['reading', 'links'] })
class Link {
  @Slug() slug!: string;
  @Field({ required: true }) title!: string;
  @Field('string') note?: string | null;
  @Field() addedAt?: Date;
  @Field('json') meta?: unknown;
  @Field('string', { array: true }) tags: string[] = ['initial'];
  @CounterField() views!: number;
  @SetField('string') labels!: string[];
  @VersionField() version!: number;
  @Field({ name: '__proto__' }) odd?: string;
}

const metadata = buildEntityMetadata(Link);
const mapper = createEntityMapper(metadata, { clock: new FixedClock() });

function hydrate(value: JsonValue, slug = 'dust', revision = 7): Link {
  const { entity, problem } = mapper.hydrate(storedRecord(metadata, slug, value, revision));
  if (entity === undefined) throw new Error(JSON.stringify(problem));
  return entity;
}

function problemOf(value: JsonValue): RecordProblem {
  const { problem } = mapper.hydrate(storedRecord(metadata, 'dust', value));
  if (problem === undefined) throw new Error('The record was accepted.');
  return problem;
}

function leaf(path: string, value: JsonValue): Leaf {
  return { path, value, type: 'string', revision: 1 };
}

describe('hydrate', () => {
  it('makes an instance of the class with its fields, slug and version', () => {
    const link = hydrate({ title: 'Dust', note: null, addedAt: '2026-01-02T03:04:05.000Z', views: 3 });
    expect(link).toBeInstanceOf(Link);
    expect(link).toMatchObject({
      slug: 'dust',
      title: 'Dust',
      note: null,
      addedAt: new Date('2026-01-02T03:04:05Z'),
      views: 3,
      version: 7,
    });
  });

  it('keeps what the class gives a property that the record lacks', () => {
    const link = hydrate({ title: 'Dust' });
    expect(link.tags).toEqual(['initial']);
    expect(link.note).toBeUndefined();
    expect(link.meta).toBeUndefined();
  });

  it('reads a missing counter as 0 and a missing set as empty', () => {
    const link = hydrate({ title: 'Dust' });
    expect(link.views).toBe(0);
    expect(link.labels).toEqual([]);
    link.labels.push('changed');
    expect(hydrate({ title: 'Dust' }).labels).toEqual([]);
  });

  it.each(['image/svg+xml', '~tilde', '.', '..', '*', '__proto__', 'größe 👋', 'a b'])(
    'finds the fields of %j',
    (slug) => {
      expect(hydrate({ title: 'Dust', meta: { a: { b: 1 } } }, slug)).toMatchObject({
        slug,
        title: 'Dust',
        meta: { a: { b: 1 } },
      });
    },
  );

  it('does not need the leaves in any order', () => {
    const record = storedRecord(metadata, 'dust', {
      title: 'Dust',
      note: 'x',
      tags: ['a'],
      meta: { a: 1, b: { c: 2 } },
    });
    const { entity } = mapper.hydrate({ ...record, leaves: record.leaves.toReversed() });
    expect(entity).toMatchObject({ title: 'Dust', note: 'x', tags: ['a'], meta: { a: 1, b: { c: 2 } } });
  });

  it('treats a field named __proto__ as data', () => {
    const link = hydrate(JSON.parse('{"title":"Dust","__proto__":"odd"}') as JsonValue);
    expect(link.odd).toBe('odd');
    expect(Object.getPrototypeOf(link)).toBe(Link.prototype);
  });

  it('assembles json from its leaves, which win over a leaf at the field itself', () => {
    const record = storedRecord(metadata, 'dust', { title: 'Dust', meta: { a: { 'x/y': 1 }, b: [] } });
    const both = { ...record, leaves: [leaf('reading/links/dust/meta', 'old'), ...record.leaves] };
    expect(mapper.hydrate(record).entity!.meta).toEqual({ a: { 'x/y': 1 }, b: [] });
    expect(mapper.hydrate(both).entity!.meta).toEqual({ a: { 'x/y': 1 }, b: [] });
    expect(hydrate({ title: 'Dust', meta: [1, {}] }).meta).toEqual([1, {}]);
    expect(hydrate({ title: 'Dust', meta: { _type: 'json', _typed: { a: {} } } }).meta).toEqual({ a: {} });
  });

  it('hands out values of its own', () => {
    const meta = Object.freeze([Object.freeze({ a: 1 })]);
    const link = hydrate({ title: 'Dust', meta });
    (link.meta as { a: number }[])[0]!.a = 2;
    expect(meta).toEqual([{ a: 1 }]);
  });

  it('lists the leaves that no field claims, and reads the rest', () => {
    const leaves = [
      leaf('reading/links/dust', 'stray'),
      ...leavesOf('reading/links/dust', { title: 'Dust', unknown: { deep: 1, deeper: 2 }, version: 3 }),
      leaf('reading/links/dust/title/below', 'x'),
    ];
    const { entity, unrecognised } = mapper.hydrate({ slug: 'dust', leaves, revision: 1 });
    expect(entity?.title).toBe('Dust');
    expect(unrecognised).toEqual(['', 'unknown', 'version', 'title/below']);
    expect(mapper.hydrate(storedRecord(metadata, 'dust', { title: 'Dust' }))).not.toHaveProperty(
      'unrecognised',
    );
  });

  it('says what is missing', () => {
    expect(problemOf({ note: 'x', heading: 'Dust' })).toEqual({
      slug: 'dust',
      missing: ['title'],
      unrecognised: ['heading'],
      malformed: [],
    });
    expect(problemOf({ title: null }).missing).toEqual(['title']);
    expect(problemOf({ title: { text: 'Dust' } })).toMatchObject({
      missing: ['title'],
      unrecognised: ['title/text'],
    });
  });

  it('says what does not fit, and never throws for it', () => {
    expect(problemOf({ title: 5, addedAt: 'soon', tags: ['a', 1] })).toEqual({
      slug: 'dust',
      missing: [],
      unrecognised: [],
      malformed: [
        { field: 'title', reason: 'expected a string, found the number 5' },
        { field: 'addedAt', reason: 'expected an ISO 8601 date, found the string "soon"' },
        { field: 'tags', reason: '[1]: expected a string, found the number 1' },
      ],
    });
  });

  it('says so when the class cannot be made without arguments', () => {
    class Demanding {
      @Slug() slug!: string;
      @Field('string') title: string;
      constructor(options: { title: string }) {
        this.title = options.title;
      }
    }
    Reflect.apply(DustEntity('demanding'), undefined, [Demanding]);
    const demanding = createEntityMapper(buildEntityMetadata(Demanding), { clock: new FixedClock() });
    expect(() => demanding.instantiate()).toThrow(
      'Demanding: its constructor threw when called without arguments',
    );
  });

  describe('decode', () => {
    const field = (property: string) => metadata.fieldByProperty.get(property)!;
    const { leaves } = storedRecord(metadata, 'a/b', { title: 'Dust', addedAt: 'soon', meta: { a: 1 } });

    it('gives the value of one field', () => {
      expect(mapper.decode(field('title'), leaves)).toBe('Dust');
      expect(mapper.decode(field('meta'), leaves)).toEqual({ a: 1 });
      expect(mapper.decode(field('note'), leaves)).toBeUndefined();
      expect(mapper.decode(field('note'), [])).toBeUndefined();
    });

    it('refuses a stored value that does not fit', () => {
      expect(() => mapper.decode(field('addedAt'), leaves)).toThrow(
        expect.objectContaining({
          kind: 'invalid_record',
          message: 'Link.addedAt: the store holds the string "soon", expected an ISO 8601 date.',
        }),
      );
    });
  });
});
