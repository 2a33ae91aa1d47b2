import type { LocalRecords } from '../../../../../src/protocol/values/record-access.js';
import type { ForwardingTransport } from '../../../../../src/transport/forwarding-transport.js';
import type { Draw } from '../../../query/plan/model/draw.js';
import { Borrowed } from '../../../query/plan/model/ways.js';
import type { Transport } from '../../../../../src/transport/transport.js';

/** A way to a store that counts what live queries read of it, and now and then has nothing for them. */
export class WatchedWay extends Borrowed {
  readonly #draw: Draw;
  /** How many walks through records live queries made. */
  walks = 0;
  /** How often there was nothing for them. */
  refusals = 0;
  /** How often of a hundred times there is nothing. */
  refused = 0;

  constructor(way: Transport, draw: Draw) {
    super(way);
    this.#draw = draw;
  }

  override localRecords(...args: Parameters<ForwardingTransport['localRecords']>): LocalRecords | undefined {
    const right = super.localRecords(...args);
    if (right === undefined || args[1]?.asWatched !== true) return right;
    if (this.#draw.percent(this.refused)) {
      this.refusals++;
      return undefined;
    }
    return {
      moment: right.moment,
      era: right.era,
      indexes: right.indexes,
      get: (slug) => right.get(slug),
      walk: (...asked) => {
        this.walks++;
        return right.walk(...asked);
      },
      count: (...asked) => right.count(...asked),
      first: (access) => right.first(access),
    };
  }
}
