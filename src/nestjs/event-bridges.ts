import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import type { DataSource } from '../data-source/index.js';
import type { EntityEvent, EventBridgeOptions, EventBus } from '../realtime/index.js';
import { EventBridge, isEventBus } from '../realtime/index.js';
import type { Repository } from '../repository/index.js';
import { notABus } from './errors.js';
import { nestLogger } from './nest-logger.js';

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
  if (!isEventBus(bus)) throw notABus(repository.target.name, bus);
  return new EventBridge({
    source: repository,
    bus,
    topic: topic ?? ((event) => defaultTopic(repository, event)),
    ...(map === undefined ? {} : { map }),
    logger: nestLogger('DustOrm:events'),
  });
}

function defaultTopic<T extends object>({ target }: Repository<T>, { type }: EntityEvent<T>): string {
  return `${target.name.charAt(0).toLowerCase()}${target.name.slice(1)}.${type}`;
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
