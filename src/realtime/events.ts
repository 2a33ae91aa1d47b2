import type { Observable } from 'rxjs';
import { concatMap } from 'rxjs';
import { toStoredRecord } from '../mapping/index.js';
import type { CommittedOperation, RecordChange, RecordOperation } from '../protocol/operation.js';
import { Pattern } from '../protocol/pattern.js';
import type { RealtimeContext } from './context.js';
import type { EntityEvent } from './entity-event.js';
import { patternNotText } from './errors.js';
import { watching, watchingRecords } from './watching.js';

/**
 * What happens to the records of an entity from the moment of subscribing: committed operations only, in store
 * order, one event for each record an operation touched, this data source's own operations included (DESIGN §3
 * "Events"). Cold: each subscriber watches for itself and gets entity instances of its own; unsubscribing releases
 * everything; completes when the data source is closed.
 *
 * A record that cannot be read as an entity has no event; `onInvalidRecord` hears of it, and when it throws, the
 * Observable errors. A record whose leaves are still being written one by one is not such a one: it has its event when
 * its required fields are there. Errors with `not_supported` where the transport has no realtime.
 */
export function entityEvents<T extends object>(context: RealtimeContext<T>): Observable<EntityEvent<T>> {
  return watchingRecords(context, 'events()').pipe(
    concatMap((recordOperation) => eventsOf(context, recordOperation)),
  );
}

/** One by one, so that a subtree deleted at once does not first become a list of all its events. */
function* eventsOf<T extends object>(
  context: RealtimeContext<T>,
  { operation, records }: RecordOperation,
): Generator<EntityEvent<T>> {
  for (const change of records) {
    const event = eventOf(context, operation, change);
    if (event !== undefined) yield event;
  }
}

function eventOf<T extends object>(
  context: RealtimeContext<T>,
  operation: CommittedOperation,
  { slug, existed, leaves }: RecordChange,
): EntityEvent<T> | undefined {
  const { storeSeq } = operation;
  const own = operation.deviceId === context.transport.deviceId;
  const record = toStoredRecord(context.metadata.prefixPath, slug, leaves);
  if (record === undefined) return existed ? { type: 'deleted', slug, storeSeq, own } : undefined;
  const entity = context.reader.admitAfter(operation, record);
  return entity === undefined ? undefined : { type: 'upserted', entity, slug, storeSeq, own };
}

/**
 * The committed operations whose path matches `pattern` or that changed a leaf that does, from the moment of
 * subscribing, in store order (PROTOCOL §1). Without a pattern: everything below the entity's prefix.
 *
 * Errors with `invalid_params` for a pattern that breaks the syntax and with `not_supported` where the transport has
 * no realtime.
 */
export function rawEvents<T extends object>(
  context: RealtimeContext<T>,
  pattern?: string,
): Observable<CommittedOperation> {
  return watching(context, 'rawEvents()', (transport) => {
    if (pattern === undefined) return transport.watch(Pattern.below(context.metadata.prefixPath).source);
    if (typeof pattern !== 'string') throw patternNotText(context.metadata.name, pattern);
    return transport.watch(Pattern.parse(pattern).source);
  });
}
