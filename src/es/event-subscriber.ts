import type { EntityClass } from '../metadata/index.js';
import type { StandardContext } from './standard-context.js';
import { registering } from './standard-context.js';

/** A standard decorator for a class of subscribers. */
export type SubscriberDecorator = (
  target: abstract new (...args: never[]) => object,
  context: StandardContext,
) => void;

/**
 * Names the class whose entities a subscriber listens to; without one, those of all classes.
 *
 * @throws DustError `invalid_metadata` under `experimentalDecorators`
 */
export function EventSubscriber(entity?: EntityClass): SubscriberDecorator {
  return registering('EventSubscriber', (declarations) => {
    declarations.subscriber = { listensTo: entity };
  });
}
