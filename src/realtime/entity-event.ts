/** A record was written and can be read as an entity. */
export interface EntityUpsertedEvent<T extends object> {
  /** Tells the two kinds of events apart. */
  readonly type: 'upserted';
  /** The record as the commit left it; an instance of this subscriber's own. */
  readonly entity: T;
  /** The slug of the record. */
  readonly slug: string;
  /** The commit's place in the store's order: the seq of its last operation (PROTOCOL §1). */
  readonly storeSeq: number;
  /** Whether this data source wrote it. */
  readonly own: boolean;
}

/** A record that was there has no leaves any more. */
export interface EntityDeletedEvent {
  /** Tells the two kinds of events apart. */
  readonly type: 'deleted';
  /** The slug of the record. */
  readonly slug: string;
  /** The commit's place in the store's order: the seq of its last operation (PROTOCOL §1). */
  readonly storeSeq: number;
  /** Whether this data source deleted it. */
  readonly own: boolean;
}

/** What one commit did to one record of an entity. */
export type EntityEvent<T extends object> = EntityUpsertedEvent<T> | EntityDeletedEvent;
