import type { Observable } from 'rxjs';
import { concatMap, map } from 'rxjs';
import { toStoredRecord } from '../mapping/index.js';
import type { CommittedOperation, RecordChange, RecordCommit } from '../protocol/operation.js';
import { commitOf } from '../protocol/operation.js';
import { Pattern } from '../protocol/pattern.js';
import type { RealtimeContext } from './context.js';
import type { EntityEvent } from './entity-event.js';
import { patternNotText } from './errors.js';
import { watching, watchingRecords } from './watching.js';

/**
 * What happens to the records of an entity from the moment of subscribing: for each commit one event for each record whose
 * state it changed, in store order, this data source's own commits included (DESIGN §3 "Events"). Cold: each subscriber watches for itself and gets entity instances of its own; unsubscribing releases
 * everything; completes when the data source is closed.
 *
 * A record that cannot be read as an entity has no event; `onInvalidRecord` hears of it, and when it throws, the
 * Observable errors. A record whose leaves are still being written one by one is not such a one: it has its event when
 * its required fields are there. Errors with `not_supported` where the transport has no realtime.
 */
export function entityEvents<T extends object>(context: RealtimeContext<T>): Observable<EntityEvent<T>> {
  const { reader } = context;
  return watchingRecords(context, 'events()').pipe(
    concatMap((commits) =>
      reader.tellsOfLoads ? eventsAfterLoad(context, commits) : eventsOf(context, commits),
    ),
  );
}

/** Each event when those have been called who listen to what is loaded. */
async function* eventsAfterLoad<T extends object>(
  context: RealtimeContext<T>,
  commits: readonly RecordCommit[],
): AsyncGenerator<EntityEvent<T>, void, undefined> {
  for (const event of eventsOf(context, commits)) {
    if (event.type === 'upserted') await context.reader.load([event.entity]);
    yield event;
  }
}

/** One by one, so that a subtree deleted at once does not first become a list of all its events. */
function* eventsOf<T extends object>(
  context: RealtimeContext<T>,
  commits: readonly RecordCommit[],
): Generator<EntityEvent<T>> {
  for (const commit of commits) {
    for (const change of commit.records) {
      const event = eventOf(context, commit, change);
      if (event !== undefined) yield event;
    }
  }
}

function eventOf<T extends object>(
  context: RealtimeContext<T>,
  commit: RecordCommit,
  { slug, existed, leaves }: RecordChange,
): EntityEvent<T> | undefined {
  const { last: storeSeq, deviceId } = commit;
  const own = deviceId === context.transport.deviceId;
  const record = toStoredRecord(context.metadata.prefixPath, slug, leaves);
  if (record === undefined) return existed ? { type: 'deleted', slug, storeSeq, own } : undefined;
  const entity = context.reader.admitAfter(commit, record);
  if (entity === undefined) return undefined;
  return { type: 'upserted', entity: context.reader.handOut(entity), slug, storeSeq, own };
}

/**
 * The committed operations, each with the `commit` it belongs to, whose path matches `pattern` or that changed a leaf that does, from the moment of
 * subscribing, in store order (PROTOCOL §1). Without a pattern: everything below the entity's prefix.
 *
 * Errors with `invalid_params` for a pattern that breaks the syntax and with `not_supported` where the transport has
 * no realtime.
 */
export function rawEvents<T extends object>(
  context: RealtimeContext<T>,
  pattern?: string,
): Observable<CommittedOperation> {
  const commits$ = watching(context, 'rawEvents()', (transport) => {
    if (pattern === undefined) return transport.watch(Pattern.below(context.metadata.prefixPath).source);
    if (typeof pattern !== 'string') throw patternNotText(context.metadata.name, pattern);
    return transport.watch(Pattern.parse(pattern).source);
  });
  return commits$.pipe(
    concatMap(({ operations }) => operations),
    map((operation) => ({ ...operation, commit: commitOf(operation) })),
  );
}
