import { filter, map, Observable } from 'rxjs';
import type { AnySelect, FindManyOptions, FindWhere, Query } from '../query/index.js';
import { compileQuery, compileQueryForOne, resolveCriteria } from '../query/index.js';
import type { RealtimeContext } from './context.js';
import { LiveList } from './live-list.js';
import { watchingRecords } from './watching.js';

/** Find options of a live query. It is called off by unsubscribing. */
export type LiveOptions<T> = Omit<FindManyOptions<T>, 'signal'>;

/**
 * The list that `find(options)` gives, and a new one after every commit that changes it, with no gap and no duplicate
 * between the two (DESIGN §3 "Events"). A commit that leaves the list as it is emits nothing; commits that become known
 * together, as in a catch-up, make one list.
 *
 * Each list is an array of its own; records that did not change may be the same instances in several. All matching
 * records are held in memory, also those that `skip` and `take` leave out. Cold: each subscriber reads and watches for
 * itself; unsubscribing calls a read off and releases everything; completes when the data source is closed.
 *
 * Errors when the first read fails, when `onInvalidRecord` throws, and with `not_supported` where the transport has no
 * realtime.
 *
 * @throws DustError `invalid_criteria` or `invalid_options`, at once, for options that `find` would refuse
 */
export function live<T extends object>(
  context: RealtimeContext<T>,
  options: AnySelect<LiveOptions<T>> = {},
): Observable<T[]> {
  return liveQuery(context, compileQuery(context.metadata, options), 'live()');
}

/**
 * The one entity with a slug, or the first in store order that meets a where: the current one, then a new one after
 * every commit that changes it; null while there is none. In everything else as {@link live}.
 *
 * @throws DustError `invalid_criteria`, at once, for an empty or unknown criterion
 */
export function liveOne<T extends object>(
  context: RealtimeContext<T>,
  criteria: string | FindWhere<T>,
): Observable<T | null> {
  const query =
    typeof criteria === 'string'
      ? slugQuery(context, criteria)
      : compileQueryForOne(context.metadata, { where: criteria });
  return liveQuery(context, query, 'liveOne()').pipe(map(([entity]) => entity ?? null));
}

/** The slugs alone decide; nothing else is asked of the record. */
function slugQuery<T extends object>({ metadata }: RealtimeContext<T>, criteria: string): Query<T> {
  const { slugs } = resolveCriteria(metadata, criteria);
  return { ...compileQuery(metadata), slugs };
}

function liveQuery<T extends object>(
  context: RealtimeContext<T>,
  query: Query<T>,
  call: string,
): Observable<T[]> {
  return new Observable((subscriber) => {
    const list = new LiveList(context, query);
    const reading = new AbortController();
    subscriber.add(() => {
      reading.abort();
    });
    watchingRecords(context, call)
      .pipe(
        filter((commits) => list.apply(commits)),
        map(() => list.entities()),
      )
      .subscribe(subscriber);
    if (subscriber.closed) return;
    load(context, query, list, reading.signal)
      .then(() => {
        subscriber.next(list.entities());
      })
      .catch((error: unknown) => {
        subscriber.error(error);
      });
  });
}

/** Reads every match, whatever its place: what leaves the window lets others in. */
async function load<T extends object>(
  { reader }: RealtimeContext<T>,
  query: Query<T>,
  list: LiveList<T>,
  signal: AbortSignal,
): Promise<void> {
  const matches = await reader.everyMatch({ ...query, signal });
  if (signal.aborted) return;
  for (const match of matches) list.load(match);
  list.finishLoading();
}
