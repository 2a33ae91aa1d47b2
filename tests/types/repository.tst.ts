import type { Observable } from 'rxjs';
import { describe, expect, test } from 'tstyche';
import type {
  BatchResult,
  DataSource,
  DustFile,
  EntityEvent,
  EntityManager,
  FindManyOptions,
  InsertResult,
  LiveOptions,
  OpenedFile,
  UpdateResult,
} from '../../src/index.js';
import { IsNull, Repository } from '../../src/index.js';

class Link {
  slug!: string;
  title!: string;
  note?: string | null;
  addedAt?: Date;
  views!: number;
  tags!: string[];
  seen!: ReadonlySet<number>;
  icon?: DustFile;

  host(): string {
    return this.title;
  }
}

class Other {
  slug!: string;
  weight!: number;
}

declare const dust: DataSource;
declare const manager: EntityManager;
declare const links: Repository<Link>;
declare const link: Link;
declare const other: Other;

describe('getRepository', () => {
  test('is typed by the class', () => {
    expect(dust.getRepository(Link)).type.toBe<Repository<Link>>();
    expect(manager.getRepository(Link)).type.toBe<Repository<Link>>();
    expect(links).type.not.toBeAssignableTo<Repository<Other>>();
  });
});

describe('one or several', () => {
  test('create', () => {
    expect(links.create()).type.toBe<Link>();
    expect(links.create({ slug: 'a', note: undefined })).type.toBe<Link>();
    expect(links.create([{ slug: 'a' }])).type.toBe<Link[]>();
    expect(links.create).type.not.toBeCallableWith({ slugg: 'a' });
    expect(links.create).type.not.toBeCallableWith({ title: 1 });
  });

  test('save', () => {
    expect(links.save(link)).type.toBe<Promise<Link>>();
    expect(links.save({ slug: 'a', title: 't' })).type.toBe<Promise<Link>>();
    expect(links.save([link, { slug: 'b' }])).type.toBe<Promise<Link[]>>();
    expect(links.save(link, { ifMatch: links.revisionOf(link) })).type.toBe<Promise<Link>>();
    expect(links.save).type.not.toBeCallableWith(link, { ifmatch: 1 });
    expect(links.save).type.not.toBeCallableWith({ slug: 'a', weight: 1 });
  });

  test('remove', () => {
    expect(links.remove(link)).type.toBe<Promise<Link>>();
    expect(links.remove([link])).type.toBe<Promise<Link[]>>();
    expect(links.remove).type.not.toBeCallableWith(other);
  });

  test('insert', () => {
    expect(links.insert({ slug: 'a' }, { ifAbsent: true })).type.toBe<Promise<InsertResult>>();
    expect(links.insert([{ slug: 'a' }, link])).type.toBe<Promise<InsertResult>>();
    expect(links.insert).type.not.toBeCallableWith({ slug: 'a' }, { ifMatch: 1 });
  });
});

describe('update and delete', () => {
  test('take a slug, slugs or a where', () => {
    expect(links.update('a', { note: null })).type.toBe<Promise<UpdateResult>>();
    expect(links.update).type.toBeCallableWith(['a', 'b'], { note: undefined });
    expect(links.update).type.toBeCallableWith({ note: IsNull() }, { title: 't' }, { ifMatch: 1 });
    expect(links.delete).type.toBeCallableWith([{ title: 'a' }, { title: 'b' }]);
    expect(links.update).type.not.toBeCallableWith(7, { note: null });
    expect(links.update).type.not.toBeCallableWith({ nope: 1 }, { note: null });
    expect(links.update).type.not.toBeCallableWith('a', { nope: 1 });
    expect(links.update).type.not.toBeCallableWith('a', { title: null });
    expect(links.delete).type.not.toBeCallableWith(undefined);
  });
});

describe('fields with operations of their own', () => {
  test('increment takes numbers', () => {
    expect(links.increment).type.toBeCallableWith('a', 'views', 1);
    expect(links.increment).type.not.toBeCallableWith('a', 'title', 1);
    expect(links.increment).type.not.toBeCallableWith('a', 'views', '1');
  });

  test('addTo takes members of that set', () => {
    expect(links.addTo<'tags'>).type.toBeCallableWith('a', 'tags', 'x');
    expect(links.addTo<'seen'>).type.toBeCallableWith('a', 'seen', 7);
    expect(links.addTo<'tags'>).type.not.toBeCallableWith('a', 'tags', 7);
    expect(links.removeFrom<'seen'>).type.not.toBeCallableWith('a', 'seen', 'x');
    expect(links.addTo).type.not.toBeCallableWith('a', 'views', 7);
  });

  test('putFile and openFile take file properties', () => {
    expect(links.putFile).type.toBeCallableWith('a', 'icon', new Uint8Array(), { filename: 'f' });
    expect(links.putFile).type.not.toBeCallableWith('a', 'title', 'x', { filename: 'f' });
    expect(links.putFile).type.not.toBeCallableWith('a', 'addedAt', 'x', { filename: 'f' });
    expect(links.putFile).type.not.toBeCallableWith('a', 'icon', 'x', {});
    expect(links.openFile('a', 'icon')).type.toBe<Promise<OpenedFile | null>>();
  });
});

describe('reads and Observables', () => {
  test('give entities', () => {
    expect(links.find({ where: { note: IsNull() }, take: 3 })).type.toBe<Promise<Link[]>>();
    expect(links.findOneBy({ slug: 'a' })).type.toBe<Promise<Link | null>>();
    expect(links.findOneByOrFail({ slug: 'a' })).type.toBe<Promise<Link>>();
    expect(links.findAndCount()).type.toBe<Promise<[Link[], number]>>();
    expect(links.preload({ slug: 'a' })).type.toBe<Promise<Link | undefined>>();
    expect(links.find).type.not.toBeCallableWith({ relations: ['x'] });
    expect(links.findOne).type.not.toBeCallableWith();
    links.events().subscribe((event) => {
      expect(event).type.toBe<EntityEvent<Link>>();
      if (event.type === 'upserted') expect(event.entity).type.toBe<Link>();
    });
    links.live().subscribe((list) => {
      expect(list).type.toBe<Link[]>();
    });
    links.liveOne('a').subscribe((one) => {
      expect(one).type.toBe<Link | null>();
    });
    expect<LiveOptions<Link>>().type.not.toBeAssignableFrom({ signal: new AbortController().signal });
  });
});

describe('extend', () => {
  test('adds methods and types this', () => {
    const extended = links.extend({
      findUnread(limit: number) {
        expect(this.target).type.toBe<typeof links.target>();
        return this.find({ where: { note: IsNull() }, take: limit });
      },
      async countUnread() {
        const unread: Link[] = await this.findUnread(10);
        return unread.length;
      },
    });
    expect(extended.findUnread(3)).type.toBe<Promise<Link[]>>();
    expect(extended.countUnread()).type.toBe<Promise<number>>();
    expect(extended.findUnread).type.not.toBeCallableWith('3');
    expect(extended).type.toBeAssignableTo<Repository<Link>>();

    const twice = extended.extend({
      async hasUnread() {
        return (await this.countUnread()) > 0;
      },
    });
    expect(twice.hasUnread()).type.toBe<Promise<boolean>>();
    expect(twice.findUnread(1)).type.toBe<Promise<Link[]>>();
  });

  test('keeps the type of a class that extends Repository', () => {
    class Links extends Repository<Link> {
      first(): Promise<Link | null> {
        return this.findOneBy({ slug: 'first' });
      }
    }
    const extended = new Links(Link, manager).extend({
      again() {
        return this.first();
      },
    });
    expect(extended.again()).type.toBe<Promise<Link | null>>();
    expect(extended.first()).type.toBe<Promise<Link | null>>();
  });
});

describe('the manager', () => {
  test('checks the record against the class', () => {
    expect(manager.save(Link, { slug: 'a' })).type.toBe<Promise<Link>>();
    expect(manager.save(Link, [{ slug: 'a' }])).type.toBe<Promise<Link[]>>();
    expect(manager.save(link)).type.toBe<Promise<Link>>();
    expect(manager.find(Link)).type.toBe<Promise<Link[]>>();
    expect(manager.insert<Link>).type.not.toBeCallableWith(Link, { slug: 'a', weight: 1 });
    expect(manager.update<Link>).type.not.toBeCallableWith(Link, 'a', { weight: 1 });
    void manager.batch((batch) => {
      batch.insert(Link, { slug: 'a' }).update(Other, 'b', { weight: 1 }).delete(Link, 'c').save(link);
      expect(batch.update<Other>).type.not.toBeCallableWith(Other, 'b', { title: 't' });
      batch.increment(Link, 'a', 'views', 1).decrement(Link, 'a', 'views', 1);
      batch.addTo(Link, 'a', 'tags', 'x').removeFrom(Link, 'a', 'seen', 1);
      expect(batch.increment<Link>).type.not.toBeCallableWith(Link, 'a', 'title', 1);
      expect(batch.increment<Link>).type.not.toBeCallableWith(Link, 'a', 'views', '1');
      expect(batch.addTo<Link, 'tags'>).type.not.toBeCallableWith(Link, 'a', 'tags', 1);
    });
  });

  test('batch gives what its callback does, or else what was committed', () => {
    expect(manager.batch(() => undefined)).type.toBe<Promise<BatchResult>>();
    expect(manager.batch((batch) => batch.delete(Link, 'a'))).type.toBe<Promise<BatchResult>>();
    expect(manager.batch(async (batch) => void batch.delete(Link, 'a'))).type.toBe<Promise<BatchResult>>();
    expect(manager.batch(async () => link)).type.toBe<Promise<Link>>();
    expect(manager.batch(() => (link.slug === '' ? undefined : 7))).type.toBe<Promise<BatchResult | 7>>();
    expect(manager.batch(() => null)).type.toBe<Promise<null>>();
  });

  test('what TypeORM has and this package has not is never', () => {
    expect(manager.transaction).type.toBe<never>();
    expect(links.createQueryBuilder).type.toBe<never>();
    expect(links.manager.connection).type.toBe<never>();
  });

  test('retryOnConflict gives what the function does', () => {
    expect(manager.retryOnConflict((again) => again.findOneBy(Link, { slug: 'a' }))).type.toBe<
      Promise<Link | null>
    >();
    expect(manager.retryOnConflict).type.not.toBeCallableWith(() => 1, { attempt: 3 });
  });

  test('singleFlight gives what the function computes', () => {
    expect(manager.singleFlight('k', () => 1)).type.toBe<Promise<number>>();
    expect(manager.singleFlight('k', async () => ({ a: 'x' }))).type.toBe<Promise<{ a: string }>>();
    const fresh = { fresh: (value: number) => value > 0, onUnavailable: 'run' } as const;
    expect(manager.singleFlight('k', () => 1, fresh)).type.toBe<Promise<number>>();
    expect(manager.singleFlight<string>).type.not.toBeCallableWith('k', () => 'x', fresh);
  });
});

describe('select', () => {
  test('picks what it names, in a list or in an object', () => {
    type Picked = Pick<Link, 'slug' | 'title'>;
    expect(links.find({ select: ['slug', 'title'] })).type.toBe<Promise<Picked[]>>();
    expect(links.find({ select: { slug: true, title: true } })).type.toBe<Promise<Picked[]>>();
    expect(links.findOne({ where: { slug: 'a' }, select: ['slug', 'title'] })).type.toBe<
      Promise<Picked | null>
    >();
    expect(links.findOneOrFail({ where: { slug: 'a' }, select: ['slug', 'title'] })).type.toBe<
      Promise<Picked>
    >();
    expect(links.findAndCount({ select: ['slug', 'title'], take: 2 })).type.toBe<
      Promise<[Picked[], number]>
    >();
    expect(links.stream({ select: ['slug', 'title'] })).type.toBe<AsyncGenerator<Picked, void, undefined>>();
    expect(links.live({ select: ['slug', 'title'] })).type.toBe<Observable<Picked[]>>();
    expect(manager.find(Link, { select: ['slug', 'title'] })).type.toBe<Promise<Picked[]>>();
  });

  test('refuses unknown names, methods and false', () => {
    expect(links.find).type.not.toBeCallableWith({ select: ['titel'] });
    expect(links.find).type.not.toBeCallableWith({ select: { title: true, titel: true } });
    expect(links.find).type.not.toBeCallableWith({ select: ['host'] });
    expect(links.find).type.not.toBeCallableWith({ select: { title: false } });
    expect(links.find).type.not.toBeCallableWith({ select: ['title'], wher: {} });
    expect(manager.find<Link, 'title'>).type.not.toBeCallableWith(Link, { select: ['titel'] });
  });

  test('is not lost in a variable', () => {
    const options = { select: ['title'], take: 2 } as const;
    expect(links.find(options)).type.toBe<Promise<Pick<Link, 'title'>[]>>();
  });

  test('leaves reads without it whole, in generic code and in classes that extend a repository too', () => {
    expect(links.find({ where: { title: 'x' } })).type.toBe<Promise<Link[]>>();
    const all = <T extends object>(repository: Repository<T>): Promise<T[]> => repository.find({ take: 1 });
    expect(all(links)).type.toBe<Promise<Link[]>>();
    class Links extends Repository<Link> {
      override async find(options?: FindManyOptions<Link>): Promise<Link[]> {
        return super.find(options);
      }
    }
    expect<Links>().type.toBeAssignableTo<Repository<Link>>();
  });
});

describe('aggregates', () => {
  test('take properties that they work on, and give their type', () => {
    expect(links.sum('views')).type.toBe<Promise<number | null>>();
    expect(links.average('views', { title: 'x' })).type.toBe<Promise<number | null>>();
    expect(links.minimum('addedAt')).type.toBe<Promise<Date | null>>();
    expect(links.maximum('title', [{ title: 'x' }])).type.toBe<Promise<string | null>>();
    expect(manager.sum(Link, 'views')).type.toBe<Promise<number | null>>();
    expect(links.sum).type.not.toBeCallableWith('addedAt');
    expect(links.sum).type.not.toBeCallableWith('tags');
    expect(links.sum).type.not.toBeCallableWith('nope');
    expect(links.minimum).type.not.toBeCallableWith('tags');
    expect(links.sum).type.not.toBeCallableWith('views', { nope: 1 });
  });
});
