import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import type { DataSource } from '../data-source/index.js';
import type { EntityEvent, EventBridgeOptions, EventBus } from '../realtime/index.js';
import type { EntityClass } from '../metadata/index.js';
import { declaredNameOf, entityNameOf } from '../metadata/index.js';
import { EventBridge, isEventBus } from '../realtime/index.js';
import type { Repository } from '../repository/index.js';
import { notABus } from './errors.js';
import { nestLogger } from './nest-logger.js';

/** The length of a name, in characters, that no class has in a source. */
const LONGEST_MINIFIED = 2;

/**
 * A bridge from a repository to a bus.
 *
 * @throws DustError `invalid_options` for what is no bus
 */
export function createEventBridge<T extends object>(
  repository: Repository<T>,
  bus: EventBus,
  { topic, map }: Partial<Pick<EventBridgeOptions<T>, 'topic' | 'map'>>,
): EventBridge<T> {
  if (!isEventBus(bus)) throw notABus(entityNameOf(repository.target), bus);
  if (topic === undefined) warnOfMinifiedName(repository.target);
  return new EventBridge({
    source: repository,
    bus,
    topic: topic ?? ((event) => defaultTopic(repository, event)),
    ...(map === undefined ? {} : { map }),
    logger: nestLogger('DustOrm:events'),
  });
}

function defaultTopic<T extends object>({ target }: Repository<T>, { type }: EntityEvent<T>): string {
  const name = entityNameOf(target);
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}.${type}`;
}

/** No listener hears of `t.upserted`: what a minifier makes of a class's name. */
function warnOfMinifiedName(target: EntityClass): void {
  if (declaredNameOf(target) !== undefined || target.name.length > LONGEST_MINIFIED) return;
  nestLogger('DustOrm:events').warn(
    `The events of an entity are called after its class, and this class is called "${target.name}", which looks like the work of a ` +
      "minifier. Name it, as in @DustEntity({ prefix: 'links', name: 'Link' }), or give forEvents() a topic.",
  );
}

/** Starts a bridge when every listener is there, and stops it before the first of them goes. */
export class EventBridgeLifecycle<T extends object> implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #bridge: EventBridge<T>;
  readonly #source: DataSource;

  constructor(bridge: EventBridge<T>, source: DataSource) {
    this.#bridge = bridge;
    this.#source = source;
  }

  onApplicationBootstrap(): void {
    // With `manualInitialization` whoever opens the data source starts the bridge.
    if (this.#source.isInitialized) this.#bridge.start();
  }

  onModuleDestroy(): void {
    this.#bridge.stop();
  }
}
