import type { EntityClass } from '../metadata/types.js';

/** Makes an instance, running the class's own initialisers. A class may be declared abstract and is one at run time only. */
export function instantiate<T extends object>(target: EntityClass<T>): T {
  return Reflect.construct(target, []) as T;
}
