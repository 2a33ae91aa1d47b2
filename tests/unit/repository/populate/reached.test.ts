import { DeletedAtField, DustEntity, Field, Ref, Slug } from '../../../../src/index.js';
import type { EntityMetadata, ReferenceMetadata } from '../../../../src/metadata/types.js';
import { MissingTargets } from '../../../../src/repository/populate/missing-targets.js';
import { RecordingLogger } from '../../realtime/support/recording-logger.js';
import { useDataSources } from '../support.js';

@DustEntity('places')
class Place {
  @Slug() id!: string;
  @Field('string') name?: string;
}

@DustEntity({ prefix: 'people', defaultScope: { where: { isHidden: false } } })
class Person {
  @Slug() id!: string;
  @Field('boolean', { required: true }) isHidden!: boolean;
  @Ref(() => Place) homeId?: string | null;
  home?: Place | null;
  @Ref(() => Place) workId?: string | null;
  work?: Place | null;
  @DeletedAtField() deletedAt?: Date | null;
}

@DustEntity('books')
class Book {
  @Slug() id!: string;
  @Ref(() => Person) authorId?: string | null;
  author?: Person | null;
  @Ref(() => [Person]) readerIds?: string[] | null;
  readers?: Person[];
}

const connect = useDataSources();

async function open(logger = new RecordingLogger()) {
  const { manager, control, inner } = await connect([Place, Person, Book], {}, { logger });
  await manager.insert(Place, [
    { id: 'oslo', name: 'Oslo' },
    { id: 'bergen', name: 'Bergen' },
  ]);
  await manager.insert(Person, [
    { id: 'ann', isHidden: false, homeId: 'oslo', workId: 'bergen' },
    { id: 'bob', isHidden: false, homeId: 'bergen', workId: 'oslo' },
    { id: 'eve', isHidden: true },
    { id: 'old', isHidden: false },
  ]);
  await manager.softDelete(Person, 'old');
  await manager.insert(Book, { id: 'a', authorId: 'ann', readerIds: ['bob', 'eve', 'old'] });
  return { manager, control, inner, logger };
}

describe('what populate reaches', () => {
  it('is filled in alike for all of a class on one level, whichever reference leads to them', async () => {
    const { manager } = await open();
    const [book] = await manager.find(Book, { populate: ['author.home', 'readers.work'] });
    const places = (person?: Person | null) => [person?.home?.id, person?.work?.id];
    expect(places(book?.author)).toEqual(['oslo', 'bergen']);
    expect(places(book?.readers?.[0])).toEqual(['bergen', 'oslo']);
  });

  it.each([
    [{}, ['bob']],
    [{ withDeleted: true }, ['bob', 'old']],
    [{ unscoped: true }, ['bob', 'eve']],
    [{ withDeleted: true, unscoped: true }, ['bob', 'eve', 'old']],
  ])('is seen as the read says: %j', async (seen, readers) => {
    const { manager } = await open();
    const populate = ['readers'] as const;
    const ids = (books: readonly { readonly readers: readonly Person[] }[]) =>
      books.flatMap((book) => book.readers.map(({ id }) => id));
    expect(ids(await manager.getMany(Book, ['a'], { ...seen, populate }))).toEqual(readers);
    expect(ids(await manager.find(Book, { ...seen, populate }))).toEqual(readers);
  });

  it('is nothing where a reference holds what cannot be a slug, and nothing is said of it', async () => {
    const { manager, control, inner, logger } = await open();
    await inner.set('books/b', { authorId: '' });
    logger.warnings.length = 0;
    const asked = jest.fn();
    control.before = (method, [paths]) => asked(method, paths);
    expect(await manager.find(Book, { where: { id: 'b' }, populate: ['author', 'readers'] })).toMatchObject([
      { author: null, readers: [] },
    ]);
    expect(logger.warnings).toEqual([]);
    expect(JSON.stringify(asked.mock.calls)).not.toContain('people');
  });

  it('is there in what a stream gives, in the last of it, too', async () => {
    const { manager } = await open();
    const ids = Array.from({ length: 200 }, (_, i) => `b${i}`);
    await manager.insert(
      Book,
      ids.map((id) => ({ id, authorId: 'ann' })),
    );
    const authors: unknown[] = [];
    for await (const { author } of manager.stream(Book, { populate: ['author'] })) authors.push(author?.id);
    expect(authors).toEqual(Array.from({ length: 201 }, () => 'ann'));
  });

  it('is not read when the read is called off', async () => {
    const { manager, control } = await open();
    const called = new AbortController();
    const paths: unknown[] = [];
    control.before = (_, args) => {
      const asked = JSON.stringify(args);
      if (asked.includes('places')) paths.push(asked);
      if (asked.includes('people')) called.abort();
    };
    const reading = manager.find(Book, { populate: ['author.home'], signal: called.signal });
    await expect(reading).rejects.toMatchObject({ kind: 'aborted' });
    expect(paths).toEqual([]);
  });
});

describe('targets that are missing', () => {
  const reference = { property: 'authorId', as: 'author', array: false } as ReferenceMetadata;
  const [owner, target] = [{ name: 'Book' }, { name: 'Person' }] as EntityMetadata[];
  const noting = () => {
    const logger = new RecordingLogger();
    const missing = new MissingTargets(owner!, logger);
    const note = (slug: string, of = reference) => {
      missing.note(of, target!, slug);
    };
    return { logger, note };
  };

  it('are told of with what becomes of them, each once, and apart for each reference', () => {
    const { logger, note } = noting();
    const list = { ...reference, property: 'readerIds', as: 'readers', array: true };
    for (const slug of ['a', 'a']) note(slug);
    for (const slug of ['a', 'b', 'c', 'd']) note(slug, list);
    const [one, ...others] = logger.warnings;
    expect(one).toBe('Book.authorId names Person "a", which is not there or cannot be read. author is null.');
    expect(others).toEqual(
      ['a', 'b', 'c'].map(
        (slug) =>
          `Book.readerIds names Person "${slug}", which is not there or cannot be read. It is left out of readers.`,
      ),
    );
  });

  it.each([
    [10_000, 10_000],
    [10_001, 100_000],
  ])('are counted once while there are 10,000, and again beyond: of %d', (count, greatest) => {
    const { logger, note } = noting();
    for (let i = 0; i < 100_010; i++) note(`p${i % count}`);
    expect(logger.warnings.slice(3)).toEqual(
      [10, 100, 1000, 10_000, 100_000]
        .filter((told) => told <= greatest)
        .map(
          (told) => `Book.authorId has named ${told} of Person so far that are not there or cannot be read.`,
        ),
    );
  });
});
