import { randomUUID } from 'node:crypto';
import type { DataSourceOptions, TransportFactory } from '../../src/index.js';
import { DataSource } from '../../src/index.js';
import { silentLogger } from '../../src/logging.js';
import type { EntityClass } from '../../src/metadata/types.js';
import { TestClock } from '../../src/testing/index.js';
import type { Transport, TransportCapabilities } from '../../src/transport/transport.js';
import type { StoreUnderTest } from './transports.js';
import { TRANSPORTS } from './transports.js';

/** What a contract test works with: clients of one store, each let go when the test ends. */
export interface ContractContext {
  readonly capabilities: TransportCapabilities;
  /** The time of the store and of every client; moved on by hand. */
  readonly clock: TestClock;
  /** The way to the store, for data sources that a test makes itself. */
  readonly transport: TransportFactory;
  /** A prefix that no other test uses: stores are shared, and some are not empty. */
  uniquePrefix(): string[];
  /** An initialised data source on the store. */
  connect(entities: readonly EntityClass[], options?: Partial<DataSourceOptions>): Promise<DataSource>;
  /** Another client of the store, below all mapping: what some other program would write. */
  otherWriter(): Promise<Transport>;
}

/**
 * Commits an operation that changes nothing, and gives its seq: two in a row follow each other unless something was
 * written in between.
 */
export async function nextSeq(writer: Transport): Promise<number> {
  return (await writer.delete('contract-mark')).storeSeq;
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
  const rows = TRANSPORTS.filter(({ capabilities }) => needs === undefined || capabilities[needs]);
  describe.each(rows)(`${title}, on $name`, (row) => {
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

    const store = (): StoreUnderTest => {
      if (opened === undefined) throw new Error('The store is open only while tests run.');
      return opened;
    };

    suite({
      capabilities: row.capabilities,
      clock,
      transport: (options) => store().transport(options),
      uniquePrefix: () => ['contract', randomUUID()],
      connect: async (entities, options = {}) => {
        const transport = store().transport;
        const dataSource = new DataSource({ entities, transport, clock, logger: silentLogger, ...options });
        disposals.push(() => dataSource.destroy());
        return dataSource.initialize();
      },
      otherWriter: async () => {
        const deviceId = `other-${randomUUID()}`;
        const writer = store().transport({ store: 'local/default', clock, logger: silentLogger, deviceId });
        disposals.push(() => writer.close());
        await writer.connect();
        return writer;
      },
    });
  });
}
