import { MinLength } from 'class-validator';
import { CounterField, DustEntity, Field, FileField, Slug, UpdatedAtField } from '../../../src/index.js';
import type { DustFile } from '../../../src/index.js';
import { StudioWorld } from './studio-world.js';

const world = StudioWorld.use();

class Author {
  @Field()
  name?: string;
}

@DustEntity({ prefix: 'books', name: 'Book' })
class Book {
  @Slug()
  slug!: string;

  @MinLength(3)
  @Field({ required: true })
  title!: string;

  @Field({ unique: true })
  isbn?: string;

  @Field({ type: 'integer', nullable: true })
  pages?: number | null;

  @Field()
  printed?: Date;

  @Field({ type: 'string', array: true })
  tags?: string[];

  @Field({ type: () => Author })
  author?: Author;

  @CounterField()
  views?: number;

  @FileField()
  cover?: DustFile;

  @UpdatedAtField()
  updatedAt?: Date;
}

const open = async () => {
  const dataSource = await world.source({ entities: [Book] });
  const books = dataSource.getRepository(Book);
  await books.insert({ slug: 'dust', title: 'Dust', isbn: '1', pages: 10, author: { name: 'Ada' } });
  const visitor = await world.visitor(dataSource, { write: true });
  const revision = async (slug = 'dust') =>
    (await visitor.get(`/api/record?path=books/${slug}`)).json.revision;
  const save = async (request: object) =>
    (await visitor.post('/api/save', { entity: 'Book', ...request })).json;
  return { dataSource, books, visitor, revision, save };
};

describe('saving a record', () => {
  it('writes what a person typed, as the property has it', async () => {
    const { books, save, revision } = await open();
    const answer = await save({
      slug: 'dust',
      revision: await revision(),
      values: {
        title: 'Dust, again',
        pages: '12',
        printed: '2026-11-30',
        tags: '["a","b"]',
        'author.name': 'Grace',
      },
    });
    expect(answer).toMatchObject({ outcome: 'written', record: { row: { values: { pages: 12 } } } });
    expect(answer.storeSeq).toBe(answer.record.revision);
    expect(await books.findOneBy({ slug: 'dust' })).toMatchObject({
      title: 'Dust, again',
      isbn: '1',
      pages: 12,
      printed: new Date('2026-11-30'),
      tags: ['a', 'b'],
      author: { name: 'Grace' },
    });
  });

  it('takes nothing for null, where null may be', async () => {
    const { books, save, revision } = await open();
    await save({ slug: 'dust', revision: await revision(), values: { pages: '' } });
    expect((await books.findOneBy({ slug: 'dust' }))?.pages).toBeNull();
  });

  it.each([
    [{ title: 'ab' }, 'title', 'longer than or equal to 3'],
    [{ pages: 'many' }, 'pages', 'a whole number'],
    [{ tags: 'a, b' }, 'tags', 'a list, written as JSON'],
    [{ printed: 'soon' }, 'printed', 'a date'],
  ])('tells which rule %j breaks, and writes nothing', async (values, property, message) => {
    const { books, save, revision } = await open();
    const answer = await save({ slug: 'dust', revision: await revision(), values });
    expect(answer).toEqual({
      outcome: 'invalid',
      violations: [{ property, messages: [expect.stringContaining(message)] }],
    });
    expect((await books.findOneBy({ slug: 'dust' }))?.title).toBe('Dust');
  });

  it('tells of a value that another record has', async () => {
    const { books, save } = await open();
    const answer = await save({ slug: 'other', revision: 0, values: { title: 'Other', isbn: '1' } });
    expect(answer).toEqual({
      outcome: 'invalid',
      violations: [{ property: 'isbn', messages: ['The record "dust" has this already.'] }],
    });
    expect(await books.count()).toBe(1);
  });

  it('that somebody else has changed meanwhile shows what it is now', async () => {
    const { books, save, revision } = await open();
    const seen = await revision();
    await books.update('dust', { title: 'Their title' });
    const answer = await save({ slug: 'dust', revision: seen, values: { title: 'My title' } });
    expect(answer).toMatchObject({
      outcome: 'conflict',
      current: { row: { values: { title: 'Their title' } }, revision: await revision() },
    });
    expect((await books.findOneBy({ slug: 'dust' }))?.title).toBe('Their title');
  });

  it('that is gone meanwhile is a conflict with nothing', async () => {
    const { books, save, revision } = await open();
    const seen = await revision();
    await books.delete('dust');
    const answer = await save({ slug: 'dust', revision: seen, values: { title: 'My title' } });
    expect(answer).toMatchObject({ outcome: 'conflict', current: { leaves: [], revision: 0 } });
  });

  it('makes a new one, and only a new one', async () => {
    const { books, save } = await open();
    const made = await save({ slug: 'new/one', revision: 0, values: { title: 'New one' } });
    expect(made).toMatchObject({ outcome: 'written', record: { path: 'books/new~1one' } });
    expect((await books.findOneBy({ slug: 'new/one' }))?.title).toBe('New one');
    const again = await save({ slug: 'new/one', revision: 0, values: { title: 'Another' } });
    expect(again).toMatchObject({ outcome: 'conflict', current: { row: { values: { title: 'New one' } } } });
    expect(await save({ revision: 0, values: { title: 'Nameless' } })).toMatchObject({
      outcome: 'invalid',
      violations: [{ property: 'slug' }],
    });
  });

  it('refuses what it does not understand', async () => {
    const { visitor, revision } = await open();
    for (const request of [
      {},
      { entity: 'Book', slug: 'dust', values: { price: '1' }, revision: await revision() },
      { entity: 'Book', slug: 'dust', values: {}, revision: -1 },
      { entity: 'Book', slug: 'dust', values: [], revision: 1 },
      { entity: 'Book', path: 'books/dust', revision: 1 },
      { path: 'a//b', value: 1, revision: 0 },
      { path: 'a/b', value: { c: 1 }, revision: 0 },
    ]) {
      expect([request, (await visitor.post('/api/save', request)).status]).toEqual([request, 400]);
    }
  });
});

describe('leaves', () => {
  it('are written if they are what the writer saw', async () => {
    const { dataSource, visitor } = await open();
    const save = async (request: object) => (await visitor.post('/api/save', request)).json;
    const made = await save({ path: 'a/b', value: [1, 2], revision: 0 });
    expect(made).toMatchObject({ outcome: 'written', record: { leaves: [{ path: 'a/b', value: [1, 2] }] } });
    expect(await save({ path: 'a/b', value: 3, revision: 0 })).toMatchObject({ outcome: 'conflict' });
    expect(await save({ path: 'a/b', value: 3, revision: made.storeSeq })).toMatchObject({
      outcome: 'written',
    });
    expect(await save({ path: 'a/b', value: 4, revision: made.storeSeq })).toMatchObject({
      outcome: 'conflict',
      current: { leaves: [{ value: 3 }] },
    });
    expect((await dataSource.transport.get('a/b'))?.value).toBe(3);
  });
});

describe('removing', () => {
  it('takes a record away if it is what the writer saw', async () => {
    const { books, visitor, revision } = await open();
    const seen = await revision();
    await books.update('dust', { pages: 11 });
    const remove = async (seenThen: number) =>
      (await visitor.post('/api/delete', { path: 'books/dust', revision: seenThen })).json;
    expect(await remove(seen)).toMatchObject({ outcome: 'conflict' });
    expect(await books.count()).toBe(1);
    expect(await remove(await revision())).toMatchObject({ outcome: 'written', record: { leaves: [] } });
    expect(await books.count()).toBe(0);
  });

  it('takes all away that lies below a path', async () => {
    const { dataSource, visitor } = await open();
    await dataSource.transport.set('t', { a: 1, b: { c: 2 } });
    const { revision } = (await visitor.get('/api/record?path=t')).json;
    expect((await visitor.post('/api/delete', { path: 't', revision })).json).toMatchObject({
      outcome: 'written',
    });
    expect(await dataSource.transport.exists('t')).toBe(false);
  });
});

describe('history', () => {
  it('tells what each operation changed, newest first', async () => {
    const { books, visitor } = await open();
    await books.update('dust', { pages: 11 });
    await books.increment('dust', 'views', 2);
    await books.insert({ slug: 'other', title: 'Other' });
    const { json } = await visitor.get('/api/history?path=books/dust');
    expect(json).toMatchObject({ nextBefore: null, firstSeq: 1 });
    const told = json.entries
      .map(({ op, changes }: any) => [op, changes.filter(({ path }: any) => !path.endsWith('updatedAt'))])
      .filter(([, changes]: any) => changes.length > 0);
    expect(told.slice(0, 2)).toEqual([
      ['increment', [{ path: 'books/dust/views', after: 2 }]],
      [expect.any(String), [{ path: 'books/dust/pages', before: 10, after: 11 }]],
    ]);
    expect(JSON.stringify(json)).not.toContain('books/other');
  });

  it('comes in pages', async () => {
    const { dataSource, visitor } = await open();
    for (let n = 1; n <= 5; n++) await dataSource.transport.set('h/a', n);
    const first = (await visitor.get('/api/history?path=h&limit=2')).json;
    expect(first.entries.map(({ changes }: any) => changes)).toEqual([
      [{ path: 'h/a', before: 4, after: 5 }],
      [{ path: 'h/a', before: 3, after: 4 }],
    ]);
    const second = (await visitor.get(`/api/history?path=h&limit=3&before=${first.nextBefore}`)).json;
    expect(second.entries.map(({ value }: any) => value)).toEqual([3, 2, 1]);
    expect(second.entries.at(-1).changes).toEqual([{ path: 'h/a', after: 1 }]);
    expect(second.nextBefore).toBeNull();
  });

  it('tells of what was replaced from above, and of what a trimmed log does not know', async () => {
    const { dataSource, visitor } = await open();
    await dataSource.transport.set('h/r', { a: 1, b: 2 });
    await dataSource.transport.set('h', { r: { a: 1, c: 3 } });
    await dataSource.transport.delete('h');
    const { entries } = (await visitor.get('/api/history?path=h/r')).json;
    expect(entries.map(({ changes }: any) => changes)).toEqual([
      [
        { path: 'h/r/a', before: 1 },
        { path: 'h/r/c', before: 3 },
      ],
      [
        { path: 'h/r/b', before: 2 },
        { path: 'h/r/c', after: 3 },
      ],
      [
        { path: 'h/r/a', after: 1 },
        { path: 'h/r/b', after: 2 },
      ],
    ]);
  });
});

describe('restoring', () => {
  it('puts a record back to what it was, counters included, in one commit', async () => {
    const { books, dataSource, visitor, revision } = await open();
    await books.increment('dust', 'views', 3);
    const then = (await dataSource.transport.status()).storeSeq;
    await books.update('dust', { pages: 11, tags: ['x'], author: { name: 'Grace' } });
    await books.increment('dust', 'views', 4);
    const before = (await visitor.get('/api/record?path=books/dust')).json;
    const { json } = await visitor.post('/api/restore', {
      path: 'books/dust',
      storeSeq: then,
      revision: before.revision,
    });
    expect(json).toMatchObject({ outcome: 'written' });
    expect(await books.findOneBy({ slug: 'dust' })).toMatchObject({
      pages: 10,
      views: 3,
      author: { name: 'Ada' },
    });
    expect(await dataSource.transport.exists('books/dust/tags')).toBe(false);
    expect(json.record.leaves).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ path: 'books/dust/views', type: 'counter', value: 3 }),
      ]),
    );
    expect(json.record.revision).toBe(await revision());
  });

  it('puts back what was removed', async () => {
    const { books, dataSource, visitor } = await open();
    const then = (await dataSource.transport.status()).storeSeq;
    await books.delete('dust');
    const { json } = await visitor.post('/api/restore', { path: 'books/dust', storeSeq: then, revision: 0 });
    expect(json).toMatchObject({ outcome: 'written', record: { row: { values: { title: 'Dust' } } } });
  });

  it.each([
    ['its record was removed', 'books/dust', undefined],
    ['it was removed by itself', 'books/dust/views', undefined],
    ['a number was put in its place', 'books/dust/views', 7],
    ['an object was put in its place', 'books/dust/views', { a: 7 }],
  ])('makes a counter of what was one, also where %s', async (_how, path, value: any) => {
    const { books, dataSource, visitor } = await open();
    await books.increment('dust', 'views', 3);
    await dataSource.transport.merge('books/dust', { title: 'Dust, counted' });
    const then = (await dataSource.transport.status()).storeSeq;
    if (value === undefined) await dataSource.transport.delete(path);
    else await dataSource.transport.set(path, value);
    const { revision: seen } = (await visitor.get('/api/record?path=books/dust')).json;
    const { json } = await visitor.post('/api/restore', {
      path: 'books/dust',
      storeSeq: then,
      revision: seen,
    });
    expect(json).toMatchObject({ outcome: 'written' });
    expect(await dataSource.transport.get('books/dust/views')).toMatchObject({ type: 'counter', value: 3 });
    const entry = await dataSource.transport.get('books/dust/pages');
    expect(entry).toMatchObject({ type: 'integer', value: 10 });
  });

  it('takes away what was not there then', async () => {
    const { books, visitor, revision } = await open();
    const { json } = await visitor.post('/api/restore', {
      path: 'books/dust',
      storeSeq: 0,
      revision: await revision(),
    });
    expect(json).toMatchObject({ outcome: 'written', record: { leaves: [] } });
    expect(await books.count()).toBe(0);
  });

  it('does nothing to what somebody else has changed meanwhile', async () => {
    const { books, visitor, revision } = await open();
    const seen = await revision();
    await books.update('dust', { pages: 11 });
    const { json } = await visitor.post('/api/restore', { path: 'books/dust', storeSeq: 0, revision: seen });
    expect(json).toMatchObject({ outcome: 'conflict' });
    expect(await books.count()).toBe(1);
  });
});

describe('files', () => {
  const PNG = Buffer.from('89504e470d0a1a0a0000000d', 'hex');
  const SVG = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';

  const put = async (content: string | Uint8Array, contentType: string, filename = 'a "b"é.bin') => {
    const opened = await open();
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    await opened.dataSource.transport.putFile('books/dust/cover', bytes, { filename, contentType });
    return opened;
  };

  it('are kept, under their names', async () => {
    const { visitor } = await put(SVG, 'image/svg+xml');
    const { status, headers, text } = await visitor.get('/api/file?path=books/dust/cover');
    expect({ status, text }).toEqual({ status: 200, text: SVG });
    expect(headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': "attachment; filename*=UTF-8''a%20%22b%22%C3%A9.bin",
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
      'x-content-type-options': 'nosniff',
    });
  });

  it.each([
    [PNG, 'text/html', 'image/png'],
    ['plain text', 'image/png', 'text/plain; charset=utf-8'],
    [SVG, 'image/svg+xml', 'text/plain; charset=utf-8'],
    ['<!doctype html><script>alert(1)</script>', 'text/html', 'text/plain; charset=utf-8'],
  ])('are looked at as what they are, whatever is said of them', async (content, said, shown) => {
    const { visitor } = await put(content, said);
    const { headers } = await visitor.get('/api/file?path=books/dust/cover&preview=1');
    expect(headers).toMatchObject({ 'content-type': shown, 'x-content-type-options': 'nosniff' });
    expect(headers['content-disposition']).toMatch(/^inline/);
    expect(headers['content-security-policy']).toContain('sandbox');
  });

  it('that are neither images nor text are not looked at', async () => {
    const { visitor } = await put(Buffer.from([0, 1, 2, 3]), 'image/png');
    expect((await visitor.get('/api/file?path=books/dust/cover&preview=1')).status).toBe(415);
  });

  it('are where a leaf describes one', async () => {
    const { visitor } = await open();
    expect((await visitor.get('/api/file?path=books/dust/title')).status).toBe(404);
  });
});
