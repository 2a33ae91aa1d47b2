import type { DustError } from '../../../src/errors.js';
import { DataSource, EmbeddedTransport, silentLogger } from '../../../src/index.js';
import { createMemoryStorage, Store } from '../../../src/store/index.js';
import { refusalOf } from '../store/open-store.js';
import { Link } from '../repository/support.js';
import { takenOptions } from './entry-points.js';
import type { Row, Unknown, World } from './rows.js';
import { NAMELESS, NESTED, ROWS } from './rows.js';

/** A compiler has to read the whole package first. */
const READING_TIME = 120_000;

let world: World & { readonly dataSource: DataSource };

beforeEach(async () => {
  const store = new Store({ storage: createMemoryStorage() });
  const transport = new EmbeddedTransport({ store });
  const dataSource = new DataSource({ entities: [Link], transport, logger: silentLogger });
  world = { dataSource: await dataSource.initialize(), store };
});

afterEach(async () => {
  await world.dataSource.destroy();
  await world.store.close();
});

/** The decorators tell what is wrong with a class all at once, when it is compiled. */
const kindOf = (name: string): string =>
  /^(\w*[fF]ield|[sS]lug|SlugOptions|[rR]ef|Index|DustEntity|defineEntity|nested|EntityOptions|SetFieldOptions|\w*DefinitionOptions|DefineEntityOptions)$/.test(
    name,
  )
    ? 'invalid_metadata'
    : 'invalid_options';

const refusalBy = (row: Row): Promise<DustError> =>
  refusalOf(async () => row({ unknownOption: 1 } as Unknown, world));

const isRow = (row: Row | string): row is Row => typeof row !== 'string';

test(
  'every function, constructor and method that takes options has a row here, and every type of options',
  () => {
    const { callables, nested } = takenOptions();
    expect(Object.keys(ROWS).sort()).toEqual(callables);
    expect(Object.keys(NESTED).sort()).toEqual(nested);
  },
  READING_TIME,
);

test.each([
  ...Object.entries(ROWS),
  ...Object.entries(NESTED).flatMap(([name, row]) => (isRow(row) ? [[name, row] as const] : [])),
  ...Object.entries(NAMELESS),
])('%s refuses an option that it does not know', async (name, row) => {
  const { kind, message } = await refusalBy(row);
  expect({ kind, message }).toEqual({
    kind: kindOf(name),
    message: expect.stringContaining('unknownOption'),
  });
});

test.each([
  ['serve', 'serve has no option "path". Did you mean "data"?', { path: './data' }],
  ['serve', 'serve has no option "rateLimit". Did you mean "rateLimits"?', { rateLimit: false }],
  [
    'openStore',
    'openStore has no option "folder". It knows path, verify, cluster, clock, logger.',
    { folder: 'x' },
  ],
  ['Repository.save', 'save has no option "ifmatch". Did you mean "ifMatch"?', { ifmatch: 1 }],
  [
    'EmbeddedTransport.set',
    'transport.set has no option "ifabsent". Did you mean "ifAbsent"?',
    { ifabsent: true },
  ],
  ['RateLimits', 'rateLimits has no option "read". Did you mean "reads"?', { read: 1 }],
  [
    'openStore',
    'openStore: its options must be an object with path, verify, cluster, clock, logger, not a string.',
    './data',
  ],
  ['serve', 'serve: its options must be an object with', null],
] as const)('%s says %j', async (name, message, options) => {
  const row = { ...NESTED, ...ROWS }[name]!;
  if (!isRow(row)) throw new TypeError('this one has no row');
  const error = await refusalOf(async () => row(options as Unknown, world));
  expect(error.message).toContain(message);
});
