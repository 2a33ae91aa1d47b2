/** A bus with `publish(topic, payload)`, such as a message broker's client. */
export interface PublishingBus {
  /** Publishes `payload`; a promise that it returns may reject, which is logged. */
  publish(topic: string, payload: unknown): unknown;
}

/** A bus with `emit(topic, payload)`: Node's EventEmitter, Nest's EventEmitter2. */
export interface EmittingBus {
  /** Calls the listeners of `topic` with `payload`. */
  emit(topic: string, payload: unknown): unknown;
}

/** Anything events can be handed to. What has both methods is a client that emits its own affairs: it gets `publish`. */
export type EventBus = PublishingBus | EmittingBus;

/** Hands `payload` to the bus; returns what the bus returns. */
export function publishTo(bus: EventBus, topic: string, payload: unknown): unknown {
  return 'publish' in bus ? bus.publish(topic, payload) : bus.emit(topic, payload);
}

/** Whether events can be handed to `bus`. */
export function isEventBus(bus: unknown): bus is EventBus {
  if (typeof bus !== 'object' || bus === null) return false;
  return ['publish', 'emit'].some((method) => typeof Reflect.get(bus, method) === 'function');
}
