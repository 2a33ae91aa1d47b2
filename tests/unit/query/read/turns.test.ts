import { silentLogger } from '../../../../src/logging.js';
import { compileQuery, RecordReader } from '../../../../src/query/index.js';
import { shortTurns } from '../../../../src/query/read/turns.js';
import { createMemoryStorage, Store } from '../../../../src/store/index.js';
import { EmbeddedTransport } from '../../../../src/transport/embedded/index.js';
import { fakeMapper } from '../fake-store.js';
import type { Thing } from '../metadata.js';
import { thingMetadata } from '../metadata.js';

const RECORDS = 600;
const RECORDS_IN_A_TURN = 50;

const metadata = thingMetadata();
let store: Store;
let transport: EmbeddedTransport;

beforeEach(async () => {
  store = new Store({ storage: createMemoryStorage() });
  transport = new EmbeddedTransport({ store });
  await transport.connect();
  const numbered = Array.from({ length: RECORDS }, (_, i) => [`a${i}`, { title: `t${i}` }]);
  await store.write({ op: 'set', path: 'things', value: Object.fromEntries(numbered) as never });
});

afterEach(async () => {
  await transport.close();
  await store.close();
});

/** A reader whose turns are over after so many records, and what it did of them. */
function setUp(onPause: () => void = () => undefined) {
  const done = { begun: 0, pauses: 0, longest: 0 };
  const turns = {
    begin: () => {
      done.begun++;
      let records = 0;
      return () => {
        done.longest = Math.max(done.longest, ++records);
        return records >= RECORDS_IN_A_TURN;
      };
    },
    pause: () => {
      done.pauses++;
      onPause();
      return shortTurns.pause();
    },
  };
  const mapper = fakeMapper(metadata);
  return { done, reader: new RecordReader<Thing>({ transport, mapper, logger: silentLogger, turns }) };
}

it('a find gives the event loop back', async () => {
  const { done, reader } = setUp();
  expect(await reader.find(compileQuery(metadata))).toHaveLength(RECORDS);
  expect(done).toMatchObject({ pauses: RECORDS / RECORDS_IN_A_TURN, longest: RECORDS_IN_A_TURN });
});

it('a find that somebody writes into is of the moment at which it began', async () => {
  let written: Promise<unknown> | undefined;
  const { done, reader } = setUp(() => {
    written ??= store.write({
      op: 'set',
      path: 'things',
      value: { a0: { title: 'new' }, b: { title: 'b' } },
    });
  });
  const found = await reader.find(compileQuery(metadata));
  await written;
  expect(found).toHaveLength(RECORDS);
  expect(found.map(({ title }) => title)).toEqual(found.map(({ slug }) => `t${slug.slice(1)}`));
  expect(done).toMatchObject({ pauses: RECORDS / RECORDS_IN_A_TURN, longest: RECORDS_IN_A_TURN });
});

it('a stream gives the event loop back, whoever takes its records without waiting for anything', async () => {
  const { done, reader } = setUp();
  let seen = 0;
  for await (const { title } of reader.stream(compileQuery(metadata))) seen += Number(title !== undefined);
  expect(seen).toBe(RECORDS);
  expect(done.pauses).toBeGreaterThanOrEqual(RECORDS / RECORDS_IN_A_TURN - 1);
  expect(done.longest).toBeLessThanOrEqual(RECORDS_IN_A_TURN);
});

/** Writes so many new records at once, and waits for them. */
const flood = (count: number, start = 0): Promise<unknown> =>
  store.writeBatch({
    operations: Array.from({ length: count }, (_, i) => ({
      op: 'set' as const,
      path: `things/b${start + i}/title`,
      value: 'b',
    })),
  });

it.each([
  ['find', (reader: RecordReader<Thing>) => reader.find(compileQuery(metadata))],
  ['everyMatch', (reader: RecordReader<Thing>) => reader.everyMatch(compileQuery(metadata))],
])(
  'a %s that somebody writes into at every turn looks at no more in a turn than any other',
  async (_, read) => {
    const writes: Promise<unknown>[] = [];
    const { done, reader } = setUp(() => {
      writes.push(flood(5, writes.length * 5));
    });
    expect(await read(reader)).toHaveLength(RECORDS);
    await Promise.all(writes);
    expect(writes).toHaveLength(RECORDS / RECORDS_IN_A_TURN);
    expect(done.longest).toBe(RECORDS_IN_A_TURN);
  },
);

it('a find that too much is written into begins again, at last in one turn, and is of one moment', async () => {
  const writes: Promise<unknown>[] = [];
  const { done, reader } = setUp(() => {
    for (let i = 0; i < 11; i++) writes.push(flood(1000, writes.length * 1000));
  });
  const found = await reader.find(compileQuery(metadata));
  await Promise.all(writes);
  expect(found.length).toBe(RECORDS + 22_000);
  expect(done.pauses).toBe(2);
});

it('what nobody reads any more is not held, however the read ends', async () => {
  const controller = new AbortController();
  const { reader } = setUp(() => {
    controller.abort();
  });
  const called = reader.find({ ...compileQuery(metadata), signal: controller.signal });
  await expect(called).rejects.toMatchObject({ kind: 'aborted' });
  const records = store.records('things');
  const held = Array.from({ length: 65 }, () => {
    const one = records.hold!();
    void store.write({ op: 'set', path: 'things/a0/title', value: 'again' });
    return one;
  });
  // So many and no more: each is told of every change.
  expect(held.map((one) => one !== undefined)).toEqual([...Array.from({ length: 64 }, () => true), false]);
  expect(records.get('a0')!.leaves[0]!.value).toBe('again');
  expect(held[0]!.records.get('a0')!.leaves[0]!.value).toBe('t0');
  expect(held[0]!.records.hold!()).toBeUndefined();
  for (const one of held) one?.release();
  expect(records.hold!()?.isWhole).toBe(true);
});

it('what was written and undone is nothing that was held', async () => {
  const storage = createMemoryStorage();
  const other = new Store({ storage });
  await other.write({ op: 'set', path: 'things/a/title', value: 'before' });
  const held = other.records('things').hold!()!;
  const commit = storage.commit.bind(storage);
  storage.commit = async (work) => {
    await commit(work);
    throw new Error('the medium failed');
  };
  await expect(other.write({ op: 'set', path: 'things/a/title', value: 'x' })).rejects.toThrow('medium');
  expect(held.isWhole).toBe(false);
  held.release();
  await other.close();
});
