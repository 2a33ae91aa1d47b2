import { ForwardingTransport } from '../transport/forwarding-transport.js';
import type { RequestMethod } from '../transport/forwarding-transport.js';
import type { Path } from '../protocol/paths/path.js';
import type { LocalRecords } from '../protocol/values/record-access.js';
import type { LocalReadOptions, Transport } from '../transport/transport.js';
import type { PlannedFailures } from './planned-failures.js';

/** A transport that passes every call on to another one, save those that were planned to fail. */
export class FailingTransport extends ForwardingTransport {
  protected readonly way: Transport;
  readonly #failures: PlannedFailures;

  constructor(inner: Transport, failures: PlannedFailures) {
    super();
    this.way = inner;
    this.#failures = failures;
  }

  /** While reads are to fail, they are made one by one, where they can. */
  override localRecords(prefix: Path, options?: LocalReadOptions): LocalRecords | undefined {
    // What keeps a live query current is no read that somebody makes.
    const isRefused = this.#failures.awaitRead && options?.asWatched !== true;
    return isRefused ? undefined : super.localRecords(prefix, options);
  }

  protected override run<T>(method: RequestMethod, request: (way: Transport) => Promise<T>): Promise<T> {
    return this.#failures.run(method, () => request(this.way));
  }
}
