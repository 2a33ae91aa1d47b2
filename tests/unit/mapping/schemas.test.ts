import { Length } from 'class-validator';
import * as v from 'valibot';
import { z } from 'zod';
import type { DataSourceOptions, EntityClass, Repository, StandardSchema } from '../../../src/index.js';
import {
  counterField,
  createdAtField,
  DataSource,
  defineEntity,
  defineNested,
  DustEntity,
  Field,
  field,
  isDustError,
  nested,
  setField,
  silentLogger,
  slug,
  Slug,
  versionField,
} from '../../../src/index.js';

const open: DataSource[] = [];

afterEach(async () => {
  for (const dataSource of open.splice(0)) await dataSource.destroy();
});

async function records<T extends object>(
  entity: EntityClass<T>,
  options: Partial<DataSourceOptions> = {},
): Promise<Repository<T>> {
  const dataSource = new DataSource({ entities: [entity], logger: silentLogger, ...options });
  open.push(dataSource);
  return (await dataSource.initialize()).getRepository(entity);
}

/** What a write was refused for, a line each. */
async function refusal(write: Promise<unknown>): Promise<string[]> {
  try {
    await write;
  } catch (error) {
    if (!isDustError(error, 'validation')) throw error;
    return error.message.split('\n  - ').slice(1);
  }
  throw new Error('The write was accepted.');
}

/** A schema that answers as it is told, and remembers what it was asked. */
function told(answer: (value: unknown) => unknown, asked: unknown[] = []): StandardSchema {
  const validate = (value: unknown): never => {
    asked.push(value);
    return answer(value) as never;
  };
  return { '~standard': { version: 1, vendor: 'tests', validate } };
}

const accept = (value: unknown) => ({ value });

describe('the schema of a field', () => {
  it('may be of any library', async () => {
    const even: StandardSchema = told((value) => {
      return Number(value) % 2 === 0 ? { value } : { issues: [{ message: 'must be even' }] };
    });
    const Link = defineEntity('links', {
      slug: slug(),
      url: field('string', { schema: z.url() }),
      mail: field('string', { schema: v.pipe(v.string(), v.email()) }),
      pages: field('integer', { schema: even }),
    });
    const links = await records(Link);
    await links.insert({ slug: 'a', url: 'https://dustlayer.io', mail: 'a@b.io', pages: 2 });
    expect(await refusal(links.insert({ slug: 'b', url: 'x', mail: 'y', pages: 3 }))).toEqual([
      'url: Invalid URL (schema)',
      'mail: Invalid email: Received "y" (schema)',
      'pages: must be even (schema)',
    ]);
    expect(await links.count()).toBe(1);
  });

  it('may be a function, as those of some libraries are', async () => {
    const schema = Object.assign(() => undefined, told(accept));
    const links = await records(defineEntity('links', { slug: slug(), url: field('string', { schema }) }));
    await links.insert({ slug: 'a', url: 'x' });
    expect(await links.count()).toBe(1);
  });

  it('is asked for what is absent in a whole record, and not in a part of one', async () => {
    const Link = defineEntity('links', {
      slug: slug(),
      title: field('string', { schema: z.string().max(3) }),
      note: field('string', { schema: z.string().max(3).nullish() }),
      kind: field('string', { schema: z.string(), default: 'x' }),
      text: field('string', { schema: z.string(), required: true }),
    });
    const links = await records(Link);
    expect(await refusal(links.insert({ slug: 'a' }))).toEqual([
      'text: text is required (isRequired)',
      'title: Invalid input: expected string, received undefined (schema)',
    ]);
    expect(await refusal(links.insert({ slug: 'a', title: null, text: 't' }))).toEqual([
      'title: Invalid input: expected string, received null (schema)',
    ]);
    await links.insert({ slug: 'a', title: 't', text: 't', note: null });
    await links.update('a', { note: 'n' });
    expect(await refusal(links.update('a', { note: 'long' }))).toEqual([
      'note: Too big: expected string to have <=3 characters (schema)',
    ]);
    const part = await links.findOneOrFail({ where: { slug: 'a' }, select: ['slug', 'note'] });
    part.note = 'm';
    await links.save(part);
    expect(await links.findOneBy({ slug: 'a' })).toMatchObject({ title: 't', note: 'm', kind: 'x' });
  });

  it('tells all that is wrong at once, with types and rules, and nothing twice', async () => {
    @DustEntity('links')
    class Link {
      @Slug() slug!: string;
      @Field('string', { schema: z.string().min(3).regex(/^D/) }) @Length(4, 9) title!: string;
      @Field('integer', { schema: z.number() }) pages!: number;
      @Field('date', { required: true, schema: z.date() }) addedAt!: Date;
    }
    const links = await records(Link);
    const write = links.insert({ slug: 'a', title: 'x', pages: 'many' as never });
    expect(await refusal(write)).toEqual([
      'title: title must be longer than or equal to 4 characters (isLength)',
      'title: Too small: expected string to have >=3 characters (schema)',
      'title: Invalid string: must match pattern /^D/ (schema2)',
      'addedAt: addedAt is required (isRequired)',
      'pages: pages must be an integer between ±(2^53 - 1) (isStorable)',
    ]);
    await expect(write).rejects.toMatchObject({ name: 'EntityValidationError', slug: 'a' });
  });

  it('sees what an instance has: behind transformers, coerced, a list as a whole', async () => {
    const asked: unknown[] = [];
    const schema = told(accept, asked);
    const Place = defineNested({ city: field('string') }, { name: 'Place' });
    const Link = defineEntity('links', {
      slug: slug(),
      at: field('date', { schema, coerce: true }),
      tags: field('string', { schema, array: true }),
      loud: field('string', { schema, transformer: { to: () => 'LOUD', from: () => 'quiet' } }),
      place: nested(() => Place, { schema }),
    });
    const links = await records(Link);
    await links.insert({
      slug: 'a',
      at: '1970-01-01T00:00:00Z' as never,
      tags: ['x'],
      loud: 'q',
      place: { city: 'O' },
    });
    expect(asked).toEqual([new Date(0), ['x'], 'q', Object.assign(new Place(), { city: 'O' })]);
    expect(asked[3]).toBeInstanceOf(Place);
  });

  it('leads into the value, and into nested classes', async () => {
    const Part = defineNested({ sku: field('string', { schema: z.string().length(2) }) }, { name: 'Part' });
    const Home = defineNested({
      city: field('string', { schema: z.string().min(2) }),
      zip: field('string', { schema: z.string().optional() }),
      kind: field('string', { schema: z.string(), default: 'flat' }),
      parts: nested(() => Part, { array: true }),
    });
    const Customer = defineEntity('customers', {
      id: slug(),
      home: nested(() => Home),
      items: field('json', { schema: z.array(z.object({ count: z.number() })).optional() }),
    });
    const customers = await records(Customer);
    const bad = {
      id: 'a',
      home: { city: 'O', parts: [{ sku: 'ab' }, { sku: 'c' }] },
      items: [{ count: 'x' }],
    };
    const write = customers.insert(bad);
    expect(await refusal(write)).toEqual([
      'home.city: Too small: expected string to have >=2 characters (schema)',
      'home.parts[1].sku: Too small: expected string to have exactly 2 characters (schema)',
      'items[0].count: Invalid input: expected number, received string (schema)',
    ]);
    const errors = [
      {
        property: 'home',
        children: [{ property: 'city' }, { property: 'parts', children: [{ property: '1' }] }],
      },
      { property: 'items' },
    ];
    await expect(write).rejects.toMatchObject({ errors });
    await customers.insert({ id: 'a', home: { city: 'Oslo' } });
    // The city stays, and is not asked for.
    await customers.update('a', { home: { zip: '1' } });
    expect(await refusal(customers.update('a', { home: { city: 'X' } }))).toEqual([
      'home.city: Too small: expected string to have >=2 characters (schema)',
    ]);
    // The items of a list are written whole.
    expect(await refusal(customers.update('a', { home: { parts: [{}] } }))).toEqual([
      'home.parts[0].sku: Invalid input: expected string, received undefined (schema)',
    ]);
    expect(await customers.findOneBy({ id: 'a' })).toMatchObject({
      home: { city: 'Oslo', zip: '1', kind: 'flat' },
    });
  });

  it('of a nested object looks at whole ones', async () => {
    const Home = defineNested({ city: field('string'), zip: field('string') });
    const schema = z.object({ city: z.string(), zip: z.string() });
    const Customer = defineEntity('customers', { id: slug(), home: nested(() => Home, { schema }) });
    const customers = await records(Customer);
    expect(await refusal(customers.insert({ id: 'a', home: { city: 'Oslo' } }))).toEqual([
      'home.zip: Invalid input: expected string, received undefined (schema)',
    ]);
    await customers.insert({ id: 'a', home: { city: 'Oslo', zip: '1' } });
    await customers.update('a', { home: { zip: '2' } });
    const loaded = await customers.findOneByOrFail({ id: 'a' });
    loaded.home!.zip = null;
    expect(await refusal(customers.save(loaded))).toEqual([
      'home.zip: Invalid input: expected string, received null (schema)',
    ]);
  });

  it('goes through a class that contains itself', async () => {
    class Reply {
      @Field('string', { schema: z.string().min(2) }) text!: string;
      @Field(() => Reply, { array: true }) replies?: Reply[];
    }
    const Post = defineEntity('posts', { id: slug(), first: nested(() => Reply) });
    const posts = await records(Post);
    const first = { text: 'ok', replies: [{ text: 'ok', replies: [{ text: 'x' }] }] };
    expect(await refusal(posts.insert({ id: 'a', first }))).toEqual([
      'first.replies[0].replies[0].text: Too small: expected string to have >=2 characters (schema)',
    ]);
    const round: { text: string; replies: unknown[] } = { text: 'ok', replies: [] };
    round.replies.push(round);
    expect(await refusal(posts.insert({ id: 'a', first: round as never }))).toEqual([
      expect.stringContaining('a value without cycles'),
    ]);
  });

  it('may take its time', async () => {
    const taken = z.string().refine((name) => Promise.resolve(name !== 'root'), 'is taken');
    const User = defineEntity('users', {
      id: slug(),
      name: field('string', { schema: taken }),
      mail: field('string', { schema: z.email() }),
    });
    const users = await records(User);
    await users.insert({ id: 'a', name: 'ann', mail: 'a@b.io' });
    expect(await refusal(users.insert({ id: 'b', name: 'root', mail: 'x' }))).toEqual([
      'mail: Invalid email address (schema)',
      'name: is taken (schema)',
    ]);
    expect(await refusal(users.insertMany([{ id: 'b', name: 'root', mail: 'a@b.io' }]))).toEqual([
      'name: is taken (schema)',
    ]);
    expect(await users.count()).toBe(1);
  });

  it('refuses what it would change, as nothing of that is stored', async () => {
    const Link = defineEntity('links', {
      slug: slug(),
      title: field('string', { schema: z.string().trim() }),
      kind: field('string', { schema: z.string().default('x') }),
      meta: field('json', { schema: z.object({ tags: z.array(z.string().toLowerCase()) }).nullish() }),
      icon: field('bytes', {
        schema: told((value) => ({ value: value && Buffer.from(value as Uint8Array) })),
      }),
      at: field('date', { schema: z.coerce.date().nullish() }),
    });
    const links = await records(Link);
    const unchanged = expect.stringMatching(/must be as its schema makes it, .* \(schema\)$/);
    const refused = await refusal(links.insert({ slug: 'a', title: ' t', meta: { tags: ['a', 'B'] } }));
    expect(refused).toEqual([unchanged, unchanged, unchanged]);
    expect(refused.map((line) => line.split(':')[0])).toEqual(['title', 'kind', 'meta.tags[1]']);
    const icon = Uint8Array.of(1);
    await links.insert({
      slug: 'a',
      title: 't',
      kind: 'x',
      meta: { tags: [], more: 1 },
      icon,
      at: new Date(0),
    });
    expect(await links.findOneBy({ slug: 'a' })).toMatchObject({ meta: { tags: [], more: 1 }, icon });
  });

  const outOfPaper = (): never => {
    throw new Error('out of paper');
  };

  it.each([
    ['throws', outOfPaper, /^Link\.title: its schema \(tests\) failed .*: out of paper\. Nothing/],
    ['rejects', () => Promise.reject(new Error('out of ink')), /: out of ink\. Nothing was written\.$/],
    ['gives no result', () => undefined, /: it gave no result\. Nothing was written\.$/],
    ['gives none later', () => Promise.resolve(7), /: it gave no result\. Nothing was written\.$/],
  ] as [string, (value: unknown) => unknown, RegExp][])(
    'that %s is told as its own fault',
    async (_, answer, message) => {
      const schema = told(answer);
      const Link = defineEntity(
        'links',
        { slug: slug(), title: field('string', { schema }) },
        { name: 'Link' },
      );
      const links = await records(Link);
      const refused = {
        name: 'DustError',
        kind: 'invalid_metadata',
        message: expect.stringMatching(message),
      };
      await expect(links.insert({ slug: 'a', title: 't' })).rejects.toMatchObject(refused);
      expect(await links.count()).toBe(0);
    },
  );

  it('may refuse without a word', async () => {
    const wordless = told(() => ({ issues: [] }));
    const keys = told(() => ({ issues: [{ path: [{ key: 'a' }, 0, Symbol('s')] }] }));
    const Link = defineEntity('links', {
      slug: slug(),
      a: field('string', { schema: wordless }),
      b: field('json', { schema: keys }),
    });
    const links = await records(Link);
    expect(await refusal(links.insert({ slug: 'a', a: 't', b: {} }))).toEqual([
      'a: is not what its schema asks for (schema)',
      'b.a.0.Symbol(s): is not what its schema asks for (schema)',
    ]);
  });

  it('is not asked where there is no validation', async () => {
    const Link = defineEntity('links', { slug: slug(), url: field('string', { schema: z.url() }) });
    const links = await records(Link, { validation: false });
    await links.insert({ slug: 'a', url: 'x' });
    expect(await links.count()).toBe(1);
  });
});

describe('the schema of an entity', () => {
  const Booking = defineEntity(
    'bookings',
    {
      id: slug(),
      from: field('integer', { required: true }),
      to: field('integer', { required: true }),
      kind: field('string', { default: 'room' }),
      guests: counterField(),
      tags: setField('string'),
      home: nested(() => defineNested({ city: field('string', { default: 'Oslo' }) })),
      createdAt: createdAtField(),
      version: versionField(),
    },
    {
      name: 'Booking',
      schema: z
        .strictObject({
          id: z.string(),
          from: z.number(),
          to: z.number(),
          kind: z.enum(['room', 'flat']),
          guests: z.number(),
          tags: z.array(z.string()),
          home: z
            .record(z.string(), z.string())
            .refine(({ city }) => city === 'Oslo')
            .optional(),
          createdAt: z.date(),
          version: z.number().optional(),
        })
        .refine(({ from, to }) => from < to, { error: 'ends before it begins' })
        .refine(({ kind, guests }) => kind === 'flat' || guests < 3, {
          path: ['guests'],
          error: 'are too many',
        }),
    },
  );

  it('sees a plain object of all that an insert stores', async () => {
    const bookings = await records(Booking);
    await bookings.insert({ id: 'a', from: 1, to: 2, home: {} });
    expect(await refusal(bookings.insert({ id: 'b', from: 2, to: 1 }))).toEqual([
      'ends before it begins (schema)',
    ]);
    expect(await refusal(bookings.insert({ id: 'b', from: 2, to: 1, kind: 'tent' }))).toEqual([
      'kind: Invalid option: expected one of "room"|"flat" (schema)',
    ]);
    expect(await refusal(bookings.insert({ id: 'b', from: 2 }))).toEqual(['to: to is required (isRequired)']);
  });

  it('is asked for whole records, not for parts of them', async () => {
    const bookings = await records(Booking);
    await bookings.insert({ id: 'a', from: 1, to: 2 });
    await bookings.update('a', { to: 0 });
    const loaded = await bookings.findOneByOrFail({ id: 'a' });
    loaded.kind = 'flat';
    const write = bookings.save(loaded);
    expect(await refusal(write)).toEqual(['ends before it begins (schema)']);
    await expect(write).rejects.toMatchObject({
      errors: [{ property: '', constraints: { schema: 'ends before it begins' } }],
    });
    const part = await bookings.findOneOrFail({ where: { id: 'a' }, select: ['id', 'kind'] });
    part.kind = 'flat';
    await bookings.save(part);
    await bookings.save({ id: 'a', from: -1 });
    loaded.to = 5;
    loaded.version = (await bookings.findOneByOrFail({ id: 'a' })).version;
    await bookings.increment('a', 'guests', 4);
    const full = await bookings.findOneByOrFail({ id: 'a' });
    full.kind = 'room';
    expect(await refusal(bookings.save(full))).toEqual(['guests: are too many (schema)']);
  });

  it('passes over what nobody knows yet', async () => {
    const Link = defineEntity(
      'links',
      { slug: slug(), title: field('string'), version: versionField() },
      { schema: z.object({ title: z.string(), version: z.number() }) },
    );
    const links = await records(Link);
    await links.insert({ slug: 'a', title: 't' });
    expect(await refusal(links.insert({ slug: 'b' }))).toEqual([
      'title: Invalid input: expected string, received undefined (schema)',
    ]);
  });

  it('stands beside those of fields, which say the same once', async () => {
    const title = z.string().min(2);
    const Link = defineEntity(
      'links',
      { slug: slug(), title: field('string', { schema: title }) },
      { schema: z.object({ title }) },
    );
    const links = await records(Link);
    expect(await refusal(links.insert({ slug: 'b', title: 'x' }))).toEqual([
      'title: Too small: expected string to have >=2 characters (schema)',
    ]);
  });
});

it.each([
  ['no schema', { title: 'string' }],
  ['one of another version', { '~standard': { version: 2, vendor: 'x', validate: () => undefined } }],
  ['one without validate', { '~standard': { version: 1, vendor: 'x' } }],
  ['null', null],
])('refuses %s as the schema of a field and of an entity', async (_, schema) => {
  const given = schema as never;
  const Link = defineEntity(
    'links',
    { slug: slug(), title: field('string', { schema: given }) },
    { schema: given },
  );
  const dataSource = new DataSource({ entities: [Link], logger: silentLogger });
  const says = 'its schema is no Standard Schema. Give it one of a library that follows the specification';
  await expect(dataSource.initialize()).rejects.toMatchObject({
    kind: 'invalid_metadata',
    problems: [
      { property: 'title', text: expect.stringContaining(says) },
      { text: expect.stringContaining(says) },
    ],
  });
});
