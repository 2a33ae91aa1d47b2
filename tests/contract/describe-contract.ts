import { randomUUID } from 'node:crypto';
import type { DataSourceOptions, TransportFactory } from '../../src/index.js';
import { DataSource, EmbeddedTransport } from '../../src/index.js';
import { silentLogger } from '../../src/logging.js';
import type { EntityClass } from '../../src/metadata/types.js';
import { TestClock } from '../../src/testing/index.js';
import type { Transport, TransportCapabilities } from '../../src/transport/transport.js';
import { announcingWrites } from './announcing-writes.js';
import type { Need } from './left-out.js';
import { isNeed, leftOut } from './left-out.js';
import type { StoreUnderTest, TransportRow } from './row.js';
import { TRANSPORTS } from './transports.js';

/** What a contract test works with: clients of one store, each let go when the test ends. */
export interface ContractContext {
  readonly capabilities: TransportCapabilities;
  /** The time of the store and of every client; moved on by hand. A server already running goes by its own. */
  readonly clock: TestClock;
  /** The way to the store, for data sources that a test makes itself. */
  readonly transport: TransportFactory;
  /** A prefix that no other test uses: stores are shared, and some are not empty. Write nowhere else. */
  uniquePrefix(): string[];
  /** An initialised data source on the store. */
  connect(entities: readonly EntityClass[], options?: Partial<DataSourceOptions>): Promise<DataSource>;
  /** Another client of the store, below all mapping: what some other program would write. */
  otherWriter(): Promise<Transport>;
  /** A client that can do all that a store can do, for tests made with `itWith('store', …)`. */
  insider(): Promise<Transport>;
  /**
   * What stands at and below these prefixes, with revisions: equal before and after when nothing was written there. Where the
   * store is the test's own, also when nothing was written anywhere.
   */
  stateOf(...prefixes: readonly (readonly string[])[]): Promise<unknown>;
  /** As `it`, for tests that need what a server already running does not offer: there they are listed as left out. */
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
    } else if (row.remoteRoot !== undefined && isNeed(needs)) {
      it.todo(leftOut(`all tests of "${title}"`, needs));
    }
  }
}

/** The context of one suite on one transport. Opens the store before the suite's tests and closes it after them. */
function contextOf(row: TransportRow): ContractContext {
  if (row.timeout !== undefined) jest.setTimeout(row.timeout);
  const clock = new TestClock();
  const disposals: (() => Promise<void>)[] = [];
  let opened: StoreUnderTest | undefined;

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

  const connected = async (transport: Transport): Promise<Transport> => {
    disposals.push(() => transport.close());
    await transport.connect();
    return transport;
  };

  const otherWriter = (): Promise<Transport> =>
    connected(
      open().transport({
        store: 'local/default',
        clock,
        logger: silentLogger,
        deviceId: `other-${randomUUID()}`,
      }),
    );

  return {
    capabilities: row.capabilities,
    clock,
    transport: (options) => open().transport(options),
    uniquePrefix: () => [row.remoteRoot ?? 'contract', randomUUID()],
    connect: async (entities, options = {}) => {
      const { transport } = open();
      const dataSource = new DataSource({ entities, transport, clock, logger: silentLogger, ...options });
      disposals.push(() => dataSource.destroy());
      return dataSource.initialize();
    },
    otherWriter,
    insider: () => {
      const { store, settled = () => Promise.resolve() } = open();
      if (store === undefined) throw new Error('Only tests made with itWith may ask for the store itself.');
      const transport = new EmbeddedTransport({ store, deviceId: `insider-${randomUUID()}` });
      return connected(announcingWrites(transport, settled));
    },
    stateOf: async (...prefixes) => {
      const { store } = open();
      const paths = prefixes.map((segments) => segments.join('/'));
      if (store !== undefined) {
        return { storeSeq: store.status().storeSeq, leaves: paths.map((path) => store.subtree(path)) };
      }
      const reader = await otherWriter();
      return { leaves: await Promise.all(paths.map((path) => reader.subtree(path))) };
    },
    itWith: (need, title, test) => {
      if (row.remoteRoot === undefined) it(title, test);
      else it.todo(leftOut(title, need));
    },
  };
}
