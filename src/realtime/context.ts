import type { Observable } from 'rxjs';
import type { EntityMapper } from '../mapping/types.js';
import type { EntityMetadata } from '../metadata/types.js';
import type { RecordReader } from '../query/index.js';
import type { Transport } from '../transport/transport.js';

/** What the Observables of one entity are built from. A repository makes one of these and passes it to each of them. */
export interface RealtimeContext<T extends object> {
  readonly transport: Transport;
  readonly metadata: EntityMetadata<T>;
  readonly mapper: EntityMapper<T>;
  /** Reads the records, and decides (`onInvalidRecord`) about those that cannot be entities. */
  readonly reader: RecordReader<T>;
  /** Emits when subscriptions are to complete, also to those who ask later. */
  readonly ending$: Observable<unknown>;
}
