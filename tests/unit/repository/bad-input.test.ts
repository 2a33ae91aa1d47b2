import type { DataSource, Repository } from '../../../src/index.js';
import { Document, Link, link, Profile, useDataSources } from './support.js';

const open = useDataSources();

let dataSource: DataSource;
let links: Repository<Link>;

beforeEach(async () => {
  ({ dataSource } = await open([Link, Profile, Document]));
  links = dataSource.getRepository(Link);
  await links.insert(link('dust'));
});

async function storeSeq(): Promise<number | null> {
  return (await dataSource.transport.status()).storeSeq;
}

/** What a program without types gets from `call`, which must leave the store as it is. */
async function refusal(call: () => unknown): Promise<unknown> {
  const before = await storeSeq();
  const refused = Promise.resolve().then(call);
  const outcome = await refused.then(
    () => 'accepted',
    (error: unknown) => error,
  );
  expect(await storeSeq()).toBe(before);
  return outcome;
}

/** A value of any type in a place for another, as in a program without types. */
const untyped = (value: unknown): never => value as never;

const NO_OBJECTS: readonly (readonly [string, unknown])[] = [
  ['null', null],
  ['the string "a"', 'a'],
  ['the number 5', 5],
  ['a function', () => undefined],
  ['a Promise (is an await missing?)', Promise.resolve(link('late'))],
];

describe('something else than an entity', () => {
  const METHODS: Record<string, (value: never) => unknown> = {
    create: (value) => links.create(value),
    'merge from': (value) => links.merge(new Link(), value),
    'merge into': (value) => links.merge(value, { title: 't' }),
    preload: (value) => links.preload(value),
    save: (value) => links.save(value),
    insert: (value) => links.insert(value),
    upsert: (value) => links.upsert(value),
    remove: (value) => links.remove(value),
    update: (value) => links.update('dust', value),
    revisionOf: (value) => links.revisionOf(value),
    'manager.save with the class': (value) => dataSource.manager.save(Link, value),
    'batch insert': (value) => dataSource.manager.batch((batch) => batch.insert(Link, value)),
  };

  it.each(
    Object.entries(METHODS).flatMap(([method, call]) =>
      NO_OBJECTS.map(([name, value]) => ({ method, name, call, value })),
    ),
  )('is refused by $method: $name', async ({ name, call, value }) => {
    expect(await refusal(() => call(untyped(value)))).toMatchObject({
      kind: 'invalid_value',
      message: `Link: expected an entity or a plain object, not ${name}. Nothing was written.`,
    });
  });

  it.each<readonly [string, unknown]>([
    ...NO_OBJECTS.filter(([name]) => name !== 'a function'),
    ['undefined', undefined],
  ])('is refused where only an instance tells the class: %s', async (name, value) => {
    const message = `Expected an entity, an instance of one of the data source's classes, not ${name}. Nothing was written.`;
    const { manager } = dataSource;
    for (const call of [
      () => manager.save(untyped(value)),
      () => manager.remove(untyped(value)),
      () => manager.batch((batch) => batch.save(untyped(value))),
      () => manager.batch((batch) => batch.remove(untyped(value))),
    ]) {
      expect(await refusal(call)).toMatchObject({ kind: 'invalid_value', message });
    }
  });

  it('is missing behind the class', async () => {
    expect(await refusal(() => dataSource.manager.save(untyped(Link)))).toMatchObject({
      kind: 'invalid_value',
      message: expect.stringContaining('not undefined'),
    });
  });
});

describe('an instance of another entity', () => {
  it('is neither written nor taken for the record of the same slug', async () => {
    const stray: Link = untyped(dataSource.getRepository(Profile).create({ slug: 'dust', name: 'Somebody' }));
    for (const call of [
      () => links.remove(stray),
      () => links.save(stray),
      () => links.insert(stray),
      () => dataSource.manager.batch((batch) => batch.insert(Link, stray)),
    ]) {
      expect(await refusal(call)).toMatchObject({
        kind: 'invalid_value',
        message:
          'Link: expected an entity or a plain object, not an instance of the entity Profile. ' +
          'Use the repository of Profile, or make a Link of it with create(); nothing was written.',
      });
    }
    expect(await links.existsBy({ slug: 'dust' })).toBe(true);
  });

  it('is a template for create', () => {
    const profile = dataSource.getRepository(Profile).create({ slug: 'ada', name: 'Ada' });
    expect(links.create(untyped(profile))).toMatchObject({ slug: 'ada' });
  });

  it('is none when it is of no entity class at all', async () => {
    class Form {
      slug = 'form';
      title = 'From a form';
      url = 'https://example.com/';
    }
    expect(await links.save(new Form())).toBeInstanceOf(Link);
  });
});

describe('a slug that is none', () => {
  it.each([
    ['undefined', undefined],
    ['the string ""', ''],
    ['the number 5', 5],
    ['an object', { toString: 'x' }],
    ['the string "\\ud800"', '\ud800'],
  ])('is refused with class and property: %s', async (name, slug) => {
    for (const call of [
      () => links.putFile(untyped(slug), 'icon', 'x', { filename: 'f' }),
      () => links.openFile(untyped(slug), 'icon'),
      () => dataSource.manager.batch((batch) => batch.delete(Link, untyped(slug))),
    ]) {
      expect(await refusal(call)).toMatchObject({
        kind: 'invalid_criteria',
        message: `Link.slug: ${name} is not a slug. Give a non-empty, well-formed string; nothing was written.`,
      });
    }
  });
});

describe('arguments of the wrong kind', () => {
  it.each([
    [{ signal: 5 }, 'the number 5'],
    [{ signal: {} }, 'an object'],
  ])('a signal that is none: %j', async (options, found) => {
    const given: { signal: AbortSignal } = untyped(options);
    const document = dataSource.getRepository(Document).create({ slug: 'd', text: 't' });
    const calls: Record<string, () => unknown> = {
      insert: () => links.insert(link('other'), given),
      insertMany: () => links.insertMany([link('other')], given),
      update: () => links.update('dust', { title: 'x' }, given),
      save: () => dataSource.manager.save(document, given),
      delete: () => links.delete('dust', given),
      clear: () => links.clear(given),
      increment: () => links.increment('dust', 'views', 1, given),
      lease: () => dataSource.manager.lease('jobs', given),
    };
    for (const [method, call] of Object.entries(calls)) {
      expect(await refusal(call)).toMatchObject({
        kind: 'invalid_options',
        message: `${method}: signal must be an AbortSignal, not ${found}.`,
      });
    }
  });

  it.each([
    ['undefined', undefined],
    ['the number 5', 5],
    ['the string "abc"', 'abc'],
    ['an object', { slug: 'a' }],
  ])('records for insertMany that are no list: %s', async (name, records) => {
    expect(await refusal(() => links.insertMany(untyped(records)))).toMatchObject({
      kind: 'invalid_value',
      message: `Link: insertMany takes an array or another (async) iterable of records, not ${name}.`,
    });
  });

  it('functions that are none', async () => {
    const { manager } = dataSource;
    expect(await refusal(() => manager.batch(untyped(5)))).toMatchObject({
      message: 'batch: its argument must be a function, not the number 5.',
    });
    expect(await refusal(() => manager.singleFlight('k', untyped(undefined)))).toMatchObject({
      message: 'singleFlight: compute must be a function, not undefined.',
    });
    expect(await refusal(() => links.insertMany([link('a')], { onProgress: untyped(true) }))).toMatchObject({
      message: 'insertMany: onProgress must be a function, not the boolean true.',
    });
  });

  it.each([
    ['undefined', undefined],
    ['the number 5', 5],
    ['an array', ['jobs', 5]],
  ])('keys of leases and single flights: %s', async (name, key) => {
    const { manager } = dataSource;
    expect(await refusal(() => manager.lease(untyped(key)))).toMatchObject({
      kind: 'invalid_params',
      message: `A lease key is a path such as "jobs/nightly" or a list of its segments, not ${name}.`,
    });
    expect(await refusal(() => manager.singleFlight(untyped(key), () => 1))).toMatchObject({
      kind: 'invalid_params',
      message: expect.stringContaining('single-flight key'),
    });
  });

  it.each([
    ['the number 1', 1],
    ['the string "yes"', 'yes'],
    ['null', null],
  ])('an ifAbsent that is neither true nor false: %s', async (name, ifAbsent) => {
    expect(await refusal(() => links.insert(link('other'), { ifAbsent: untyped(ifAbsent) }))).toMatchObject({
      kind: 'invalid_options',
      message: `insert: ifAbsent must be true or false, not ${name}.`,
    });
  });

  it('a holder that is no string', async () => {
    expect(await refusal(() => dataSource.manager.lease('jobs', { holder: untyped(5) }))).toMatchObject({
      kind: 'invalid_options',
      message: 'lease: holder must be a string, not the number 5.',
    });
  });

  it.each([
    ['content', 'undefined', undefined],
    ['content', 'an array', [1, 2, 3]],
    ['content', 'an object', new URL('file:///tmp/a')],
    [
      'a chunk of the stream',
      'the number 5',
      (async function* () {
        yield await Promise.resolve(5);
      })(),
    ],
  ])('%s of a file: %s', async (what, name, content) => {
    expect(
      await refusal(() => links.putFile('dust', 'icon', untyped(content), { filename: 'f' })),
    ).toMatchObject({
      kind: 'invalid_value',
      message: `putFile: ${what} must be text, a Uint8Array or, for the content as a whole, a stream of these, not ${name}. Nothing was written.`,
    });
  });

  it('properties: a misspelt one is guessed, something else is described', async () => {
    expect(await refusal(() => links.increment('dust', untyped('vews'), 1))).toMatchObject({
      message: expect.stringContaining(
        'Link has no field "vews". Did you mean "views"? Its fields are title,',
      ),
    });
    expect(await refusal(() => links.increment('dust', untyped({ toString: null }), 1))).toMatchObject({
      message: expect.stringContaining('Link has no field that is an object. Its fields are'),
    });
    for (const name of ['constructor', '__proto__', 'toString']) {
      const partial: object = untyped(JSON.parse(`{ ${JSON.stringify(name)}: { "title": "x" } }`));
      expect(await refusal(() => links.update('dust', partial))).toMatchObject({ kind: 'invalid_criteria' });
      expect(await refusal(() => links.delete(untyped(partial)))).toMatchObject({ kind: 'invalid_criteria' });
    }
  });
});

describe('a frozen entity', () => {
  it('is saved, and stays as it is', async () => {
    const documents = dataSource.getRepository(Document);
    const document = Object.freeze(documents.create({ slug: 'd', text: 'frozen' }));
    expect(await documents.save(document)).toBe(document);
    expect(document.version).toBeUndefined();
    expect(documents.revisionOf(document)).toBe((await documents.findOneByOrFail({ slug: 'd' })).version);
  });
});
