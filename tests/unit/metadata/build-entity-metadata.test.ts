import {
  CounterField,
  CreatedAtField,
  DustEntity,
  Field,
  SetField,
  Slug,
  VersionField,
} from '../../../src/decorators/index.js';
import { buildEntityMetadata } from '../../../src/metadata/index.js';

class Address {
  @Field({ required: true }) street!: string;
  @Field({ name: 'post-code' }) postCode?: string;
  @Field(() => [Address]) former?: Address[];
}

enum Colour {
  Red = 'red',
  Blue = 'blue',
}

@DustEntity({ prefix: ['reading', 'li/nks'], mode: 'flat', store: 'acme/reading' })
class Everything {
  @Slug() id!: string;
  @Field() string!: string;
  @Field() number!: number;
  @Field() boolean!: boolean;
  @Field() date!: Date;
  @Field() bigint!: bigint;
  @Field() bytes!: Uint8Array;
  @Field() buffer!: Buffer;
  @Field() nested!: Address;
  @Field(() => Address) nestedByThunk?: Address | null;
  @Field({ enum: Colour, required: true }) colour!: Colour;
  @Field({ enum: () => Colour, array: true }) colours!: Colour[];
  @Field('decimal', { nullable: false }) price!: string;
  @Field({ type: 'integer', array: true }) numbers!: number[];
  @Field(() => [String]) tags!: string[];
  @Field({ type: 'json', name: 'm/e~ta' }) meta: unknown;
  @CounterField() views!: number;
  @SetField('string') labels!: string[];
  @VersionField() version!: number;
  @CreatedAtField() createdAt!: Date;
}

const metadata = buildEntityMetadata(Everything);
const field = (property: string) => metadata.fieldByProperty.get(property)!;

describe('buildEntityMetadata', () => {
  it('resolves the entity', () => {
    expect(metadata).toMatchObject({
      target: Everything,
      name: 'Everything',
      prefix: ['reading', 'li/nks'],
      prefixPath: 'reading/li~1nks',
      mode: 'flat',
      store: 'acme/reading',
      slugProperty: 'id',
    });
    expect(metadata.fieldByProperty.has('id')).toBe(false);
  });

  it.each([
    ['string', 'string', false],
    ['number', 'float', false],
    ['boolean', 'boolean', false],
    ['date', 'date', false],
    ['bigint', 'bigint', false],
    ['bytes', 'bytes', false],
    ['buffer', 'bytes', false],
    ['nested', 'nested', false],
    ['nestedByThunk', 'nested', false],
    ['colour', 'enum', false],
    ['colours', 'enum', true],
    ['price', 'decimal', false],
    ['numbers', 'integer', true],
    ['tags', 'string', true],
    ['meta', 'json', false],
    ['views', 'float', false],
    ['labels', 'string', true],
    ['version', 'integer', false],
    ['createdAt', 'date', false],
  ])('gives %s the type %s', (property, type, array) => {
    expect(field(property)).toMatchObject({ type, array });
  });

  it('keeps the order of the source', () => {
    expect(metadata.fields.map(({ propertyName }) => propertyName).slice(0, 3)).toEqual([
      'string',
      'number',
      'boolean',
    ]);
    expect([...metadata.fieldByProperty.values()]).toEqual(metadata.fields);
  });

  it('escapes wire names and finds fields by them', () => {
    expect(field('meta')).toMatchObject({ wireName: 'm/e~ta', wireSegment: 'm~1e~0ta' });
    expect(metadata.fieldByWireSegment.get('m~1e~0ta')).toBe(field('meta'));
  });

  it('knows that the version is not on the wire', () => {
    expect(metadata.versionField).toBe(field('version'));
    expect(metadata.fieldByWireSegment.has('version')).toBe(false);
  });

  it('lets null be stored unless a field is required or says otherwise', () => {
    expect(field('string')).toMatchObject({ required: false, nullable: true });
    expect(field('colour')).toMatchObject({ required: true, nullable: false });
    expect(field('price')).toMatchObject({ required: false, nullable: false });
    expect(field('views').nullable).toBe(false);
  });

  it('resolves nested classes, also those that contain themselves', () => {
    const { nestedClass, nestedFields = [] } = field('nested');
    expect(nestedClass).toBe(Address);
    expect(nestedFields.map(({ wireName }) => wireName)).toEqual(['street', 'post-code', 'former']);
    expect(nestedFields[2]!.nestedFields).toBe(nestedFields);
    expect(field('nestedByThunk').nestedFields).toBe(nestedFields);
  });

  it('leaves nested classes without fields of their own to class-transformer', () => {
    class Plain {}
    @DustEntity('a')
    class A {
      @Slug() slug!: string;
      @Field(() => Plain) plain!: Plain;
    }
    expect(buildEntityMetadata(A).fields[0]).not.toHaveProperty('nestedFields');
  });

  it('names fields by the strategy, except those that name themselves', () => {
    class Nested {
      @Field() innerName!: string;
    }
    @DustEntity('a')
    class A {
      @Slug() slug!: string;
      @Field() addedAt!: Date;
      @Field({ name: 'keepThis' }) other!: string;
      @Field() nestedValue!: Nested;
    }
    const { fields } = buildEntityMetadata(A, { namingStrategy: 'snake_case' });
    expect(fields.map(({ wireName }) => wireName)).toEqual(['added_at', 'keepThis', 'nested_value']);
    expect(fields[2]!.nestedFields![0]!.wireName).toBe('inner_name');
  });

  it('works without any recorded type when every field has one', () => {
    class Unrecorded {}
    Slug()(Unrecorded.prototype as { slug?: string }, 'slug');
    Field('date')(Unrecorded.prototype as { at?: Date }, 'at');
    Field(() => Address)(Unrecorded.prototype, 'address');
    DustEntity('unrecorded')(Unrecorded);
    expect(buildEntityMetadata(Unrecorded).fields.map(({ type }) => type)).toEqual(['date', 'nested']);
  });

  describe('with base classes', () => {
    abstract class Base {
      @Slug() slug!: string;
      @Field() title!: string;
      @Field() note?: string;
    }
    abstract class Middle extends Base {
      @Field() middle!: number;
    }
    @DustEntity('derived')
    class Derived extends Middle {
      @Field('string', { name: 'heading', required: true }) override title = 'untitled';
      @Field() own!: boolean;
    }

    it('takes their fields first, and a redeclared one in its place', () => {
      const derived = buildEntityMetadata(Derived);
      expect(derived.slugProperty).toBe('slug');
      expect(derived.fields.map(({ propertyName }) => propertyName)).toEqual([
        'title',
        'note',
        'middle',
        'own',
      ]);
      expect(derived.fields[0]).toMatchObject({ wireName: 'heading', required: true });
    });

    it('does not let two subclasses see each other', () => {
      @DustEntity('other')
      class Other extends Base {
        @Field() title2!: string;
      }
      expect(buildEntityMetadata(Other).fields.map(({ propertyName }) => propertyName)).toEqual([
        'title',
        'note',
        'title2',
      ]);
    });

    it('lets a subclass of an entity be an entity of its own', () => {
      @DustEntity('special')
      class Special extends Derived {}
      expect(buildEntityMetadata(Special)).toMatchObject({ prefixPath: 'special', name: 'Special' });
      expect(buildEntityMetadata(Derived).prefixPath).toBe('derived');
    });
  });
});
