import type { Logger } from '../../logging.js';
import type { EntityMetadata } from '../../metadata/types.js';
import type { Query } from '../criteria/query.js';
import { doubtsOf } from '../plan/index-doubts.js';
import type { Plan } from '../plan/plan.js';
import { shapeOf, suggestedIndex } from '../plan/query-shape.js';
import { Once } from './once.js';

/** Records that a read may go through before it warns. */
const DEFAULT = 10_000;

/** Warns of reads that go through many records for want of an index, once for each shape of query. */
export class ScanWarning {
  readonly #metadata: EntityMetadata;
  readonly #logger: Logger;
  readonly #threshold: number;
  readonly #warned = new Once();
  /** Whether indexes are passed over that the class has. */
  readonly #hasDoubts: boolean;

  constructor(metadata: EntityMetadata, logger: Logger, threshold: number | false = DEFAULT) {
    this.#metadata = metadata;
    this.#logger = logger;
    this.#threshold = threshold === false ? Infinity : threshold;
    this.#hasDoubts = doubtsOf(metadata) !== undefined;
  }

  /** Takes note of a read that looked at so many records. What reads everything asked for it, and is not warned of. */
  noteRead<T extends object>(query: Query<T>, { path, isExact }: Plan, examined: number): void {
    const isOfAll = isExact || !query.isNarrowed;
    if (examined <= this.#threshold || path.by !== 'scan' || (isOfAll && query.take === undefined)) return;
    const { name } = this.#metadata;
    const shape = shapeOf(query);
    if (!this.#warned.first(shape)) return;
    const text = `${name}: a read of ${shape} went through ${examined} records, as no index serves it.`;
    this.#logger.warn(`${text}${this.#cure(query)}`);
  }

  #cure<T extends object>(query: Query<T>): string {
    if (this.#hasDoubts) {
      return ' Indexes of what older records may hold otherwise are passed over: explain names them, with the reason.';
    }
    const index = suggestedIndex(query);
    return index === undefined ? '' : ` ${index} on the class would.`;
  }
}
