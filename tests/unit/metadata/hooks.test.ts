import {
  AfterLoad,
  BeforeInsert,
  BeforeUpdate,
  DustEntity,
  EntityMetadataError,
  Field,
  Slug,
} from '../../../src/index.js';
import { buildEntityMetadata } from '../../../src/metadata/index.js';

abstract class Base {
  @Slug() id!: string;
  @Field('string') title?: string;
  @BeforeInsert() first(): void {
    this.title = 'first';
  }
  @BeforeInsert() overridden(): void {
    this.title = 'base';
  }
}

@DustEntity('posts')
class Post extends Base {
  @BeforeInsert() @BeforeUpdate() own(): void {
    this.title = 'own';
  }
  @BeforeInsert() override overridden(): void {
    this.title = 'post';
  }
}

@DustEntity('plain')
class Plain {
  @Slug() id!: string;
  @Field('string') title?: string;
}

const problemsOf = (target: new () => object): readonly string[] => {
  try {
    buildEntityMetadata(target);
    return [];
  } catch (error) {
    if (!(error instanceof EntityMetadataError)) throw error;
    return error.problems.map(({ property = '', text }) => `${property}: ${text}`);
  }
};

describe('the hooks of a class', () => {
  it('are those of its base classes first, each method once', () => {
    expect(buildEntityMetadata(Post).hooks).toEqual({
      beforeInsert: ['first', 'overridden', 'own'],
      beforeUpdate: ['own'],
    });
  });

  it('are absent where there are none', () => {
    expect(buildEntityMetadata(Plain)).not.toHaveProperty('hooks');
  });

  it('stand on methods of instances', () => {
    @DustEntity('odd')
    class Odd extends Plain {
      @AfterLoad() arrow = (): void => undefined;
      @AfterLoad() static shared(): void {
        Odd.name.trim();
      }
    }
    expect(problemsOf(Odd)).toEqual([
      'arrow: it is no method. Put @AfterLoad on a method, such as arrow() { … }.',
      'shared: it is static, and @AfterLoad belongs on a method of instances.',
    ]);
  });

  it('are refused in nested classes', () => {
    class Inner {
      @Field('string') name?: string;
      @BeforeInsert() prepare(): void {
        this.name = 'x';
      }
    }
    @DustEntity('outer')
    class Outer extends Plain {
      @Field(() => Inner) inner?: Inner;
    }
    expect(problemsOf(Outer)).toEqual([expect.stringContaining('hooks of nested values are not called')]);
  });

  it('have parentheses', () => {
    const uncalled = BeforeInsert as unknown as (target: object, property: string) => unknown;
    expect(() => uncalled(Plain.prototype, 'title')).toThrow('@BeforeInsert lacks its parentheses');
  });
});
