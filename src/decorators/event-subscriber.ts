import type { EntityClass } from '../metadata/index.js';
import { declarationsOf, declare, standardDecorator, uncalledDecorator } from '../metadata/index.js';

/**
 * Names the class whose entities a subscriber listens to, and those that extend it; without one, those of all classes. A method `listenTo`
 * wins over it. The subscriber itself goes into the option `subscribers` of a data source, or is pushed to `dataSource.subscribers`.
 *
 * @throws DustError `invalid_metadata` when the compiler applies it as a standard decorator, and without parentheses
 */
export function EventSubscriber(
  entity?: EntityClass,
): (target: abstract new (...args: never[]) => object) => void {
  if (isUncalled(entity)) throw uncalledDecorator('EventSubscriber', 'Link');
  return (...args: readonly unknown[]) => {
    const [target, context] = args;
    if (typeof target !== 'function' || context !== undefined) throw standardDecorator('EventSubscriber');
    declare(target).subscriber = { listensTo: entity };
  };
}

/** Without parentheses, it is given what it stands on: a class that is no entity and listens. */
function isUncalled(given: EntityClass | undefined): boolean {
  if (typeof given !== 'function' || declarationsOf(given) !== undefined) return false;
  const prototype: unknown = Reflect.get(given, 'prototype');
  if (typeof prototype !== 'object' || prototype === null) return false;
  return Object.getOwnPropertyNames(prototype).some((name) =>
    /^(listenTo|(before|after)(Load|Insert|Update|Remove|SoftRemove|Recover))$/.test(name),
  );
}
