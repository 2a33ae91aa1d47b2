import type { OptionNames } from '../options/index.js';
import { checkOptionNames } from '../options/index.js';
import type { Observable } from 'rxjs';
import { defer, Subscription } from 'rxjs';
import { messageOf } from '../errors.js';
import type { Logger } from '../logging.js';
import { consoleLogger } from '../logging.js';
import type { EntityEvent } from './entity-event.js';
import type { EventBus } from './event-bus.js';
import { sourceNotObservable } from './errors.js';
import { isEventBus, publishTo } from './event-bus.js';

const OPTIONS: OptionNames<EventBridgeOptions<object>> = {
  source: true,
  bus: true,
  topic: true,
  map: true,
  onError: true,
  logger: true,
};

/** Where entity events come from. A repository is one. */
export interface EntityEventSource<T extends object> {
  /**
   * What happens to the records of the class, from subscribing on.
   *
   * @throws whatever keeps it from watching; a bridge takes that, and an error of the Observable, as the end of its
   * source
   */
  events(): Observable<EntityEvent<T>>;
}

/** What an {@link EventBridge} connects, and how. */
export interface EventBridgeOptions<T extends object> {
  /** Whose events are forwarded: a repository. */
  readonly source: EntityEventSource<T>;
  /** Where they go. */
  readonly bus: EventBus;
  /** The topic (for an emitter: the event name) that listeners subscribe to, or how an event finds its topic. */
  readonly topic: string | ((event: EntityEvent<T>) => string);
  /**
   * What listeners receive. Default: the {@link EntityEvent} itself. All listeners of a bus share one payload, so
   * they should not change it; a bus that leaves the process needs a serialised one here.
   */
  readonly map?: (event: EntityEvent<T>) => unknown;
  /** Hears of an error that ended the source. Default: the logger does. */
  readonly onError?: (error: unknown) => void;
  /** Hears of events that could not be published, and of the source's error without `onError`. Default: standard error. */
  readonly logger?: Logger;
}

/**
 * `stopped`: not started, stopped, or the source completed because its data source was closed. `running`: events are
 * forwarded. `failed`: the source ended in {@link EventBridge.error}; `start` tries again.
 */
export type EventBridgeState = 'stopped' | 'running' | 'failed';

/**
 * Forwards the events of one entity to one topic of an event bus, over a single upstream subscription however many
 * listeners the topic has and however often `start` is called. Keep one bridge for each entity, bus and topic: a
 * second one would publish everything a second time.
 *
 * A `topic` or `map` that throws, a bus that throws and a promise of the bus that rejects are logged; they cost this
 * one event and stop nothing. Promises of the bus are not waited for.
 *
 * @example
 * const bus = new EventEmitter();
 * const bridge = new EventBridge({ source: links, bus, topic: ({ type }) => `link.${type}` });
 * bridge.start();
 * bus.on('link.upserted', (event: EntityEvent<Link>) => console.log(event.slug));
 */
export class EventBridge<T extends object> {
  readonly #options: EventBridgeOptions<T>;
  readonly #logger: Logger;
  #state: EventBridgeState = 'stopped';
  #error: unknown;
  #subscription: Subscription | undefined;

  /** @throws DustError `invalid_options` without a source of events, a bus or a topic, and for an unknown option */
  constructor(options: EventBridgeOptions<T>) {
    checkOptions(options);
    this.#options = options;
    this.#logger = options.logger ?? consoleLogger;
  }

  /** Whether events are being forwarded. */
  get state(): EventBridgeState {
    return this.#state;
  }

  /** What ended the source while the state is `failed`, otherwise undefined. */
  get error(): unknown {
    return this.#error;
  }

  /**
   * Begins to forward events from now on. Does nothing while running; after a failure it subscribes again. Never throws: a
   * source that cannot be watched leaves the bridge `failed`.
   */
  start(): void {
    if (this.#state === 'running') return;
    this.#enter('running');
    const subscription = new Subscription();
    this.#subscription = subscription;
    subscription.add(
      defer(() => this.#options.source.events()).subscribe({
        next: (event) => {
          if (!subscription.closed) this.#forward(event);
        },
        error: (error: unknown) => {
          this.#fail(error);
        },
        complete: () => {
          this.#enter('stopped');
        },
      }),
    );
  }

  /** Lets go of the source. Nothing is forwarded afterwards, until `start`. Calling it again does nothing. */
  stop(): void {
    this.#enter('stopped');
  }

  #enter(state: EventBridgeState, error?: unknown): void {
    this.#state = state;
    this.#error = error;
    this.#subscription?.unsubscribe();
  }

  #fail(error: unknown): void {
    this.#enter('failed', error);
    const { onError = this.#logFailure } = this.#options;
    this.#guard('onError', () => {
      onError(error);
    });
  }

  readonly #logFailure = (error: unknown): void => {
    this.#logger.error(`The event bridge lost its source: ${messageOf(error)}`);
  };

  #forward(event: EntityEvent<T>): void {
    const { bus, topic, map } = this.#options;
    this.#guard(`publishing the ${event.type} event of "${event.slug}"`, () =>
      publishTo(
        bus,
        typeof topic === 'string' ? topic : topic(event),
        map === undefined ? event : map(event),
      ),
    );
  }

  /** Runs code that is not ours: what it throws, now or later, is logged. */
  #guard(what: string, run: () => unknown): void {
    const log = (error: unknown): void => {
      this.#logger.error(`The event bridge met an error in ${what}: ${messageOf(error)}`);
    };
    try {
      Promise.resolve(run()).catch(log);
    } catch (error) {
      log(error);
    }
  }
}

/** What the type checker cannot see: options from JavaScript. */
function checkOptions(options: Partial<Record<'source' | 'bus' | 'topic', unknown>> = {}): void {
  checkOptionNames('EventBridge', options, OPTIONS);
  const { source, bus, topic } = options;
  if (!isEventSource(source)) {
    throw sourceNotObservable('new EventBridge()', 'a source with events(), such as a repository', source);
  }
  if (typeof topic !== 'string' && typeof topic !== 'function') {
    throw sourceNotObservable('new EventBridge()', 'a topic, as a string or a function of the event', topic);
  }
  if (!isEventBus(bus)) throw sourceNotObservable('new EventBridge()', 'a bus with publish() or emit()', bus);
}

function isEventSource(source: unknown): boolean {
  return typeof source === 'object' && source !== null && typeof Reflect.get(source, 'events') === 'function';
}
