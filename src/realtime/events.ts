import type { Observable } from 'rxjs';
import { concatMap, map } from 'rxjs';
import { toStoredRecord } from '../mapping/index.js';
import type { CommittedOperation, RecordChange, RecordCommit } from '../protocol/requests/operation.js';
import { commitOf } from '../protocol/requests/operation.js';
import { Pattern } from '../protocol/paths/pattern.js';
import type { Implied, ScopeOptions } from '../query/index.js';
import { checkScopeOptionsAlone, impliedBy } from '../query/index.js';
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
 * its required fields are there. What the options leave out is not seen: a record that comes to be left out is `deleted`, and one that no longer is,
 * `upserted`. Errors with `not_supported` where the transport has no realtime.
 */
export function entityEvents<T extends object>(
  context: RealtimeContext<T>,
  options: ScopeOptions = {},
): Observable<EntityEvent<T>> {
  const { metadata, reader } = context;
  checkScopeOptionsAlone(metadata, 'events', options);
  const seen = impliedBy(metadata, options)?.where;
  return watchingRecords(context, 'events()').pipe(
    concatMap((commits) =>
      reader.tellsOfLoads ? eventsAfterLoad(context, commits, seen) : eventsOf(context, commits, seen),
    ),
  );
}

/** Each event when those have been called who listen to what is loaded. */
async function* eventsAfterLoad<T extends object>(
  context: RealtimeContext<T>,
  commits: readonly RecordCommit[],
  seen: Seen,
): AsyncGenerator<EntityEvent<T>, void, undefined> {
  for (const event of eventsOf(context, commits, seen)) {
    if (event.type === 'upserted') await context.reader.load([event.entity]);
    yield event;
  }
}

/** Which entities a subscriber sees; undefined for all. */
type Seen = Implied['where'];

/** One by one, so that a subtree deleted at once does not first become a list of all its events. */
function* eventsOf<T extends object>(
  context: RealtimeContext<T>,
  commits: readonly RecordCommit[],
  seen: Seen,
): Generator<EntityEvent<T>> {
  for (const commit of commits) {
    for (const change of commit.records) {
      const event = eventOf(context, commit, change, seen);
      if (event !== undefined) yield event;
    }
  }
}

function eventOf<T extends object>(
  context: RealtimeContext<T>,
  commit: RecordCommit,
  change: RecordChange,
  seen: Seen,
): EntityEvent<T> | undefined {
  const { slug, leaves } = change;
  const { last: storeSeq, deviceId } = commit;
  const own = deviceId === context.transport.deviceId;
  const record = toStoredRecord(context.metadata.prefixPath, slug, leaves);
  const entity = record && context.reader.admitAfter(commit, record);
  if (record !== undefined && entity === undefined) return undefined;
  if (entity !== undefined && seen?.matches(entity) !== false) {
    return { type: 'upserted', entity: context.reader.handOut(entity), slug, storeSeq, own };
  }
  return wasSeen(context, change, seen) ? { type: 'deleted', slug, storeSeq, own } : undefined;
}

/** Whether the record could be seen before the commit. One that was no entity is not known to have been left out. */
function wasSeen<T extends object>(
  { mapper, metadata }: RealtimeContext<T>,
  { slug, existed, before }: RecordChange,
  seen: Seen,
): boolean {
  if (seen === undefined || before === undefined) return existed;
  const record = toStoredRecord(metadata.prefixPath, slug, before);
  if (record === undefined) return false;
  const { entity } = mapper.hydrate(record);
  return entity === undefined || seen.matches(entity);
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
