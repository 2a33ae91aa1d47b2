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
