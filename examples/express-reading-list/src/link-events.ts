import type { EntityEvent, Repository } from 'dust-orm';
import { eventsRoute } from 'dust-orm/express';
import type { StreamRoute, StreamRouteOptions } from 'dust-orm/express';
import type { Link } from './link.entity.js';

/** What a browser hears of: a link as it is now, or that there is none any more. */
export type LinkChange =
  | { readonly type: 'upserted'; readonly slug: string; readonly storeSeq: number; readonly link: Link }
  | { readonly type: 'deleted'; readonly slug: string; readonly storeSeq: number };

/** Tells every browser of every change, over one subscription to the store however many browsers there are. */
export function linkEvents(links: Repository<Link>, options: StreamRouteOptions = {}): StreamRoute {
  return eventsRoute(links, { ...options, map: toChange });
}

function toChange(event: EntityEvent<Link>): LinkChange {
  const { slug, storeSeq } = event;
  return event.type === 'deleted'
    ? { type: 'deleted', slug, storeSeq }
    : { type: 'upserted', slug, storeSeq, link: event.entity };
}
