import { randomUUID } from 'node:crypto';
import type { DataSourceOptions, TransportFactory } from '../../src/index.js';
import { DataSource } from '../../src/index.js';
import { silentLogger } from '../../src/logging.js';
import type { EntityClass } from '../../src/metadata/types.js';
import type { TestClock } from '../../src/testing/index.js';
import type { Transport, TransportCapabilities } from '../../src/transport/transport.js';
import type { Need } from './rows/left-out.js';
import { isCapability, leftOut } from './rows/left-out.js';
import type { StoreUnderTest, TransportRow } from './rows/row.js';
import { SuiteClock } from './suite-clock.js';
import { TRANSPORTS } from './rows/transports.js';

/** What a contract test works with: clients of one store, each let go when the test ends. */
export interface ContractContext {
  readonly capabilities: TransportCapabilities;
  /**
   * The time of every client and of the store, moved on by hand. A server already running goes by its own: tests that
   * rely on the store's are made with `itWith('clock', …)`, and no other may rely on a lease that is short.
   */
  readonly clock: TestClock;
  /** The way to the store, for data sources that a test makes itself. */
  readonly transport: TransportFactory;
  /** A prefix that no other test uses: stores are shared, and some are not empty. Write nowhere else. */
  uniquePrefix(): string[];
  /** An initialised data source on the store. */
  connect(entities: readonly EntityClass[], options?: Partial<DataSourceOptions>): Promise<DataSource>;
  /** Another client of the store, below all mapping: what some other program would write. */
  otherWriter(): Promise<Transport>;
  /** Another client that can write all that a store can hold, whatever this transport can. */
  insider(): Promise<Transport>;
  /**
   * What stands at and below these prefixes, with revisions: equal before and after when nothing was written there. Where the
   * store is the test's own, also when nothing was written anywhere.
   */
  stateOf(...prefixes: readonly (readonly string[])[]): Promise<unknown>;
  /**
   * As `it`, for tests that need a capability, or what a server already running may not offer: there they are listed as left out.
   * Of the tests that store files, those made with `itWith('a file', …)` may store one on each transport, all together.
   */
  itWith(need: Need, title: string, test: () => Promise<void>): void;
}

/**
 * States a behaviour once and tests it on every transport; with `needs`, on every transport that has the capability.
 * What the others do instead is stated in capabilities.test.ts.
 */
export function describeContract(
  title: string,
  suite: (context: ContractContext) => void,
  { needs }: { readonly needs?: keyof TransportCapabilities } = {},
): void {
  for (const row of TRANSPORTS) {
    if (needs === undefined || row.capabilities[needs]) {
      describe(`${title}, on ${row.name}`, () => suite(contextOf(row)));
    } else if (row.remote !== undefined) {
      it.todo(leftOut(`all tests of "${title}", on ${row.name}`, needs));
    }
  }
}

/** The context of one suite on one transport. Opens the store before the suite's tests and closes it after them. */
function contextOf(row: TransportRow): ContractContext {
  if (row.remote !== undefined) jest.setTimeout(row.remote.timeout);
  const disposals: (() => Promise<void>)[] = [];
  let opened: StoreUnderTest | undefined;
  const clock = new SuiteClock(async (ms) => opened?.advance?.(ms));

  beforeAll(async () => {
    opened = await row.open(clock);
  });

  afterEach(async () => {
    for (const dispose of disposals.splice(0).reverse()) await dispose();
  });

  afterAll(async () => {
    await opened?.dispose();
  });

  const open = (): StoreUnderTest => {
    if (opened === undefined) throw new Error('The store is open only while tests run.');
    return opened;
  };

  const connected = async (make: TransportFactory, name: string): Promise<Transport> => {
    const deviceId = `${name}-${randomUUID()}`;
    const transport = make({ store: 'local/default', clock, logger: silentLogger, deviceId });
    disposals.push(() => transport.close());
    await transport.connect();
    return transport;
  };

  return {
    capabilities: row.capabilities,
    clock,
    transport: (options) => open().transport(options),
    uniquePrefix: () => [row.remote?.root ?? 'contract', randomUUID()],
    connect: async (entities, options = {}) => {
      const { transport } = open();
      const dataSource = new DataSource({ entities, transport, clock, logger: silentLogger, ...options });
      disposals.push(() => dataSource.destroy());
      return dataSource.initialize();
    },
    otherWriter: () => connected(open().transport, 'other'),
    insider: () => connected(open().insider, 'insider'),
    stateOf: (...prefixes) => open().state(prefixes.map((segments) => segments.join('/'))),
    itWith: (need, title, test) => {
      const isThere = isCapability(need) ? row.capabilities[need] : row.remote?.lacks.has(need) !== true;
      if (isThere) it(title, test);
      else if (row.remote !== undefined) it.todo(leftOut(title, need));
    },
  };
}
