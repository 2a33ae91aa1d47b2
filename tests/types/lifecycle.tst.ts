import { describe, expect, test } from 'tstyche';
import type {
  DataSourceOptions,
  EntityManager,
  EntitySubscriberInterface,
  FieldMetadata,
  InsertEvent,
  LoadEvent,
  RemoveEvent,
  Repository,
  UpdateEvent,
} from '../../src/index.js';
import {
  BeforeInsert,
  DataSource,
  defineEntity,
  DustEntity,
  EventSubscriber,
  Field,
  field,
  Slug,
  slug,
} from '../../src/index.js';

@DustEntity('posts')
class Post {
  @Slug({ generated: () => 'a' }) id!: string;
  @Field() title!: string;

  @BeforeInsert() async prepare(): Promise<void> {
    await Promise.resolve();
  }
}

@EventSubscriber(Post)
class PostSubscriber implements EntitySubscriberInterface<Post> {
  listenTo() {
    return Post;
  }

  async beforeInsert(event: InsertEvent<Post>): Promise<void> {
    await event.manager.count(Post);
  }
}

@EventSubscriber()
class Needy implements EntitySubscriberInterface {
  constructor(readonly needed: Post) {}

  afterInsert(event: InsertEvent): void {
    this.needed.id = event.entityId ?? '';
  }
}

describe('subscribers', () => {
  test('are told of entities of their class', () => {
    expect<InsertEvent<Post>['entity']>().type.toBe<Post>();
    expect<UpdateEvent<Post>['databaseEntity']>().type.toBe<Post | undefined>();
    expect<UpdateEvent<Post>['updatedFields']>().type.toBe<readonly FieldMetadata[]>();
    expect<RemoveEvent<Post>['entity']>().type.toBe<Post | undefined>();
  });

  test('are given to a data source as instances, and as classes that need nothing', () => {
    type Subscribers = NonNullable<DataSourceOptions['subscribers']>;
    expect<Subscribers>().type.toBeAssignableFrom([PostSubscriber, new PostSubscriber()]);
    expect<Subscribers>().type.toBeAssignableFrom([new Needy(new Post())]);
    expect<Subscribers>().type.not.toBeAssignableFrom([Needy]);
    expect<Subscribers>().type.not.toBeAssignableFrom(['./subscribers/*.ts']);
  });
});

describe('a soft delete', () => {
  interface Kept {
    id: string;
    title: string;
    deletedAt?: Date | null;
  }
  const of = <T extends object>(): Repository<T> => undefined as never;
  const posts = of<Kept>();

  test('takes entities, and what has their slug', () => {
    expect(posts.softRemove({ id: 'a', title: 't' })).type.toBe<Promise<Kept>>();
    expect(posts.softRemove({ id: 'a' })).type.toBeAssignableTo<Promise<Kept>>();
    expect(posts.recover([{ id: 'a' }])).type.toBeAssignableTo<Promise<Kept[]>>();
    expect(posts.softRemove([of<Kept>() as never as Kept])).type.toBe<Promise<Kept[]>>();
    expect(posts.softRemove).type.not.toBeCallableWith({ titel: 'a' });
    expect(posts.softRemove).type.not.toBeCallableWith('a');
    const all = async <T extends Kept>(repository: Repository<T>, entity: T): Promise<T[]> => {
      await repository.softRemove(entity);
      return repository.recover([entity]);
    };
    expect(all(posts, { id: 'a', title: 't' })).type.toBe<Promise<Kept[]>>();
  });

  test('of the manager takes the same by class', () => {
    const manager: EntityManager = undefined as never;
    expect(manager.softRemove(Post, { id: 'a' })).type.toBe<Promise<Post>>();
    expect(manager.recover(Post, [{ id: 'a' }])).type.toBe<Promise<Post[]>>();
    expect(manager.softRemove<Post>).type.not.toBeCallableWith(Post, { titel: 'a' });
  });
});

describe('hooks of a defined class', () => {
  test('are given its entities', () => {
    defineEntity(
      'tags',
      { id: slug({ generated: 'uuid' }), label: field('string', { required: true }) },
      {
        hooks: {
          beforeInsert: (tag) => {
            expect(tag.label).type.toBe<string>();
          },
          afterLoad: [(tag) => expect(tag.id).type.toBe<string>()],
        },
      },
    );
  });

  test('are given what its base class has, too', () => {
    class Base {
      shown = '';
    }
    defineEntity(
      'tags',
      { id: slug(), label: field('string') },
      {
        extends: Base,
        hooks: {
          afterLoad: (tag) => {
            tag.shown = tag.label ?? '';
          },
        },
      },
    );
  });
});

describe('a subscriber', () => {
  test('may take the event of a load as optional, as those of TypeORM do', () => {
    class Loads implements EntitySubscriberInterface<Post> {
      listenTo() {
        return Post;
      }
      afterLoad(post: Post, event?: LoadEvent<Post>): void {
        post.title = event?.metadata.name ?? '';
      }
    }
    expect(DataSource).type.toBeConstructableWith({ entities: [Post], subscribers: [Loads] });
    expect<EntitySubscriberInterface>().type.toBeAssignableFrom<Loads>();
  });
});

describe('@Slug and slug', () => {
  test('take the kinds there are', () => {
    expect(Slug).type.toBeCallableWith({ generated: 'uuidv7' });
    expect(Slug).type.not.toBeCallableWith({ generated: 'increment' });
    expect(slug).type.not.toBeCallableWith({ generated: () => 7 });
  });
});
