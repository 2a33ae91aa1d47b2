import { describe, expect, test } from 'tstyche';
import type {
  DataSourceOptions,
  MigrationContext,
  MigrationInterface,
  RunMigrationsOptions,
  Walk,
  WalkResult,
} from '../../src/index.js';
import { defineEntity, field, slug } from '../../src/index.js';

class Author {
  id!: string;
  name?: string | null;
  home?: { city: string; zip?: string };

  greet(): string {
    return this.id;
  }
}

class Book extends defineEntity('books', { isbn: slug(), title: field('string', { required: true }) }) {}

declare const walk: Walk;

describe('walk', () => {
  test('resolves to what it did', () => {
    expect(walk(Author)).type.toBe<Promise<WalkResult>>();
    expect(walk(Author, undefined, { pageSize: 10, key: 'own' })).type.toBe<Promise<WalkResult>>();
  });

  test('gives its function entities of the class', () => {
    void walk(Author, (author) => {
      expect(author).type.toBe<Author>();
    });
    void walk(Book, (book) => {
      expect(book.title).type.toBe<string>();
    });
  });

  test('takes what its function may answer, at once or later', () => {
    expect(walk).type.toBeCallableWith(Author, () => undefined);
    expect(walk).type.toBeCallableWith(Author, () => false as const);
    expect(walk<Author>).type.toBeCallableWith(Author, () => ({ name: 'x' }));
    expect(walk<Author>).type.toBeCallableWith(Author, () => ({ home: { zip: '1' } }));
    expect(walk<Author>).type.toBeCallableWith(Author, () => Promise.resolve({ name: null }));
    expect(walk<Author>).type.toBeCallableWith(Author, (author: Author) => author);
    expect(walk<Author>).type.toBeCallableWith(
      Author,
      ({ name }: Author) => name !== undefined && name !== null && { name: name.trim() },
    );
  });

  test('refuses other answers, other classes and other options', () => {
    expect(walk<Author>).type.not.toBeCallableWith(Author, () => true);
    expect(walk<Author>).type.not.toBeCallableWith(Author, () => 'x');
    expect(walk<Author>).type.not.toBeCallableWith(Author, () => ({ name: 1 }));
    expect(walk<Author>).type.not.toBeCallableWith(Author, () => ({ home: { zip: 1 } }));
    expect(walk<Author>).type.not.toBeCallableWith(Author, (author: Date) => ({ name: String(author) }));
    expect(walk).type.not.toBeCallableWith('Author');
    expect(walk).type.not.toBeCallableWith(Author, undefined, { page: 1 });
    expect(walk).type.not.toBeCallableWith(Author, undefined, { pageSize: '1' });
  });
});

describe('a migration', () => {
  test('is a class or an object', () => {
    class Named1700000000000 implements MigrationInterface {
      async up({ walk: through, manager, transport, signal, progress }: MigrationContext): Promise<void> {
        await through(Author, undefined, {});
        progress(await manager.count(Author, { signal }));
        await transport.get('a');
      }
    }
    type Migrations = NonNullable<DataSourceOptions['migrations']>;
    expect<Migrations>().type.toBeAssignableFrom([
      Named1700000000000,
      new Named1700000000000(),
      'steps/*.ts',
    ]);
    expect<Migrations>().type.not.toBeAssignableFrom([{ down: async () => Promise.resolve() }]);
    expect<MigrationInterface>().type.not.toBeAssignableFrom({ up: () => 7 });
  });

  test('is waited for with its holder and the time that is left', () => {
    expect<NonNullable<RunMigrationsOptions['onWait']>>().type.toBe<
      (holder: string | null, timeLeft: number) => void
    >();
  });
});
