import type { TransportFactory } from '../data-source/index.js';
import { createMemoryStorage, Store } from '../store/index.js';
import { EmbeddedTransport } from '../transport/embedded/index.js';
import type { Transport } from '../transport/transport.js';
import { FailingTransport } from './failing-transport.js';
import type { PlannedFailures } from './planned-failures.js';

/** The device id of operations made with `emit`. */
export const OTHER_WRITER = 'other-writer';

/** Opens a store in memory for each transport a data source asks for, with a second way in for another writer. */
export class TestTransports {
  readonly #failures: PlannedFailures;
  readonly #otherWriters = new WeakMap<Transport, Transport>();

  constructor(failures: PlannedFailures) {
    this.#failures = failures;
  }

  readonly create: TransportFactory = ({ clock, deviceId }) => {
    const store = new Store({ storage: createMemoryStorage(), clock });
    const transport = new FailingTransport(new EmbeddedTransport({ store, deviceId }), this.#failures);
    this.#otherWriters.set(transport, new EmbeddedTransport({ store, deviceId: OTHER_WRITER }));
    return transport;
  };

  /** Another writer on the store of a transport made here. Its calls never fail by plan. */
  async otherWriterOn(transport: Transport): Promise<Transport> {
    const other = this.#otherWriters.get(transport);
    if (other === undefined) throw new TypeError('The transport was not made here.');
    await other.connect();
    return other;
  }
}
