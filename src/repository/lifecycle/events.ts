import type { EntityMetadata, FieldMetadata } from '../../metadata/types.js';
import type { EntityManager } from '../entity-manager.js';

/** What every event of a subscriber tells. */
export interface SubscriberEvent<Entity extends object = object> {
  /** Reads and writes further entities, in commits of their own. */
  readonly manager: EntityManager;
  /** What the mapper knows about the entity's class. */
  readonly metadata: EntityMetadata<Entity>;
}

/** An entity was read. */
export interface LoadEvent<Entity extends object = object> extends SubscriberEvent<Entity> {
  /** The entity, as it is handed out. */
  readonly entity: Entity;
}

/** An entity is inserted, or was. */
export interface InsertEvent<Entity extends object = object> extends SubscriberEvent<Entity> {
  /** The entity; of a plain object, the instance that was made of it. */
  readonly entity: Entity;
  /** Its slug; undefined while it has none. */
  readonly entityId: string | undefined;
}

/** Entities are changed, or were. */
export interface UpdateEvent<Entity extends object = object> extends SubscriberEvent<Entity> {
  /** The entity. Of `update(criteria, partial)`, a copy of the partial, which is written as the subscribers leave it. */
  readonly entity: Entity;
  /** Its slug; undefined where a partial does not give it. */
  readonly entityId: string | undefined;
  /** The entity as it was loaded or last saved; undefined for one that was not loaded, and for a partial. */
  readonly databaseEntity: Entity | undefined;
  /** The fields that are written: before the write, those that had changed when the hooks were called. Empty for a partial. */
  readonly updatedFields: readonly FieldMetadata[];
}

/** Entities are deleted, or were. */
export interface RemoveEvent<Entity extends object = object> extends SubscriberEvent<Entity> {
  /** The entity; undefined for `delete(criteria)`, which reads none. */
  readonly entity: Entity | undefined;
  /** Its slug; undefined without an entity. */
  readonly entityId: string | undefined;
  /** The entity as it was loaded or last saved; undefined for one that was not loaded. */
  readonly databaseEntity: Entity | undefined;
}

/** Entities are marked as deleted, or were. */
export type SoftRemoveEvent<Entity extends object = object> = RemoveEvent<Entity>;

/** The mark is taken off deleted entities, or was. */
export type RecoverEvent<Entity extends object = object> = RemoveEvent<Entity>;
