import { DustEntity, Field, Ref, Slug } from '../../../src/decorators/index.js';
import { buildEntityMetadata, EntityMetadataError } from '../../../src/metadata/index.js';
import type { EntityClass, ReferenceOptions } from '../../../src/metadata/index.js';

@DustEntity('targets')
class Target {
  @Slug() id!: string;
  @Field('string') name?: string;
}

class NoEntity {
  @Slug() id!: string;
}

@DustEntity('anonymous')
class NoSlug {
  @Field('string') name?: string;
}

function problemsOf(target: EntityClass): string[] {
  try {
    buildEntityMetadata(target);
  } catch (error) {
    if (error instanceof EntityMetadataError) {
      return error.problems.map(({ property = '', text }) => `${property}: ${text}`);
    }
    throw error;
  }
  return [];
}

/** An entity with one reference, given whatever a program without types might give. */
function withReference(target: unknown, options?: unknown, property = 'targetId'): EntityClass {
  class Subject {
    @Slug() id!: string;
    @Field('string') title?: string;
    getTarget(): undefined {
      return undefined;
    }
  }
  const decorate = Ref(target as () => EntityClass, options as ReferenceOptions & { array?: false });
  decorate(Subject.prototype as object, property);
  DustEntity('subjects')(Subject);
  return Subject;
}

describe('references', () => {
  it('are string fields with a target', () => {
    @DustEntity('subjects')
    class Subject {
      @Slug() id!: string;
      @Ref(() => Target, { required: true, name: 'target_id', index: true }) targetId!: string;
      @Ref(() => [Target]) otherIds?: string[];
      @Ref(() => Target, { array: true, as: 'readers', nullable: false }) readBy?: string[];
      @Ref(() => Subject, { as: 'above', unique: true }) parent?: string | null;
    }
    const { references, fieldByProperty, indexes } = buildEntityMetadata(Subject);
    expect(references).toEqual([
      { property: 'targetId', as: 'target', target: Target, array: false },
      { property: 'otherIds', as: 'others', target: Target, array: true },
      { property: 'readBy', as: 'readers', target: Target, array: true },
      { property: 'parent', as: 'above', target: Subject, array: false },
    ]);
    expect(fieldByProperty.get('targetId')).toMatchObject({
      type: 'string',
      array: false,
      required: true,
      wireName: 'target_id',
      role: 'plain',
    });
    expect(fieldByProperty.get('otherIds')).toMatchObject({ type: 'string', array: true, nullable: true });
    expect(fieldByProperty.get('readBy')).toMatchObject({ array: true, nullable: false });
    expect(indexes.map(({ properties, definition }) => [properties, definition.unique])).toEqual([
      [['targetId'], false],
      [['parent'], true],
    ]);
  });

  it('are inherited, and gone where the property is declared again as something else', () => {
    abstract class Base {
      @Slug() id!: string;
      @Ref(() => Target) targetId?: string | null;
      @Ref(() => Target) otherId?: string | null;
    }
    @DustEntity('subjects')
    class Subject extends Base {
      @Field('string') override otherId?: string | null = null;
    }
    expect(buildEntityMetadata(Subject).references.map(({ as }) => as)).toEqual(['target']);
  });

  it.each([
    ['a class that is no entity', () => NoEntity, undefined, 'it refers to NoEntity, which is not an entity'],
    ['a class without a slug', () => NoSlug, undefined, 'it refers to NoSlug, which has no slug'],
    ['a class itself', Target, undefined, 'Write it as a function that returns it: () => Target.'],
    ['nothing', undefined, undefined, 'it names no class. Write it as @Ref(() => Customer)'],
    ['a class that is not loaded', () => undefined, undefined, 'returned undefined. The class is not loaded'],
    [
      'a function that throws',
      () => {
        throw new Error('too early');
      },
      undefined,
      'threw: too early',
    ],
    ['no class', () => 'Target', undefined, 'did not return a class'],
    ['two classes', () => [Target, Target], undefined, 'did not return a class'],
    ['the name of a field', () => Target, { as: 'title' }, 'would be in title, which is a stored field'],
    ['the name of the slug', () => Target, { as: 'id' }, 'would be in id, which is the slug'],
    ['the name of a method', () => Target, { as: 'getTarget' }, 'that cannot be: it is a method'],
    ['no name', () => Target, { as: '' }, 'as is no name of a property'],
    ['something else as a name', () => Target, { as: 7 }, 'as is no name of a property'],
    ['an unknown option', () => Target, { cascade: true }, '@Ref has no option "cascade"'],
    ['an option of fields that it lacks', () => Target, { select: false }, '@Ref has no option "select"'],
    ['no options', () => Target, null, '@Ref takes an object of options'],
  ])('refuse %s', (_, target, options, text) => {
    expect(problemsOf(withReference(target, options)).join('\n')).toContain(`targetId: `);
    expect(problemsOf(withReference(target, options)).join('\n')).toContain(text);
  });

  it('want a name for what they fill where their own says none', () => {
    expect(problemsOf(withReference(() => Target, {}, 'owner'))).toEqual([
      'owner: its name ends in neither Id nor Ids, so nothing says which property its target is to be in. Name one: { as: "owner" }.',
    ]);
    expect(problemsOf(withReference(() => Target, {}, 'Id'))).toHaveLength(1);
  });

  it('fill a property each', () => {
    @DustEntity('subjects')
    class Subject {
      @Slug() id!: string;
      @Ref(() => Target) targetId?: string;
      @Ref(() => Target, { as: 'target' }) other?: string;
    }
    expect(problemsOf(Subject)).toEqual([
      'other: its target would be in target, and so would that of targetId. Choose another with { as: "…" }.',
    ]);
  });

  it('say where a list lacks its brackets', () => {
    class Subject {
      @Slug() id!: string;
      // @ts-expect-error: a reference is one slug
      @Ref(() => Target) targetIds?: string[];
    }
    DustEntity('subjects')(Subject);
    expect(problemsOf(Subject).join()).toContain('Add array: true to the options');
  });

  it('stand in entities', () => {
    class Part {
      @Ref(() => Target) targetId?: string;
    }
    @DustEntity('subjects')
    class Subject {
      @Slug() id!: string;
      @Field(() => Part) part?: Part;
    }
    expect(problemsOf(Subject)).toEqual([expect.stringContaining('@Ref works in an entity only')]);
  });

  it('cannot go without parentheses', () => {
    expect(() => {
      (Ref as unknown as (target: object, property: string) => void)({}, 'targetId');
    }).toThrow('@Ref lacks its parentheses. Write @Ref(() => Customer).');
  });
});
