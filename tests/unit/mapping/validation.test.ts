import {
  IsArray,
  IsDate,
  IsDefined,
  IsInt,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  registerDecorator,
  Validate,
  ValidateIf,
  ValidateNested,
  ValidatorConstraint,
} from 'class-validator';
import * as classValidator from 'class-validator';
import fc from 'fast-check';
import {
  CounterField,
  CreatedAtField,
  DustEntity,
  Field,
  Slug,
  VersionField,
} from '../../../src/decorators/index.js';
import type { EntityValidationError, PropertyError } from '../../../src/mapping/index.js';
import { createValidator } from '../../../src/mapping/index.js';
import { planValidation, surelyValid } from '../../../src/mapping/validation/validation-plan.js';
import { buildEntityMetadata } from '../../../src/metadata/index.js';
import type { EntityClass } from '../../../src/metadata/types.js';

@DustEntity('links')
class Link {
  @Slug() @Length(1, 20) slug!: string;
  @Field({ required: true }) @Length(2, 10) title!: string;
  @Field({ required: true }) url!: string;
  @Field({ default: 'x' }) @IsString() @MinLength(1) kind?: string;
  @Field() @IsOptional() @MaxLength(5) note?: string;
  @Field('json') @IsDefined() meta?: unknown;
  @CounterField() @IsInt() views!: number;
  @VersionField() @IsInt() version!: number;
  @CreatedAtField() @IsDate() createdAt!: Date;
}

const validator = createValidator(buildEntityMetadata(Link));
const valid = { slug: 'dust', title: 'Dust', url: 'x', meta: 1 };

function link(values: object): Link {
  return Object.assign(new Link(), values);
}

async function errorsOf(promise: Promise<void> | undefined): Promise<EntityValidationError> {
  try {
    await promise;
  } catch (error) {
    return error as EntityValidationError;
  }
  throw new Error('The entity was accepted.');
}

const summary = (errors: PropertyError[]) =>
  Object.fromEntries(errors.map(({ property, constraints = {} }) => [property, Object.keys(constraints)]));

describe('validate', () => {
  it('resolves for a valid entity, and for a plain object that says the same', async () => {
    expect(await validator.validate(link(valid))).toBeUndefined();
    expect(await validator.validate(valid)).toBeUndefined();
  });

  it('rejects with everything that is wrong, and says which record', async () => {
    const error = await errorsOf(validator.validate(link({ ...valid, title: 'D', note: 'too long' })));
    expect(error).toMatchObject({
      name: 'EntityValidationError',
      kind: 'validation',
      entityName: 'Link',
      slug: 'dust',
    });
    expect(summary(error.errors)).toEqual({ title: ['isLength'], note: ['maxLength'] });
    expect(error.message).toBe(
      'Link "dust" is not valid; nothing was written:\n' +
        '  - title: title must be longer than or equal to 2 characters (isLength)\n' +
        '  - note: note must be shorter than or equal to 5 characters (maxLength)',
    );
  });

  it('reports required fields without a value, beside their rules', async () => {
    const missing = await errorsOf(validator.validate(link({ slug: 'dust', meta: 1, url: null })));
    expect(summary(missing.errors)).toEqual({ title: ['isRequired', 'isLength'], url: ['isRequired'] });
    expect(missing.errors[1]).toBeInstanceOf(classValidator.ValidationError);
    expect(missing.errors[1]).toMatchObject({ property: 'url', value: null, children: [] });
  });

  it('lets undefined be where the write fills in, or the store has, a value', async () => {
    const { errors } = await errorsOf(validator.validate(link({ ...valid, kind: '', views: 0.5 })));
    expect(summary(errors)).toEqual({ kind: ['minLength'], views: ['isInt'] });
  });

  it('skips what a partial update leaves out, and nothing else', async () => {
    expect(await validator.validate({ note: 'ok' }, { partial: true })).toBeUndefined();
    expect(await validator.validate(link({}), { partial: true })).toBeUndefined();
    const error = await errorsOf(
      validator.validate({ title: 'D', meta: null }, { partial: true, slug: 'a/b' }),
    );
    expect(summary(error.errors)).toEqual({ title: ['isLength'], meta: ['isDefined'] });
    expect(error.message).toMatch(/^Link "a\/b" is not valid/);
    expect(
      summary((await errorsOf(validator.validate({ title: null } as never, { partial: true }))).errors),
    ).toEqual({
      title: ['isRequired', 'isLength'],
    });
  });

  it('runs no initialisers and no constructor for a plain object', async () => {
    let made = 0;
    @DustEntity('a')
    class Counted {
      @Slug() slug!: string;
      @Field('string') @MinLength(3) state = 'x';
      constructor() {
        made++;
      }
    }
    await createValidator(buildEntityMetadata(Counted)).validate({ slug: 'a' }, { partial: true });
    expect(made).toBe(0);
  });

  it('accepts a class without any rule', async () => {
    @DustEntity('a')
    class Free {
      @Slug() slug!: string;
      @Field() title?: string;
    }
    expect(await createValidator(buildEntityMetadata(Free)).validate({ slug: 'a' })).toBeUndefined();
  });

  it('shows the first few of many, and the path of nested ones', async () => {
    class Address {
      @Field() @IsString() city!: string;
    }
    @DustEntity('a')
    class Nested {
      @Slug() slug!: string;
      @Field(() => [Address]) @ValidateNested({ each: true }) addresses!: Address[];
    }
    const addresses = Array.from({ length: 12 }, () => new Address());
    const { message, errors } = await errorsOf(
      createValidator(buildEntityMetadata(Nested)).validate({ addresses }),
    );
    expect(errors).toHaveLength(1);
    expect(message).toContain(
      'Nested is not valid; nothing was written:\n  - addresses[0].city: city must be a string (isString)',
    );
    expect(message).toMatch(/and 2 more$/);
  });

  it('waits for asynchronous rules, marked or not', async () => {
    @ValidatorConstraint({ async: true })
    class Marked {
      validate = async (value: unknown) => value === 'good';
      defaultMessage = () => 'must be good';
    }
    const unmarked = (target: object, propertyName: string) => {
      registerDecorator({
        name: 'unmarked',
        target: target.constructor,
        propertyName,
        options: {},
        validator: { validate: async (value: unknown) => value === 'good' },
      });
    };
    @DustEntity('a')
    class Slow {
      @Slug() slug!: string;
      @Field() @Validate(Marked) one!: string;
      @Field() @unmarked other!: string;
    }
    const slow = createValidator(buildEntityMetadata(Slow));
    expect(await slow.validate({ one: 'good', other: 'good' })).toBeUndefined();
    const { errors } = await errorsOf(slow.validate({ one: 'bad', other: 'bad' }));
    expect(errors.map(({ property }) => property)).toEqual(['one', 'other']);
  });
});

class Base {
  @IsString() @MinLength(2) name?: unknown;
  @IsOptional() @IsInt() inherited?: unknown;
}

class Rules extends Base {
  @IsDefined() declared?: unknown;
  @Length(2, 4) @Matches(/^a/) override name?: unknown = undefined;
  @IsOptional() @IsInt() @Min(0) @Max(9) age?: unknown;
  @ValidateIf((rules: Rules) => rules.age !== undefined) @IsString() reason?: unknown;
  @IsArray() @IsString({ each: true }) tags?: unknown;
  @Length(1, 3, { groups: ['admin'] }) grouped?: unknown;
  @IsInt({ validateIf: (_, value) => value !== 'skip' }) guarded?: unknown;
}

class Deep {
  @ValidateNested() inner?: unknown;
}

const planOf = (target: EntityClass) => planValidation(target, classValidator.getMetadataStorage());

describe('the precomputed plan', () => {
  const value = fc.oneof(
    fc.constantFrom<unknown>(
      undefined,
      null,
      '',
      'a',
      'ab',
      'abcde',
      'b',
      'skip',
      0,
      5,
      12,
      1.5,
      true,
      [],
      ['a'],
      [1],
      {},
    ),
    fc.constantFrom<unknown>(new Set(['a']), new Set([1]), new Map([['k', 'a']]), new Date(0)),
    fc.anything(),
  );
  const entity = fc.record(
    {
      name: value,
      inherited: value,
      declared: value,
      age: value,
      reason: value,
      tags: value,
      grouped: value,
      guarded: value,
    },
    { requiredKeys: [] },
  );
  const probable = fc.record(
    {
      name: fc.constantFrom('ab', 'abc', 'a'),
      inherited: fc.constantFrom<unknown>(1, null),
      declared: fc.constantFrom<unknown>(1, ''),
      age: fc.constantFrom<unknown>(3, undefined),
      reason: fc.constantFrom<unknown>('because', 3),
      tags: fc.constantFrom<unknown>(['a'], [], ['a', 1]),
      grouped: fc.constantFrom<unknown>('abc', 'abcd'),
      guarded: fc.constantFrom<unknown>('skip', 3, 'x'),
    },
    { requiredKeys: ['name', 'declared', 'tags', 'grouped', 'guarded'] },
  );

  it('accepts exactly what class-validator accepts', async () => {
    const plan = planOf(Rules)!;
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(fc.oneof(entity, probable), fc.boolean(), async (values, partial) => {
        const subject = Object.assign(new Rules(), values);
        const found = await classValidator.validate(subject, {
          forbidUnknownValues: false,
          skipUndefinedProperties: partial,
        });
        const read = subject as unknown as Record<string, unknown>;
        const errors = partial ? found.filter(({ property }) => read[property] !== undefined) : found;
        const verdict = surelyValid(plan, subject, () => partial);
        if (verdict) accepted++;
        expect(verdict).toBe(errors.length === 0);
      }),
      { numRuns: 3000 },
    );
    expect(accepted).toBeGreaterThan(100);
  });

  it('is not made for rules that need more than the value', () => {
    expect(planOf(Deep)).toBeUndefined();
    expect(planOf(class {})).toEqual([]);
  });
});
