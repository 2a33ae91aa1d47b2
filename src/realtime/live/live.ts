import type { Observable } from 'rxjs';
import { map } from 'rxjs';
import type { OptionNames } from '../../options/index.js';
import { checkOptionNames } from '../../options/index.js';
import type { AnySelect, FindManyOptions, FindWhere, Query, ScopeOptions } from '../../query/index.js';
import { compileQuery, compileQueryForOne, SCOPE_OPTIONS } from '../../query/index.js';
import type { LiveContext } from './live-context.js';
import { exactText } from './exact-text.js';

/** Find options of a live query. It is called off by unsubscribing, and shows every change as it becomes known. */
export type LiveOptions<T> = Omit<FindManyOptions<T>, 'signal' | 'consistency'>;

/** What else `liveOne` may be asked for. */
export type LiveOneOptions<T> = Pick<FindManyOptions<T>, 'populate' | keyof ScopeOptions>;

/** Makes of the lists of a query those with its references filled in; those with the same key are the same. */
export type FillIn<T extends object> = (
  query: Query<T>,
  list$: Observable<T[]>,
  key: string | undefined,
) => Observable<T[]>;

const NOT_LIVE: ReadonlyMap<string, string> = new Map([
  ['signal', 'A live query is called off by unsubscribing.'],
  ['consistency', 'A live query shows every change as it becomes known here; find() can wait.'],
]);

const OPTIONS: OptionNames<LiveOptions<object>> = {
  where: true,
  order: true,
  select: true,
  skip: true,
  take: true,
  ...SCOPE_OPTIONS,
  populate: true,
};

const OPTIONS_OF_ONE: OptionNames<LiveOneOptions<object>> = { populate: true, ...SCOPE_OPTIONS };

/**
 * The list that `find(options)` gives, and a new one after every commit that changes it, with no gap and no duplicate
 * between the two (DESIGN §3 "Events"). A commit that leaves the list as it is emits nothing; commits that become known
 * together, as in a catch-up, make one list.
 *
 * Each list is an array of its own; records that did not change may be the same instances in several. With a `take` in an order that an index
 * or the slug yields, no more than `skip` and `take` records are held, where they are read in this process; else all that match. Cold; those who subscribe to the same query of one data source share
 * its list and its instances. When the last one unsubscribes, a read under way is called off and everything released; completes when the data source is closed.
 *
 * Errors when the first read fails, when `onInvalidRecord` throws, and with `not_supported` where the transport has no
 * realtime.
 *
 * @param fillIn is given the lists of a query that populates references, with instances that are its own
 * @throws DustError `invalid_criteria` or `invalid_options`, at once, for options that `find` would refuse
 */
export function live<T extends object>(
  context: LiveContext<T>,
  options: AnySelect<LiveOptions<T>> = {},
  fillIn: FillIn<T> = asItIs,
): Observable<T[]> {
  const query = compileQuery(context.metadata, options);
  checkOptionNames(`${context.metadata.name}: live`, options, OPTIONS, (name) => NOT_LIVE.get(name));
  return observed(context, query, options, 'live()', fillIn);
}

/**
 * The one entity with a slug, or the first in store order that meets a where: the current one, then a new one after
 * every commit that changes it; null while there is none. In everything else as {@link live}.
 *
 * @throws DustError `invalid_criteria`, at once, for an empty or unknown criterion
 */
export function liveOne<T extends object>(
  context: LiveContext<T>,
  criteria: string | FindWhere<T>,
  options: AnySelect<LiveOneOptions<T>> = {},
  fillIn: FillIn<T> = asItIs,
): Observable<T | null> {
  checkOptionNames(`${context.metadata.name}: liveOne`, options, OPTIONS_OF_ONE, (name) =>
    NOT_LIVE.get(name),
  );
  const query =
    typeof criteria === 'string'
      ? slugQuery(context, criteria, options)
      : compileQueryForOne(context.metadata, { ...options, where: criteria });
  return observed(context, query, [criteria, options], 'liveOne()', fillIn).pipe(
    map(([entity = null]) => entity),
  );
}

/** What is filled in is filled into instances that no other query shows. */
function observed<T extends object>(
  { lists }: LiveContext<T>,
  query: Query<T>,
  keyedBy: unknown,
  call: string,
  fillIn: FillIn<T>,
): Observable<T[]> {
  // What was made for one query alone is in no other.
  const key = query.implied?.isOfTheMoment === true ? undefined : exactText(keyedBy);
  if (query.populate === undefined) return lists.observe(query, key, call);
  return fillIn(query, lists.observe(query, undefined, call), key);
}

function asItIs<T>(_query: unknown, list$: Observable<T[]>): Observable<T[]> {
  return list$;
}

/** The slug alone decides; nothing else is asked of the record but what the options imply. */
function slugQuery<T extends object>(
  { metadata }: LiveContext<T>,
  slug: string,
  options: AnySelect<LiveOneOptions<T>>,
): Query<T> {
  return compileQuery<object>(metadata, { ...options, where: { [metadata.slugProperty]: slug } });
}
