import { EventEmitter } from 'node:events';
import type { EntityEvent, Repository, WriteSseOptions } from 'dust-orm';
import { EventBridge, writeSse } from 'dust-orm';
import type { Response } from 'express';
import type { Observable } from 'rxjs';
import { fromEvent, takeUntil } from 'rxjs';
import type { Link } from './link.entity.js';

/** What a browser hears of: a link as it is now, or that there is none any more. */
export type LinkChange =
  | { readonly type: 'upserted'; readonly slug: string; readonly storeSeq: number; readonly link: Link }
  | { readonly type: 'deleted'; readonly slug: string; readonly storeSeq: number };

const CHANGED = 'link.changed';
const ENDED = 'ended';

/** Tells every browser of every change, over one subscription to the store however many browsers there are. */
export class LiveLinks {
  readonly #bus = new EventEmitter();
  readonly #bridge: EventBridge<Link>;
  readonly #sse: WriteSseOptions<LinkChange>;
  #closed = false;

  constructor(links: Repository<Link>, sse: WriteSseOptions<LinkChange> = {}) {
    this.#sse = sse;
    this.#bus.setMaxListeners(0);
    this.#bridge = new EventBridge({
      source: links,
      bus: this.#bus,
      topic: CHANGED,
      map: toChange,
      // Browsers connect again, read the list and miss nothing; the next one to come starts the bridge anew.
      onError: () => this.#bus.emit(ENDED),
    });
  }

  /** How many browsers listen just now. */
  get listeners(): number {
    return this.#bus.listenerCount(CHANGED);
  }

  /**
   * Answers with the changes from now on, as server-sent events with heartbeats, until the browser leaves.
   *
   * @throws what the store says when it has no changes to tell, `not_supported` over plain HTTP
   */
  stream(response: Response): void {
    if (!this.#closed) this.#bridge.start();
    if (this.#bridge.state === 'failed') throw this.#bridge.error;
    const subscription = writeSse(response, this.#changes(), this.#sse);
    if (this.#closed) subscription.unsubscribe();
  }

  /** Ends all streams, and those to come at once. */
  close(): void {
    this.#closed = true;
    this.#bridge.stop();
    this.#bus.emit(ENDED);
  }

  #changes(): Observable<LinkChange> {
    const changes = fromEvent(this.#bus, CHANGED) as Observable<LinkChange>;
    return changes.pipe(takeUntil(fromEvent(this.#bus, ENDED)));
  }
}

function toChange(event: EntityEvent<Link>): LinkChange {
  const { slug, storeSeq } = event;
  return event.type === 'deleted'
    ? { type: 'deleted', slug, storeSeq }
    : { type: 'upserted', slug, storeSeq, link: event.entity };
}
