import type { Clock } from '../clock.js';
import type { OperationObserver } from '../diagnostics/index.js';
import type { RecordValidator } from '../mapping/index.js';
import type { EntityClass } from '../metadata/types.js';
import type { LiveContext } from '../realtime/index.js';
import type { MissingTargets } from './populate/missing-targets.js';
import type { SharedLists } from './populate/shared-lists.js';
import type { Transport } from '../transport/transport.js';
import type { Lifecycle } from './lifecycle/lifecycle.js';
import type { SlugMaker } from './slugs/slug-maker.js';

/** Everything the repository of one entity works with. Made when a data source initialises, void when it is destroyed. */
export interface EntityContext<T extends object> extends LiveContext<T> {
  readonly validator: RecordValidator<T>;
  readonly clock: Clock;
  /** Is told of the operations on the entity. */
  readonly observer: OperationObserver;
  /** Makes the slug of an entity that is inserted without one; undefined where it has to bring one. */
  readonly makeSlug?: SlugMaker | undefined;
  /** Calls the hooks of the class and those who listen to it; undefined while there are none. */
  readonly lifecycle?: Lifecycle<T> | undefined;
  /** Is told of the records that its references name and that are not there. */
  readonly missing: MissingTargets;
  /** The lists of live queries that populate, which equal ones share. */
  readonly populatedLists: SharedLists<T>;
}

/**
 * What repositories and the manager need of a data source. Asked again at every call, so that both may be made
 * before the data source is initialised.
 */
export interface EntityContexts {
  /**
   * @throws DustError `not_initialized`, `closed`, or `invalid_metadata` for a class that is not among the entities
   */
  contextOf<T extends object>(entity: EntityClass<T>): EntityContext<T>;
  /**
   * The entity class an instance belongs to.
   *
   * @throws DustError as {@link EntityContexts.contextOf} does, and `invalid_value` for anything but an instance
   */
  classOf(entity: unknown): EntityClass;
  /**
   * The contexts of all entities.
   *
   * @throws DustError `not_initialized` or `closed`
   */
  all(): Iterable<EntityContext<object>>;
  /**
   * The way to the data source's own store.
   *
   * @throws DustError `not_initialized` or `closed`
   */
  transport(): Transport;
  readonly clock: Clock;
  /** Is told of the operations that concern no entity, or several. */
  readonly observer: OperationObserver;
}
