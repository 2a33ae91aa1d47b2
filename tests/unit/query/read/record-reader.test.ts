import { DustError } from '../../../../src/errors.js';
import { silentLogger } from '../../../../src/logging.js';
import type { RecordProblem } from '../../../../src/mapping/types.js';
import type { JsonValue } from '../../../../src/protocol/values/value.js';
import type { FindManyOptions, OnInvalidRecord, Query } from '../../../../src/query/index.js';
import {
  compileQuery,
  In,
  InvalidRecordError,
  MoreThan,
  Not,
  RecordReader,
} from '../../../../src/query/index.js';
import { fakeMapper, FakeStore } from '../fake-store.js';
import type { Thing } from '../metadata.js';
import { thingMetadata } from '../metadata.js';

const metadata = thingMetadata();
const query = (options: FindManyOptions<Thing> = {}): Query<Thing> => compileQuery(metadata, options);
const slugsOf = (things: readonly Thing[]): string => things.map(({ slug }) => slug).join(' ');

function setUp(onInvalidRecord?: OnInvalidRecord) {
  const store = new FakeStore();
  const warnings: string[] = [];
  const logger = { ...silentLogger, warn: (message: string) => void warnings.push(message) };
  const reader = new RecordReader<Thing>({
    transport: store,
    mapper: fakeMapper(metadata),
    logger,
    ...(onInvalidRecord !== undefined && { onInvalidRecord }),
  });
  return { store, reader, warnings };
}

/** Things a01, a02 … with a count and a title each. */
function fill(store: FakeStore, number: number): void {
  for (let i = 1; i <= number; i++) {
    const base = `things/a${String(i).padStart(2, '0')}`;
    store.write({ [`${base}/title`]: `t${i}`, [`${base}/count`]: i % 5 });
  }
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

describe('find', () => {
  it('walks every page', async () => {
    const { store, reader } = setUp();
    fill(store, 20);
    store.pageLimit = 3;
    const found = await reader.find(query());
    expect(found).toHaveLength(20);
    expect(found.map(({ title }) => title)).toEqual(Array.from({ length: 20 }, (_, i) => `t${i + 1}`));
    expect(store.listed).toHaveLength(14);
  });

  it('keeps to the prefix', async () => {
    const { store, reader } = setUp();
    store.write({ 'things-2/x/title': 'no', 'things/x/title': 'yes', 'thing/x/title': 'no', things: 'no' });
    expect((await reader.find(query())).map(({ title }) => title)).toEqual(['yes']);
  });

  it('filters, orders, skips and takes', async () => {
    const { store, reader } = setUp();
    fill(store, 20);
    const where = { count: Not(0) };
    expect(slugsOf(await reader.find(query({ where, skip: 2, take: 3 })))).toBe('a03 a04 a06');
    expect(slugsOf(await reader.find(query({ where, order: { count: 'DESC' }, skip: 1, take: 4 })))).toBe(
      'a09 a14 a19 a03',
    );
    expect(slugsOf(await reader.find(query({ where, order: { count: 'ASC' }, skip: 15 })))).toBe('a19');
  });

  it('keeps the best of many when it orders and takes', async () => {
    const { store, reader } = setUp();
    for (let i = 0; i < 5000; i++) {
      store.write({ [`things/s${i}/title`]: 't', [`things/s${i}/count`]: (i * 7919) % 5000 });
    }
    const found = await reader.find(query({ order: { count: 'DESC' }, skip: 1, take: 3 }));
    expect(found.map(({ count }) => count)).toEqual([4998, 4997, 4996]);
  });

  it('stops reading when it has what it needs', async () => {
    const { store, reader } = setUp();
    fill(store, 90);
    expect(slugsOf(await reader.find(query({ skip: 1, take: 2 })))).toBe('a02 a03');
    expect(store.listed).toEqual([3 * metadata.fields.length + 1]);
    expect(store.subtreesRead).toEqual([]);
  });

  it('reads nothing when it is to take nothing', async () => {
    const { store, reader } = setUp();
    fill(store, 3);
    expect(await reader.find(query({ take: 0 }))).toEqual([]);
    expect(await reader.find(query({ take: 0, order: { count: 'ASC' } }))).toEqual([]);
    expect(store.listed).toEqual([]);
  });

  it('asks for larger pages as it goes on, up to the largest', async () => {
    const { store, reader } = setUp();
    fill(store, 99);
    store.pageLimit = 20;
    await reader.find(query({ where: { count: 9 }, take: 1 }));
    expect(store.listed.slice(0, 5)).toEqual([15, 60, 240, 960, 1000]);
  });

  it('reads records by slug when where names them', async () => {
    const { store, reader } = setUp();
    fill(store, 60);
    const slugs = ['a30', 'missing', 'a02', ...Array.from({ length: 40 }, (_, i) => `a${i + 10}`)];
    const found = await reader.find(query({ where: { slug: In(slugs), count: MoreThan(1) }, take: 3 }));
    expect(slugsOf(found)).toBe('a02 a12 a13');
    expect(store.listed).toEqual([]);
    expect(store.subtreesRead).toHaveLength(16);
  });

  it('rejects when a later page fails', async () => {
    const { store, reader } = setUp();
    fill(store, 5);
    store.pageLimit = 3;
    store.beforePage = (page) => {
      if (page === 2) throw new DustError('network', 'The line is dead.');
    };
    const dead = expect.objectContaining({ kind: 'network' });
    await expect(reader.find(query())).rejects.toEqual(dead);
    store.listed.length = 0;
    await expect(reader.count(query())).rejects.toEqual(dead);
    store.listed.length = 0;
    await expect(collect(reader.stream(query()))).rejects.toEqual(dead);
  });

  it('is called off by its signal', async () => {
    const { store, reader } = setUp();
    fill(store, 5);
    store.pageLimit = 3;
    const controller = new AbortController();
    store.beforePage = (page) => {
      if (page === 2) controller.abort();
    };
    await expect(reader.find(query({ signal: controller.signal }))).rejects.toMatchObject({
      kind: 'aborted',
    });
    expect(store.listed).toHaveLength(2);
    await expect(
      reader.find(query({ where: { slug: 'a01' }, signal: controller.signal })),
    ).rejects.toMatchObject({
      kind: 'aborted',
    });
  });
});

describe('a record that meets the end of a page', () => {
  const versions = (store: FakeStore, values: Record<string, JsonValue | undefined>) => {
    store.pageLimit = 3;
    store.afterPage = (page) => {
      if (page === 1) store.write(values);
    };
  };

  it('is never a mixture of two versions', async () => {
    const { store, reader } = setUp();
    fill(store, 3);
    versions(store, { 'things/a02/title': 'new', 'things/a02/count': 9 });
    expect(await reader.find(query())).toMatchObject([
      { slug: 'a01' },
      { title: 'new', count: 9 },
      { slug: 'a03' },
    ]);
    expect(store.subtreesRead).toContain('things/a02');
  });

  it('does not keep what another version has dropped behind the end', async () => {
    const { store, reader } = setUp();
    store.write({ 'things/a/count': 1, 'things/a/title': 'old', 'things/a/kind': 'a', 'things/a/zip': 1 });
    store.write({ 'things/b/title': 'b' });
    versions(store, { 'things/a/title': 'new', 'things/a/kind': 'b', 'things/a/zip': undefined });
    expect(await reader.find(query())).toMatchObject([{ title: 'new', kind: 'b' }, { slug: 'b' }]);
  });

  it('is left out when it has gone meanwhile', async () => {
    const { store, reader } = setUp();
    fill(store, 3);
    versions(store, { 'things/a02/title': undefined, 'things/a02/count': undefined });
    expect(slugsOf(await reader.find(query()))).toBe('a01 a03');
  });

  it('comes once, however many pages it fills', async () => {
    const { store, reader } = setUp();
    const leaves = Object.fromEntries(
      metadata.fields.map(({ wireSegment }) => [`things/a/${wireSegment}`, 1]),
    );
    store.write(leaves).write({ 'things/b/title': 'b' });
    store.pageLimit = 3;
    expect(slugsOf(await reader.find(query()))).toBe('a b');
    expect(store.subtreesRead.filter((path) => path === 'things/a')).toHaveLength(1);
  });

  it('comes once when it has a leaf at its own path, far from the rest', async () => {
    const { store, reader } = setUp();
    store.write({
      'things/a': 'stray',
      'things/a-1/title': 'x',
      'things/a-2/title': 'y',
      'things/a/title': 'z',
    });
    for (const limit of [1, 2, 3, 1000]) {
      store.pageLimit = limit;
      expect(slugsOf(await reader.find(query()))).toBe('a-1 a-2 a');
    }
  });
});

describe('the other reads', () => {
  it('findOne gives the first in order', async () => {
    const { store, reader } = setUp();
    fill(store, 9);
    expect(await reader.findOne(query({ where: { count: 4 } }))).toMatchObject({ slug: 'a04' });
    expect(await reader.findOne(query({ order: { slug: 'DESC' } }))).toMatchObject({ slug: 'a09' });
    expect(await reader.findOne(query({ where: { count: 7 } }))).toBeNull();
  });

  it('count and exists do not regard skip and take', async () => {
    const { store, reader } = setUp();
    fill(store, 9);
    expect(await reader.count(query({ where: { count: Not(0) }, skip: 5, take: 0 }))).toBe(8);
    expect(await reader.exists(query({ skip: 99 }))).toBe(true);
    expect(await reader.exists(query({ where: { count: 9 } }))).toBe(false);
  });

  it('exists reads no more than it has to', async () => {
    const { store, reader } = setUp();
    fill(store, 90);
    await reader.exists(query());
    expect(store.listed).toEqual([metadata.fields.length + 1]);
  });

  it('findAndCount gives a part and counts the whole', async () => {
    const { store, reader } = setUp();
    fill(store, 9);
    store.pageLimit = 3;
    const [found, count] = await reader.findAndCount(query({ where: { count: Not(0) }, skip: 1, take: 2 }));
    expect([slugsOf(found), count]).toEqual(['a02 a03', 8]);
  });

  it('stream reads the next page when the one before is consumed', async () => {
    const { store, reader } = setUp();
    fill(store, 9);
    store.pageLimit = 4;
    const seen: [string, number][] = [];
    for await (const { slug } of reader.stream(query({ skip: 1, take: 4 }))) {
      seen.push([slug, store.listed.length]);
    }
    expect(seen).toEqual([
      ['a02', 1],
      ['a03', 2],
      ['a04', 2],
      ['a05', 3],
    ]);
    expect(store.listed).toHaveLength(3);
  });

  it('stream has no other order than the store', async () => {
    const { reader } = setUp();
    await expect(collect(reader.stream(query({ order: { title: 'ASC' } })))).rejects.toMatchObject({
      kind: 'invalid_options',
      message:
        'Thing: a stream comes in store order and cannot be ordered. Leave "order" out, or use find().',
    });
  });

  it('everyMatch gives entities with their records, whatever the window and the order', async () => {
    const { store, reader } = setUp();
    fill(store, 2);
    const matches = await reader.everyMatch(query({ order: { title: 'DESC' }, skip: 1, take: 1 }));
    const [first] = matches;
    expect(matches).toHaveLength(2);
    expect(first).toMatchObject({ entity: { slug: 'a01' }, record: { slug: 'a01', revision: 1 } });
    expect(first?.record.leaves.map(({ path }) => path)).toEqual(['things/a01/count', 'things/a01/title']);
  });

  it('getMany keeps the order asked for, repeats, and leaves out what is missing', async () => {
    const { store, reader } = setUp();
    fill(store, 3);
    const found = await reader.getMany(['a03', 'missing', 'a01', 'a03']);
    expect(slugsOf(found)).toBe('a03 a01 a03');
    expect(store.subtreesRead).toHaveLength(3);
    expect(await reader.getMany([])).toEqual([]);
    await expect(reader.getMany(['a01', ''])).rejects.toMatchObject({ kind: 'invalid_criteria' });
    await expect(reader.getMany('a01' as never)).rejects.toMatchObject({ kind: 'invalid_criteria' });
  });

  it('readRecord and readEntity read one, whatever its slug', async () => {
    const { store, reader } = setUp();
    store.write({ 'things/a~1b/title': 'x' }).write({ 'things/a~1b/count': 1 });
    expect(await reader.readRecord('a/b')).toMatchObject({ slug: 'a/b', revision: 2 });
    expect(await reader.readRecord('missing')).toBeUndefined();
    expect(await reader.readEntity('missing')).toBeNull();
    await expect(reader.readRecord('')).rejects.toMatchObject({
      kind: 'invalid_criteria',
      message: 'Thing.slug: the string "" is not a slug. A slug is never empty.',
    });
  });
});

describe('records that cannot be entities', () => {
  const spoil = (store: FakeStore): void => {
    fill(store, 2);
    store.write({ 'things/bad/count': 'x', 'things/bad/colour': 1 });
  };
  const sentence =
    'Thing "bad" cannot be read: missing title; malformed count (expected an integer, found text); unrecognised colour.';

  it('are left out with one warning for each, however often they are read', async () => {
    const { store, reader, warnings } = setUp();
    spoil(store);
    expect(slugsOf(await reader.find(query()))).toBe('a01 a02');
    expect(await reader.count(query({ where: { title: Not('none') } }))).toBe(2);
    expect(await reader.count(query())).toBe(3);
    expect(await reader.readEntity('bad')).toBeNull();
    expect(warnings).toEqual([`${sentence} It is left out of every result.`]);
    store.write({ 'things/bad/title': 'x' });
    await reader.find(query());
    expect(warnings).toHaveLength(2);
  });

  it('end the read when they are to be thrown', async () => {
    const { store, reader } = setUp('throw');
    spoil(store);
    const error: unknown = await reader.find(query()).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(InvalidRecordError);
    expect(error).toMatchObject({
      kind: 'invalid_record',
      entityName: 'Thing',
      slug: 'bad',
      path: 'things/bad',
      missing: ['title'],
      unrecognised: ['colour'],
      malformed: [{ field: 'count', reason: 'expected an integer, found text' }],
      message: `${sentence} Repair or delete the record, correct the class, or set onInvalidRecord to "skip".`,
    });
  });

  it('go to a function each time', async () => {
    const problems: RecordProblem[] = [];
    const { store, reader, warnings } = setUp((problem) => problems.push(problem));
    spoil(store);
    await reader.find(query());
    expect(await reader.findOne(query({ where: { slug: 'bad' } }))).toBeNull();
    expect(problems.map(({ slug }) => slug)).toEqual(['bad', 'bad']);
    expect(warnings).toEqual([]);
  });

  it('are named three times and counted from then on, in bounded memory', async () => {
    const { store, reader, warnings } = setUp();
    for (let i = 0; i < 1001; i++) store.write({ [`things/s${String(i).padStart(4, '0')}/count`]: 1 });
    await reader.find(query());
    expect(warnings).toHaveLength(3);
    expect(warnings[2]).toContain('It is left out of every result. Further ones are counted.');
    await reader.readEntity('s1000');
    reader.close();
    expect(warnings.slice(3)).toEqual([
      'Thing: 998 more of its records could not be read and were left out: 998 × missing title. ' +
        'dust-orm doctor --config … --records looks at all of them.',
    ]);
    await reader.readEntity('s1000');
    await reader.readEntity('s0000');
    reader.close();
    expect(warnings.slice(4)).toEqual([expect.stringContaining('Thing: 1 more of its records')]);
    reader.close();
    expect(warnings).toHaveLength(5);
  });

  it('values at the place of a record are reported once, and are no record', async () => {
    const { store, reader, warnings } = setUp();
    store.write({ 'things/a': 1, 'things/b/title': 'b' });
    expect(slugsOf(await reader.find(query()))).toBe('b');
    await reader.find(query());
    expect(await reader.readRecord('a')).toBeUndefined();
    expect(warnings).toEqual([
      'Thing has no use for the value at "things/a": fields lie one level deeper. It is left alone.',
    ]);
  });

  it('names without a field are reported once for the class, and harm nothing', async () => {
    const { store, reader, warnings } = setUp();
    fill(store, 3);
    store.write({ 'things/a01/colour': 1, 'things/a02/colour': 1, 'things/a02/shape': 1 });
    expect(await reader.find(query())).toHaveLength(3);
    await reader.find(query());
    expect(warnings).toEqual([
      'Thing has no field for "colour", found in "a01". It is kept as it is; declare it, or delete it.',
      'Thing has no field for "shape", found in "a02". It is kept as it is; declare it, or delete it.',
    ]);
  });
});
