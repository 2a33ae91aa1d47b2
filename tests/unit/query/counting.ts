import type { LocalRecords } from '../../../src/protocol/values/record-access.js';
import type { RequestMethod } from '../../../src/transport/forwarding-transport.js';
import { ForwardingTransport } from '../../../src/transport/forwarding-transport.js';
import type { Transport } from '../../../src/transport/transport.js';

/** A way to a store that counts what is read, and that somebody else closes. */
export class Counting extends ForwardingTransport {
  protected readonly way: Transport;
  records = 0;
  requests = 0;

  constructor(way: Transport) {
    super();
    this.way = way;
  }

  override close(): Promise<void> {
    return Promise.resolve();
  }

  override localRecords(...args: Parameters<ForwardingTransport['localRecords']>): LocalRecords | undefined {
    const right = super.localRecords(...args);
    if (right === undefined) return undefined;
    const count = (): void => {
      this.records++;
    };
    return {
      moment: right.moment,
      era: right.era,
      indexes: right.indexes,
      count: (...asked) => right.count(...asked),
      first: (access) => right.first(access),
      get: (slug) => {
        count();
        return right.get(slug);
      },
      walk: (...asked) => {
        const walk = right.walk(...asked);
        return {
          get position() {
            return walk.position;
          },
          *[Symbol.iterator]() {
            for (const record of walk) {
              count();
              yield record;
            }
          },
        };
      },
    };
  }

  protected override run<T>(_: RequestMethod, request: (way: Transport) => Promise<T>): Promise<T> {
    this.requests++;
    return request(this.way);
  }
}
