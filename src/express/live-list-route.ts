import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Observable } from 'rxjs';
import { distinctUntilChanged, map } from 'rxjs';
import type { OptionKind, OptionNames } from '../options/index.js';
import { checkOptionNames, checkOptionValues, FUNCTION, required, withMethods } from '../options/index.js';
import type { LiveOptions } from '../realtime/index.js';
import { serializeJson } from '../realtime/index.js';
import { FIND_OPTIONS } from './option-kinds.js';
import type { Message, StreamRoute, StreamRouteOptions } from './streams.js';
import { STREAM_OPTIONS, STREAM_VALUES, streamRoute } from './streams.js';

/** Where the lists come from. A repository is one. */
export interface LiveListSource<T extends object> {
  /**
   * The list that `find` gives, and a new one after every commit that changes it.
   *
   * @throws whatever is wrong with the options; the error handler has it
   */
  live(options?: LiveOptions<T>): Observable<T[]>;
}

/** What {@link liveListRoute} may be told. */
export interface LiveListRouteOptions<
  T extends object,
  R extends IncomingMessage = IncomingMessage,
> extends StreamRouteOptions {
  /**
   * Which list: find options, or what makes them of a request, at once. Check what the client sent there. Default: all records. A function that
   * returns a promise, nothing or something else that is no options fails the request with `invalid_options`, so 500.
   */
  readonly find?: LiveOptions<T> | ((request: R) => LiveOptions<T>);
  /** What clients get of an entity. Default: all of it, as JSON. */
  readonly map?: (entity: T) => unknown;
}

const OPTIONS: OptionNames<LiveListRouteOptions<object>> = { ...STREAM_OPTIONS, find: true, map: true };

const FIND: OptionKind = {
  expected: 'find options, or a function that makes them of a request',
  fits: (value) => FUNCTION.fits(value) || FIND_OPTIONS.fits(value),
};

/**
 * A route that answers with a list and keeps it up to date, by server-sent events: each message is the whole list as JSON, the first at once and one
 * after each commit that changes what is shown of it. Clients of the same query share it; `map` and JSON are each
 * client's own.
 *
 * The id of a message stands for what is in the list. A client that comes back with the `Last-Event-ID` of the list as it still is gets no first
 * message, as it has it. A stream ends with its client, with the data source, and by `close()`. What goes wrong before the first list is
 * passed on to the error handler, so it has a status: `not_supported` where the transport has no realtime.
 *
 * @example
 * const liveLinks = liveListRoute(links, { find: { order: { title: 'ASC' }, take: 20 } });
 * app.get('/links/live', liveLinks);
 *
 * @throws DustError `invalid_options` for an option that is unknown or has another value. The handler never throws
 */
export function liveListRoute<T extends object, R extends IncomingMessage = IncomingMessage>(
  source: LiveListSource<T>,
  options: LiveListRouteOptions<T, R> = {},
): StreamRoute<R> {
  checkOptionNames('liveListRoute', options, OPTIONS);
  checkOptionValues('liveListRoute', { source }, { source: required(withMethods('live')) });
  checkOptionValues('liveListRoute', options, { ...STREAM_VALUES, find: FIND, map: FUNCTION });
  const { find, map: shown = (entity: T): unknown => entity, ...streaming } = options;
  return streamRoute<R>({
    options: streaming,
    beginsWithMessage: true,
    messages: (request) => {
      const lists = source.live(typeof find === 'function' ? made(find(request)) : find);
      return lists.pipe(
        map((list) => messageOf(serializeJson(list.map((entity) => shown(entity))))),
        distinctUntilChanged((one, next) => one.id === next.id),
      );
    },
  });
}

/** Of what is no options all records would be read. */
function made<T>(found: LiveOptions<T>): LiveOptions<T> {
  checkOptionValues(
    'liveListRoute',
    { 'what find returned': found },
    { 'what find returned': required(FIND_OPTIONS) },
  );
  return found;
}

function messageOf(text: string): Message {
  return { text, id: createHash('sha256').update(text).digest('base64url').slice(0, 22) };
}
