import { DustEntity, Field, Slug, Unique } from '../../../src/decorators/index.js';
import { defineEntity, field, slug } from '../../../src/define/index.js';
import * as es from '../../../src/es/index.js';
import { buildEntityMetadata } from '../../../src/metadata/index.js';
import type { FieldOptions } from '../../../src/metadata/index.js';
import { known } from '../define/known.js';

type Class = abstract new () => object;

const upgrade = { 2: (raw: object) => ({ ...raw }) };

function withField(options: object, entity: object = {}): Class {
  class Subject {
    @Slug() id!: string;
    @Field('string') other?: string;
  }
  Field(options as FieldOptions)(Subject.prototype, 'field');
  DustEntity({ prefix: 'subjects', ...entity })(Subject);
  return Subject;
}

const problemOf = (target: Class): string => {
  try {
    buildEntityMetadata(target);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('The class was accepted.');
};

describe('what a class says of records that older classes wrote', () => {
  it('is the same by all three fronts', () => {
    @DustEntity({ prefix: 'tasks', name: 'Task', version: 2, upgrade, versionName: '_v' })
    class Legacy {
      @Slug() id!: string;
      @Field('string', { required: true, from: ['name', 'text'] }) title!: string;
      @Field('integer', { default: 3, applyOnRead: true }) priority?: number;
    }
    const Defined = defineEntity(
      'tasks',
      {
        id: slug(),
        title: field('string', { required: true, from: ['name', 'text'] }),
        priority: field('integer', { default: 3, applyOnRead: true }),
      },
      { name: 'Task', version: 2, upgrade, versionName: '_v' },
    );
    class Standard {}
    const metadata = {};
    Object.defineProperty(Standard, (Reflect.get(Symbol, 'metadata') as symbol) ?? Symbol.for('none'), {
      value: metadata,
    });
    const apply = (decorator: unknown, name: string): void =>
      Reflect.apply(decorator as () => void, undefined, [
        undefined,
        { kind: 'field', name, static: false, private: false, metadata, addInitializer: () => undefined },
      ]);
    apply(es.Slug(), 'id');
    apply(es.Field('string', { required: true, from: ['name', 'text'] }), 'title');
    apply(es.Field('integer', { default: 3, applyOnRead: true }), 'priority');
    Reflect.apply(
      es.DustEntity({ prefix: 'tasks', name: 'Task', version: 2, upgrade, versionName: '_v' }),
      undefined,
      [Standard, { kind: 'class', name: 'Standard', metadata, addInitializer: () => undefined }] as never,
    );
    const expected = known(Legacy);
    expect(buildEntityMetadata(Legacy)).toMatchObject({
      schemaVersion: { number: 2, wireName: '_v', wireSegment: '_v', upgrades: new Map([[2, upgrade[2]]]) },
    });
    expect(buildEntityMetadata(Legacy).fieldByProperty.get('title')).toMatchObject({
      earlierNames: ['name', 'text'],
    });
    expect(known(Defined)).toEqual(expected);
    expect(known(Standard as never)).toEqual(expected);
  });

  it('leaves nothing in the metadata of a class that says nothing', () => {
    const { schemaVersion, fields } = buildEntityMetadata(withField({ type: 'string' }));
    expect(schemaVersion).toBeUndefined();
    for (const each of fields) {
      expect(Object.keys(each)).not.toContain('earlierNames');
      expect(Object.keys(each)).not.toContain('applyOnRead');
    }
  });

  it.each([
    [
      'a name that is none',
      { from: 'old' },
      {},
      "from takes the field's earlier names on the wire, as a list",
    ],
    ['a name that is empty', { from: [''] }, {}, "from takes the field's earlier names"],
    ['the name of another field', { from: ['other'] }, {}, 'from names "other", which is a name of other.'],
    ['its own name', { from: ['field'] }, {}, 'from names "field" which it has already. Leave it out.'],
    ['a name twice', { from: ['old', 'old'] }, {}, 'which it has already.'],
    [
      'the name of the version',
      { from: ['_schema'] },
      { version: 2 },
      "is the leaf with the record's version.",
    ],
    [
      'the leaf of the version',
      { name: '_schema' },
      { version: 1 },
      "is that of the leaf with the record's version",
    ],
    ['no default', { applyOnRead: true }, {}, 'applyOnRead needs a default to apply'],
    ['no boolean', { applyOnRead: 1, default: 1 }, {}, 'applyOnRead must be true or false.'],
    ['a version that is none', {}, { version: 0 }, 'its version must be an integer from 1 on.'],
    ['upgrades without a version', {}, { upgrade }, 'it has upgrade or versionName without a version.'],
    [
      'an upgrade beyond the version',
      {},
      { version: 1, upgrade },
      'it has an upgrade to 2. Upgrades lead to',
    ],
    ['an upgrade that is none', {}, { version: 2, upgrade: { 2: 'x' } }, 'its upgrade to 2 is no function.'],
    ['upgrades that are none', {}, { version: 2, upgrade: 'x' }, 'upgrade takes functions by version'],
    [
      'a name of the version that is none',
      {},
      { version: 2, versionName: '' },
      'its versionName must be a name',
    ],
    [
      'a reserved name of the version',
      {},
      { version: 2, versionName: '_type' },
      'the protocol reserves the name _type',
    ],
    ['uniqueness under two names', { from: ['old'], unique: true }, {}, 'it is unique and has from.'],
    [
      'uniqueness of a default',
      { default: 'x', applyOnRead: true, unique: true },
      {},
      'it is unique and has applyOnRead.',
    ],
  ])('is refused with %s', (_, options, entity, text) => {
    expect(problemOf(withField({ type: 'string', ...options }, entity))).toContain(text);
  });

  it('is refused in nested classes', () => {
    class Address {
      @Field('string', { from: ['town'] }) city?: string;
      @Field('string', { default: 'x', applyOnRead: true }) zip?: string;
    }
    const text = problemOf(withField({ type: () => Address }));
    expect(text).toContain('the nested class Address.city: from works on the fields of an entity only.');
    expect(text).toContain(
      'the nested class Address.zip: applyOnRead works on the fields of an entity only.',
    );
  });

  it('is refused where an index of several properties is unique', () => {
    const target = withField({ type: 'string', from: ['old'] });
    Unique(['other', 'field'])(target);
    expect(problemOf(target)).toContain('Subject.other, field: it is unique and has from.');
  });
});
