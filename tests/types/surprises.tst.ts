import { describe, expect, test } from 'tstyche';
import type {
  BatchResult,
  ClearResult,
  Counter,
  CounterProperty,
  DataSource,
  DeepPartial,
  DeleteResult,
  DustFile,
  EntityManager,
  EntityMetadata,
  FileProperty,
  FindOptionsWhere,
  SetProperty,
  UpdateResult,
  Repository,
} from '../../src/index.js';

class Author {
  name!: string;
  born?: Date;
}

class Book {
  isbn!: string;
  title!: string;
  pages?: number | null;
  sold!: number;
  tags!: string[];
  author?: Author;
  cover?: DustFile | null;
  extra?: unknown;

  describe(): string {
    return this.title;
  }
}

declare const dust: DataSource;
declare const manager: EntityManager;
declare const books: Repository<Book>;
declare const book: Book;

describe('what a method needs of a property', () => {
  test('is in the type of its name', () => {
    expect<CounterProperty<Book>>().type.toBe<'pages' | 'sold'>();
    expect<SetProperty<Book>>().type.toBe<'tags'>();
    expect<FileProperty<Book>>().type.toBe<'cover'>();
    expect(books.increment).type.not.toBeCallableWith('a', 'describe', 1);
    expect(books.increment).type.not.toBeCallableWith('a', 'nope', 1);
    expect(manager.increment<Book>).type.not.toBeCallableWith(Book, 'a', 'title', 1);
  });
});

class Poll {
  id!: string;
  title!: string;
  votes!: Counter;
  size!: number;
}

interface Keyed {
  id: string;
}

declare const polls: Repository<Poll>;
declare const keyed: Repository<Keyed>;

class Service<T extends Keyed> {
  constructor(readonly records: Repository<T>) {}

  one(id: string): Promise<T | null> {
    return this.records.findOneBy({ id } as FindOptionsWhere<T>);
  }
}

describe('a counter that is declared as one', () => {
  test('is any number, and the only one that is incremented', () => {
    expect<CounterProperty<Poll>>().type.toBe<'votes'>();
    expect(polls.increment).type.toBeCallableWith('a', 'votes', 1);
    expect(polls.increment).type.not.toBeCallableWith('a', 'size', 1);
    expect(manager.increment<Poll>).type.not.toBeCallableWith(Poll, 'a', 'size', 1);
    expect(polls.save({ id: 'a', votes: 3 })).type.toBe<Promise<Poll>>();
    expect<Counter>().type.toBeAssignableTo<number>();
    expect<number>().type.toBeAssignableTo<Counter>();
  });
});

describe('a where', () => {
  test('is made of a key in a generic service, and built up property by property', () => {
    expect(new Service(keyed).one('a')).type.toBe<Promise<Keyed | null>>();
    const where: FindOptionsWhere<Poll> = {};
    where.title = 'x';
    expect(polls.findBy(where)).type.toBe<Promise<Poll[]>>();
  });
});

describe('manager.save with a class', () => {
  test('takes its properties and no others', () => {
    expect(manager.save(Poll, { id: 'a', title: 't' })).type.toBe<Promise<Poll>>();
    expect(manager.save(Poll, [{ id: 'a' }])).type.toBe<Promise<Poll[]>>();
    expect(manager.save<Poll>).type.not.toBeCallableWith(Poll, { id: 'a', title: 1 });
    expect(manager.save<Poll>).type.not.toBeCallableWith(Poll, [{ id: 'a', titel: 't' }]);
    expect(manager.save(book)).type.toBe<Promise<Book>>();
    expect(manager.save([book])).type.toBe<Promise<Book[]>>();
  });
});

describe('results', () => {
  test('are concrete, with null where there is nothing', () => {
    expect(books.find()).type.toBe<Promise<Book[]>>();
    expect(books.findOneBy({ isbn: '1' })).type.toBe<Promise<Book | null>>();
    expect(books.getMany(['1'])).type.toBe<Promise<Book[]>>();
    expect(books.stream()).type.toBe<AsyncGenerator<Book, void, undefined>>();
    expect(books.update('1', { pages: null })).type.toBe<Promise<UpdateResult>>();
    expect(books.delete(['1', '2'])).type.toBe<Promise<DeleteResult>>();
    expect(books.clear()).type.toBe<Promise<ClearResult>>();
    expect(books.revisionOf(book)).type.toBe<number | undefined>();
    expect(books.metadata).type.toBe<EntityMetadata<Book>>();
    expect(books.manager).type.toBe<EntityManager>();
    expect(manager.batch(() => undefined)).type.toBe<Promise<BatchResult>>();
    expect(dust.initialize()).type.toBe<Promise<DataSource>>();
    expect(dust.isInitialized).type.toBe<boolean>();
  });

  test('of the manager are typed by the class or by the entity', () => {
    expect(manager.find(Book)).type.toBe<Promise<Book[]>>();
    expect(manager.findOneByOrFail(Book, { isbn: '1' })).type.toBe<Promise<Book>>();
    expect(manager.save([book])).type.toBe<Promise<Book[]>>();
    expect(manager.remove(book)).type.toBe<Promise<Book>>();
    expect(manager.create(Book, [{ isbn: '1' }])).type.toBe<Book[]>();
    expect(manager.find<Book>).type.not.toBeCallableWith(Book, { where: { nope: 1 } });
    expect(manager.find).type.not.toBeCallableWith('Book');
  });
});

describe('criteria', () => {
  test('know the data properties and nothing else', () => {
    expect<keyof FindOptionsWhere<Book>>().type.toBe<keyof Book>();
    expect<Required<FindOptionsWhere<Book>>['describe']>().type.toBe<never>();
    expect(books.findBy).type.not.toBeCallableWith({ describe: () => 'x' });
    expect(books.findBy).type.not.toBeCallableWith({ constructor: Book });
    expect(books.findOneBy).type.not.toBeCallableWith(undefined);
    expect(books.findOneBy).type.not.toBeCallableWith(null);
    expect(books.findOneBy).type.not.toBeCallableWith('1');
    expect(books.delete).type.not.toBeCallableWith(null);
    expect(books.update).type.not.toBeCallableWith(undefined, { title: 't' });
    expect(books.getMany).type.not.toBeCallableWith([undefined]);
    expect(books.liveOne).type.not.toBeCallableWith(undefined);
    expect(books.putFile).type.not.toBeCallableWith(['1'], 'cover', 'x', { filename: 'f' });
  });
});

describe('a part of an entity', () => {
  test('may leave out anything, at every depth, and invents nothing', () => {
    expect<DeepPartial<Book>>().type.toBeAssignableFrom({ author: { name: 'x' } });
    expect<DeepPartial<Book>>().type.toBeAssignableFrom({ author: {} });
    expect(books.insert).type.not.toBeCallableWith({ isbn: '1', author: { nam: 'x' } });
    expect(books.insert).type.not.toBeCallableWith({ isbn: '1', tags: [1] });
    expect(books.insert).type.not.toBeCallableWith('1');
    expect(books.save).type.not.toBeCallableWith(null);
    expect(books.remove).type.not.toBeCallableWith({ isbn: '1' });
    expect(books.insertMany).type.toBeCallableWith(new Set([{ isbn: '1' }]));
    expect(books.insertMany).type.not.toBeCallableWith({ isbn: '1' });
    expect(books.insertMany).type.not.toBeCallableWith([{ isbn: 1 }]);
  });
});

describe('options', () => {
  test('of other libraries are refused', () => {
    expect(books.find).type.not.toBeCallableWith({ relations: ['title'] });
    expect(books.save).type.not.toBeCallableWith(book, { reload: true });
    expect(books.save).type.not.toBeCallableWith(book, { chunk: 10 });
    expect(books.delete).type.not.toBeCallableWith('1', { signal: 5 });
    expect(books.insertMany).type.not.toBeCallableWith([], { chunksize: 5 });
  });
});
