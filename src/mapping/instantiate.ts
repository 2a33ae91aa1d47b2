import type { EntityClass } from '../metadata/types.js';

/** Makes an instance, running the class's own initialisers. */
export function instantiate<T extends object>(target: EntityClass<T>): T {
  return new (concrete(target))();
}

/** A class is abstract to the compiler only: at run time `new` works, and arguments that are missing are undefined. */
export function concrete<T extends object>(target: EntityClass<T>): new () => T {
  return target as new () => T;
}
