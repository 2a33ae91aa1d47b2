import type { Clock } from '../../clock.js';
import type { DataSource } from '../../data-source/index.js';
import type { Logger } from '../../logging.js';
import type { EntityContext } from '../../repository/index.js';
import type { Transport } from '../../transport/transport.js';
import type { EntityInfo, StatusInfo } from './messages.js';

/** An entity class of the store that is shown. */
export interface StudioEntity {
  readonly info: EntityInfo;
  readonly context: EntityContext<object>;
}

/** What the process around the store knows of it, beyond what the way to it tells. */
export type Surroundings = Pick<StatusInfo, 'figures' | 'connections'>;

/** What a studio shows, and what its answers are made of. */
export interface StudioSource {
  readonly dataSource: DataSource;
  /** The way to the store. */
  readonly transport: Transport;
  /** `org/name`. */
  readonly store: string;
  /** Where it lies, for the reader. */
  readonly place: string;
  readonly version: string;
  readonly writable: boolean;
  /** Whether reads take round trips, so that fewer of them make an answer. */
  readonly isRemote: boolean;
  readonly clock: Clock;
  /** Hears what goes wrong. */
  readonly logger: Logger;
  readonly entities: readonly StudioEntity[];
  /** Asked at every look at the status. */
  readonly surroundings: () => Surroundings | Promise<Surroundings>;
}

/** What every answer is made under: ended when nobody waits for it any more. */
export interface Asking {
  readonly signal: AbortSignal;
}
