import type { EntityTarget } from '../../query/index.js';
import type {
  InsertEvent,
  LoadEvent,
  RecoverEvent,
  RemoveEvent,
  SoftRemoveEvent,
  UpdateEvent,
} from './events.js';

/**
 * Listens to what happens to entities: of one class and those that extend it, or of all. Each method may return a promise, which is waited
 * for. What one before a write throws keeps it from being sent; what one after it throws makes the call fail, with the write done.
 */
export interface EntitySubscriberInterface<Entity extends object = object> {
  /** The class whose entities it listens to; all without it. Wins over what `@EventSubscriber` names. */
  listenTo?(): EntityTarget<Entity>;
  /** An entity was read. */
  afterLoad?(entity: Entity, event?: LoadEvent<Entity>): unknown;
  /** An entity is about to be inserted. */
  beforeInsert?(event: InsertEvent<Entity>): unknown;
  /** An entity was inserted. */
  afterInsert?(event: InsertEvent<Entity>): unknown;
  /** A change is about to be written. */
  beforeUpdate?(event: UpdateEvent<Entity>): unknown;
  /** A change was written. */
  afterUpdate?(event: UpdateEvent<Entity>): unknown;
  /** An entity is about to be deleted. */
  beforeRemove?(event: RemoveEvent<Entity>): unknown;
  /** An entity was deleted. */
  afterRemove?(event: RemoveEvent<Entity>): unknown;
  /** An entity is about to be marked as deleted. */
  beforeSoftRemove?(event: SoftRemoveEvent<Entity>): unknown;
  /** An entity was marked as deleted. */
  afterSoftRemove?(event: SoftRemoveEvent<Entity>): unknown;
  /** The mark is about to be taken off a deleted entity. */
  beforeRecover?(event: RecoverEvent<Entity>): unknown;
  /** The mark was taken off a deleted entity. */
  afterRecover?(event: RecoverEvent<Entity>): unknown;
}

/** What a subscriber is called by when an entity is read or written. */
export type SubscriberMethod = Exclude<keyof EntitySubscriberInterface, 'listenTo'>;
