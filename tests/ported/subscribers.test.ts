import type {
  EntitySubscriberInterface,
  InsertEvent,
  LoadEvent,
  RemoveEvent,
  Repository,
  UpdateEvent,
} from '../../src/index.js';
import { CounterField, DataSource, DustEntity, EventSubscriber, Field, Slug } from '../../src/index.js';

/** What TypeORM's documentation says of subscribers. */

abstract class Content {
  @Slug() id!: string;
  @Field('string') title?: string | null;
}

@DustEntity('posts')
class Post extends Content {
  @Field('string') search?: string | null;
  @CounterField() likes!: number;
  shown?: string;
}

@DustEntity('notes')
class Note extends Content {}

let calls: string[] = [];
let failing: string | undefined;

function note(call: string): void {
  calls.push(call);
  if (call === failing) throw new Error(`${call} will not have it`);
}

class PostSubscriber implements EntitySubscriberInterface<Post> {
  inserts: InsertEvent<Post>[] = [];
  updates: UpdateEvent<Post>[] = [];
  removals: RemoveEvent<Post>[] = [];

  listenTo() {
    return Post;
  }

  afterLoad(entity: Post, event: LoadEvent<Post>): void {
    note(`afterLoad ${entity.id}`);
    entity.shown = `${event.metadata.name} ${event.entity.id}`;
  }

  async beforeInsert(event: InsertEvent<Post>): Promise<void> {
    await Promise.resolve();
    note(`beforeInsert ${event.entityId ?? 'without id'}`);
    event.entity.search = event.entity.title?.toLowerCase() ?? null;
    this.inserts.push(event);
  }

  afterInsert(event: InsertEvent<Post>): void {
    note(`afterInsert ${event.entityId ?? ''}`);
    this.inserts.push(event);
  }

  beforeUpdate(event: UpdateEvent<Post>): void {
    note(`beforeUpdate ${event.entityId ?? 'without id'}`);
    if (event.entity.title !== undefined) event.entity.search = event.entity.title?.toLowerCase() ?? null;
    this.updates.push(event);
  }

  afterUpdate(event: UpdateEvent<Post>): void {
    note(`afterUpdate ${event.entityId ?? 'without id'}`);
    this.updates.push(event);
  }

  beforeRemove(event: RemoveEvent<Post>): void {
    note(`beforeRemove ${event.entityId ?? 'without id'}`);
    this.removals.push(event);
  }

  afterRemove(event: RemoveEvent<Post>): void {
    note(`afterRemove ${event.entityId ?? 'without id'}`);
    this.removals.push(event);
  }
}

/** Hears of everything. */
@EventSubscriber()
class Everything implements EntitySubscriberInterface {
  afterInsert({ metadata, entityId }: InsertEvent): void {
    note(`${metadata.name} ${entityId ?? ''}`);
  }
}

@EventSubscriber(Note)
class OfNotes implements EntitySubscriberInterface<Note> {
  afterInsert({ entity }: InsertEvent<Note>): void {
    note(`note ${entity.id}`);
  }
}

@EventSubscriber(Content)
class OfContents implements EntitySubscriberInterface<Content> {
  afterInsert({ entity }: InsertEvent<Content>): void {
    note(`content ${entity.id}`);
  }
}

describe('subscribers', () => {
  let dataSource: DataSource;
  let posts: Repository<Post>;
  let subscriber: PostSubscriber;

  beforeEach(async () => {
    failing = undefined;
    subscriber = new PostSubscriber();
    dataSource = new DataSource({ entities: [Post, Note], subscribers: [subscriber], logging: false });
    await dataSource.initialize();
    posts = dataSource.getRepository(Post);
    calls = [];
  });

  afterEach(() => dataSource.destroy());

  const loaded = async (): Promise<Post> => {
    await posts.insert({ id: 'a', title: 'Ann' });
    const post = await posts.findOneByOrFail({ id: 'a' });
    calls = [];
    return post;
  };
  const refused = (work: Promise<unknown>): Promise<void> => expect(work).rejects.toThrow(/will not have it/);

  it('are called before and after an insert', async () => {
    await posts.save({ id: 'a', title: 'Ann' });
    expect(calls).toEqual(['beforeInsert a', 'afterInsert a']);
  });

  it('have what they change before an insert written', async () => {
    await posts.insert({ id: 'a', title: 'Ann' });
    expect((await posts.findOneByOrFail({ id: 'a' })).search).toBe('ann');
  });

  it('are given the entity, its class and a manager', async () => {
    const post = posts.create({ id: 'a', title: 'Ann' });
    await posts.save(post);
    const [before, after] = subscriber.inserts;
    expect(before?.entity).toBe(post);
    expect(after?.entity).toBe(post);
    expect(before?.manager).toBe(dataSource.manager);
    expect(before?.metadata.target).toBe(Post);
  });

  it('may write further entities by the manager', async () => {
    dataSource.subscribers.push({
      afterInsert: async ({ manager, metadata }: InsertEvent) => {
        if (metadata.name === 'Post') await manager.insert(Note, { id: 'n', title: 'of a post' });
      },
    });
    await posts.save({ id: 'a', title: 'Ann' });
    expect(await dataSource.manager.existsBy(Note, { id: 'n' })).toBe(true);
  });

  it('are called before and after an update of an entity', async () => {
    const post = await loaded();
    post.title = 'Eve';
    await posts.save(post);
    expect(calls).toEqual(['beforeUpdate a', 'afterUpdate a']);
  });

  it('see the entity as it was, and which fields have changed', async () => {
    const post = await loaded();
    post.title = 'Eve';
    await posts.save(post);
    const [before, after] = subscriber.updates;
    expect(before?.databaseEntity).toBeInstanceOf(Post);
    expect(before?.databaseEntity).toMatchObject({ id: 'a', title: 'Ann', search: 'ann' });
    expect(before?.databaseEntity).not.toBe(post);
    expect(before?.updatedFields.map(({ propertyName }) => propertyName)).toEqual(['title']);
    expect(after?.databaseEntity).toMatchObject({ title: 'Ann' });
    expect(after?.updatedFields.map(({ propertyName }) => propertyName)).toEqual(['title', 'search']);
  });

  it('see the entity as it was when it was saved last', async () => {
    const post = await loaded();
    post.title = 'Eve';
    await posts.save(post);
    post.title = 'Zoe';
    await posts.save(post);
    expect(subscriber.updates.at(-1)?.databaseEntity).toMatchObject({ id: 'a', title: 'Eve', search: 'eve' });
  });

  it('see a record that an older class wrote as the entity that it is now', async () => {
    @DustEntity({
      prefix: 'old',
      version: 2,
      upgrade: { 2: (raw) => ({ ...raw, title: `${raw.title as string}!` }) },
    })
    class Old extends Content {
      @Field('string') search?: string | null;
    }
    const titles: unknown[] = [];
    const heard: EntitySubscriberInterface<Old> = {
      beforeUpdate: ({ databaseEntity }) => void titles.push(databaseEntity?.title),
    };
    await using older = await new DataSource({
      entities: [Old],
      subscribers: [heard],
      logging: false,
    }).initialize();
    await older.transport.set('old/a/title', 'first');
    const old = await older.manager.findOneByOrFail(Old, { id: 'a' });
    await older.manager.save(Object.assign(old, { search: 'x' }));
    await older.manager.save(Object.assign(old, { search: 'y' }));
    expect(titles).toEqual(['first!', 'first!']);
  });

  it('see no stored entity of one that was not loaded', async () => {
    await loaded();
    await posts.save({ id: 'a', title: 'Eve' });
    expect(subscriber.updates[0]?.databaseEntity).toBeUndefined();
    expect(subscriber.updates[0]?.entity).toMatchObject({ id: 'a', title: 'Eve' });
    expect((await posts.findOneByOrFail({ id: 'a' })).search).toBe('eve');
  });

  it('are not called on save of an entity that has not changed', async () => {
    await posts.save(await loaded());
    expect(calls).toEqual([]);
  });

  it('are called before and after a removal', async () => {
    const post = await loaded();
    await posts.remove(post);
    expect(calls).toEqual(['beforeRemove a', 'afterRemove a']);
    expect(subscriber.removals.map(({ entity }) => entity)).toEqual([post, post]);
    expect(subscriber.removals[1]?.databaseEntity).toMatchObject({ title: 'Ann' });
  });

  it('are called by update once, with the values that are given', async () => {
    await loaded();
    await posts.insert({ id: 'b', title: 'Ann' });
    calls = [];
    const partial = { title: 'Eve' };
    await posts.update({ title: 'Ann' }, partial);
    expect(calls).toEqual(['beforeUpdate without id', 'afterUpdate without id']);
    expect(subscriber.updates[0]?.databaseEntity).toBeUndefined();
    expect(subscriber.updates[0]?.updatedFields).toEqual([]);
    expect(partial).toEqual({ title: 'Eve' });
  });

  it('have what they change in the values of an update written', async () => {
    await loaded();
    await posts.update('a', { title: 'Eve' });
    expect(await posts.findOneByOrFail({ id: 'a' })).toMatchObject({ title: 'Eve', search: 'eve' });
  });

  it('are told the slug by update where the values give it', async () => {
    await loaded();
    await posts.update('a', { id: 'a', title: 'Eve' });
    expect(calls).toEqual(['beforeUpdate a', 'afterUpdate a']);
  });

  it('are called by delete once, without an entity', async () => {
    await loaded();
    await posts.delete({ title: 'Ann' });
    expect(calls).toEqual(['beforeRemove without id', 'afterRemove without id']);
    expect(subscriber.removals.map(({ entity }) => entity)).toEqual([undefined, undefined]);
  });

  it('are not called by increment and clear', async () => {
    await loaded();
    await posts.increment('a', 'likes', 1);
    await posts.clear();
    expect(calls).toEqual([]);
  });

  it('are called for each entity that is loaded', async () => {
    await loaded();
    await posts.insert({ id: 'b' });
    calls = [];
    const found = await posts.find();
    expect(calls).toEqual(['afterLoad a', 'afterLoad b']);
    expect(found.map(({ shown }) => shown)).toEqual(['Post a', 'Post b']);
  });

  it('are called in a batch', async () => {
    const post = await loaded();
    await dataSource.manager.batch((batch) => {
      batch.insert(Post, { id: 'b' });
      batch.update(Post, 'b', { title: 'Bob' });
      batch.remove(post);
      batch.delete(Post, 'b');
    });
    expect(calls).toEqual([
      'beforeInsert b',
      'beforeUpdate without id',
      'beforeRemove a',
      'beforeRemove without id',
      'afterInsert b',
      'afterUpdate without id',
      'afterRemove a',
      'afterRemove without id',
    ]);
  });

  it.each<[string, (repository: Repository<Post>) => Promise<unknown>]>([
    ['beforeInsert b', (repository) => repository.insert({ id: 'b' })],
    ['beforeUpdate without id', (repository) => repository.update('a', { title: 'x' })],
    ['beforeRemove without id', (repository) => repository.delete('a')],
  ])('that throw in %s stop the write', async (call, write) => {
    await loaded();
    failing = call;
    await refused(write(posts));
    failing = undefined;
    expect(await posts.find({ select: { id: true, title: true } })).toEqual([
      expect.objectContaining({ id: 'a', title: 'Ann' }),
    ]);
  });

  it('that throw after a write fail the call, with the write done', async () => {
    failing = 'afterInsert b';
    await refused(posts.insert({ id: 'b' }));
    failing = undefined;
    expect(await posts.existsBy({ id: 'b' })).toBe(true);
  });

  it('are called behind the listeners of the entity, in their order', async () => {
    dataSource.subscribers.push({ beforeInsert: () => note('second') });
    await posts.insert({ id: 'a' });
    expect(calls).toEqual(['beforeInsert a', 'second', 'afterInsert a']);
  });

  it('stop being called when they are taken out', async () => {
    dataSource.subscribers.splice(0);
    await posts.insert({ id: 'a', title: 'Ann' });
    await posts.find();
    expect(calls).toEqual([]);
  });

  it('may be given to a data source that is open, as providers do', async () => {
    class Provider implements EntitySubscriberInterface<Note> {
      constructor(source: DataSource) {
        source.subscribers.push(this);
      }
      listenTo() {
        return Note;
      }
      beforeInsert({ entity }: InsertEvent<Note>): void {
        entity.title = 'by a provider';
      }
    }
    const provider = new Provider(dataSource);
    await dataSource.manager.insert(Note, { id: 'n' });
    expect(dataSource.subscribers).toContain(provider);
    expect((await dataSource.manager.findOneByOrFail(Note, { id: 'n' })).title).toBe('by a provider');
  });
});

describe('subscribers of the options', () => {
  const openWith = (subscribers: unknown): Promise<DataSource> =>
    new DataSource({
      entities: [Post, Note],
      subscribers: subscribers as never,
      logging: false,
    }).initialize();

  it('may be classes, which are made once', async () => {
    await using dataSource = await openWith([Everything, OfNotes]);
    expect(dataSource.subscribers.map(({ constructor }) => constructor)).toEqual([Everything, OfNotes]);
    await dataSource.destroy();
    await dataSource.initialize();
    expect(dataSource.subscribers).toHaveLength(2);
  });

  it('listen to one class, to all, or to those that extend a class', async () => {
    await using dataSource = await openWith([Everything, OfNotes, OfContents]);
    calls = [];
    await dataSource.manager.insert(Post, { id: 'p', title: 'x' });
    expect(calls).toEqual(['Post p', 'content p']);
    calls = [];
    await dataSource.manager.insert(Note, { id: 'n', title: 'x' });
    expect(calls).toEqual(['Note n', 'note n', 'content n']);
  });

  it.each<[string, unknown, RegExp]>([
    ['no array', {}, /subscribers .*array/],
    ['a path', ['./subscribers/*.ts'], /subscribers\[0\].*a class or an instance/],
    ['one that listens to queries', [{ beforeQuery: () => 1, afterInsert: () => 1 }], /beforeQuery/],
    ['one that listens to nothing', [class Idle {}], /Idle has none of the methods/],
    [
      'a class that needs arguments',
      [
        class Needy {
          constructor(of: object) {
            Reflect.get(of, 'x');
          }
        },
      ],
      /Needy cannot be made/,
    ],
  ])('are refused when they are %s', (_, subscribers, text) => {
    expect(() => new DataSource({ entities: [Post], subscribers: subscribers as never })).toThrow(text);
  });

  it('are named by @EventSubscriber with parentheses', () => {
    expect(() => EventSubscriber(PostSubscriber as never)).toThrow(/lacks its parentheses/);
  });
});
