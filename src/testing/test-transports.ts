import type { DataSourceOptions, TransportContext, TransportFactory } from '../data-source/index.js';
import { buildEntities, createRemoteTransport, DEFAULT_STORE } from '../data-source/index.js';
import { systemClock } from '../clock.js';
import { createMemoryStorage, Store } from '../store/index.js';
import { EmbeddedTransport } from '../transport/embedded/index.js';
import type { Transport, WriteReceipt } from '../transport/transport.js';
import type { EmittedRawOperation } from './emitted-operation.js';
import { FailingTransport } from './failing-transport.js';
import type { ServedWay } from './likeness.js';
import type { PlannedFailures } from './planned-failures.js';
import { sendOperation } from './send-operation.js';
import { ServedTransport } from './served-transport.js';
import type { TestClock } from './test-clock.js';
import { openTestServer } from './test-server.js';

/** The device id of operations made with `emit`. */
export const OTHER_WRITER = 'other-writer';

/** What {@link TestTransports} are made for. */
export interface TestTransportsOptions {
  /** Those of the data source. Where a store lies and how it is reached is passed over. */
  readonly options: DataSourceOptions;
  /** How its server is reached; undefined for a store in memory. */
  readonly way: ServedWay | undefined;
  readonly clock: TestClock;
  readonly failures: PlannedFailures;
}

/** A store that was opened for a test, and those who hear of what others write there. */
interface TestStore {
  readonly store: () => Store;
  readonly heard: (storeSeq: number) => Promise<void>;
}

/** Opens a store in memory for each transport a data source asks for, with a second way in for another writer. */
export class TestTransports {
  readonly #options: TestTransportsOptions;
  readonly #stores = new WeakMap<Transport, TestStore>();

  constructor(options: TestTransportsOptions) {
    this.#options = options;
  }

  readonly create: TransportFactory = (context) => {
    const { failures, way } = this.#options;
    const [inner, opened] = way === undefined ? inMemory(context) : this.#served(context, way);
    const transport = new FailingTransport(inner, failures);
    this.#stores.set(transport, opened);
    return transport;
  };

  /** Makes an operation as another writer on the store of a transport made here. It never fails by plan. */
  async emit(transport: Transport, operation: EmittedRawOperation): Promise<WriteReceipt> {
    const opened = this.#stores.get(transport);
    if (opened === undefined) throw new TypeError('The transport was not made here.');
    const other = new EmbeddedTransport({ store: opened.store(), deviceId: OTHER_WRITER });
    try {
      await other.connect();
      const receipt = await sendOperation(other, operation);
      await opened.heard(receipt.storeSeq);
      return receipt;
    } finally {
      await other.close();
    }
  }

  #served(context: TransportContext, { transport, imitate }: ServedWay): [Transport, TestStore] {
    const { clock, options } = this.#options;
    const { store: name, logger, deviceId } = context;
    const { store: own = DEFAULT_STORE, cache: _cache, socketUrl: _socketUrl, ...settings } = options;
    const entities = buildEntities({ ...options, store: own });
    const served = new ServedTransport({
      clock,
      serve: () => openTestServer({ name, clock, logger, imitate }),
      connect: ({ url, token }) =>
        createRemoteTransport(
          { ...settings, url, token, store: own, transport, clock: systemClock, logger, deviceId },
          name,
          entities,
        ),
    });
    return [served, { store: () => served.server.store, heard: (storeSeq) => served.heard(storeSeq) }];
  }
}

/** Watchers of a store in this process have been told when the write resolves. */
function inMemory({ clock, deviceId }: TransportContext): [Transport, TestStore] {
  const store = new Store({ storage: createMemoryStorage(), clock });
  return [new EmbeddedTransport({ store, deviceId }), { store: () => store, heard: () => Promise.resolve() }];
}
