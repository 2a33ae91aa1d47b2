import type { LocalRecords } from '../../../../../src/protocol/values/record-access.js';
import { ForwardingTransport } from '../../../../../src/transport/forwarding-transport.js';
import type { Transport, TransportCapabilities } from '../../../../../src/transport/transport.js';

/** A way to a store that somebody else closes. */
export class Borrowed extends ForwardingTransport {
  protected readonly way: Transport;

  constructor(way: Transport) {
    super();
    this.way = way;
  }

  override close(): Promise<void> {
    return Promise.resolve();
  }
}

/** The same records, and no index. */
export class WithoutIndexes extends Borrowed {
  override localRecords(...args: Parameters<ForwardingTransport['localRecords']>): LocalRecords | undefined {
    const records = super.localRecords(...args);
    return records && withIndexes(records, []);
  }
}

/** The same records by listings, as they are read over HTTP. */
export class ByListings extends Borrowed {
  override get capabilities(): TransportCapabilities {
    return { ...super.capabilities, localReads: false, indexes: false };
  }

  override localRecords(): undefined {
    return undefined;
  }
}

function withIndexes(records: LocalRecords, indexes: LocalRecords['indexes']): LocalRecords {
  return {
    moment: records.moment,
    era: records.era,
    indexes,
    get: (slug) => records.get(slug),
    walk: (...args) => records.walk(...args),
    count: (...args) => records.count(...args),
    first: (access) => records.first(access),
  };
}
