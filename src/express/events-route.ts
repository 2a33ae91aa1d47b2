import type { IncomingMessage } from 'node:http';
import { defer, map, share } from 'rxjs';
import type { OptionNames } from '../options/index.js';
import { checkOptionNames, checkOptionValues, FUNCTION, required, withMethods } from '../options/index.js';
import type { EntityEvent, EntityEventSource } from '../realtime/index.js';
import { serializeJson } from '../realtime/index.js';
import type { StreamRoute, StreamRouteOptions } from './streams.js';
import { STREAM_OPTIONS, STREAM_VALUES, streamRoute } from './streams.js';

/** What {@link eventsRoute} may be told. */
export interface EventsRouteOptions<T extends object> extends StreamRouteOptions {
  /** What clients get of an event. Default: `{ type, slug, storeSeq, own, entity }`, as JSON. */
  readonly map?: (event: EntityEvent<T>) => unknown;
}

const OPTIONS: OptionNames<EventsRouteOptions<object>> = { ...STREAM_OPTIONS, map: true };

/**
 * A route that tells what happens to the records of a class from now on, by server-sent events. However many clients listen, there is one
 * subscription to the store, and each event is encoded once.
 *
 * The id of a message is its `storeSeq`. What happened before a client connected is told to nobody, whatever its `Last-Event-ID`: load the list each time
 * the stream opens, or take {@link liveListRoute}. A stream ends with its client, with the data source, with an error of its source, and by `close()`. Where events
 * cannot be had at all the error handler is told: `not_supported` over plain HTTP.
 *
 * @example
 * const linkEvents = eventsRoute(links);
 * app.get('/links/events', linkEvents);
 *
 * @throws DustError `invalid_options` for an option that is unknown or has another value. The handler never throws
 */
export function eventsRoute<T extends object>(
  source: EntityEventSource<T>,
  options: EventsRouteOptions<T> = {},
): StreamRoute {
  checkOptionNames('eventsRoute', options, OPTIONS);
  checkOptionValues('eventsRoute', { source }, { source: required(withMethods('events')) });
  checkOptionValues('eventsRoute', options, { ...STREAM_VALUES, map: FUNCTION });
  const { map: told = (event: EntityEvent<T>): unknown => event, ...streaming } = options;
  const messages = defer(() => source.events()).pipe(
    map((event) => ({ text: serializeJson(told(event)), id: String(event.storeSeq) })),
    share(),
  );
  return streamRoute<IncomingMessage>({
    options: streaming,
    beginsWithMessage: false,
    messages: () => messages,
  });
}
