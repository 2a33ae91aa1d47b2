import { declarationsOf } from '../../metadata/index.js';
import type { EntityClass } from '../../metadata/types.js';
import type { EntitySubscriberInterface } from './subscriber.js';

/** Whether a subscriber listens to the entities of a class: it names the class itself, or one that the class extends, or none. */
export function listensTo(subscriber: EntitySubscriberInterface, target: EntityClass): boolean {
  const named: unknown = subscriber.listenTo === undefined ? declaredBy(subscriber) : subscriber.listenTo();
  if (named === undefined || named === null || named === Object) return true;
  return (
    named === target || (typeof named === 'function' && Object.prototype.isPrototypeOf.call(named, target))
  );
}

/** The class that `@EventSubscriber` names. */
function declaredBy(subscriber: object): EntityClass | undefined {
  const { constructor } = subscriber;
  return typeof constructor === 'function' ? declarationsOf(constructor)?.subscriber?.listensTo : undefined;
}
