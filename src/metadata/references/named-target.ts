import { types } from 'node:util';
import type { EntityClass } from '../types.js';

/** The class that a reference names, or in full sentences why there is none and what to do. */
export type NamedTarget = { readonly target: EntityClass } | { readonly problem: string };

const WRITE_IT = 'Write it as @Ref(() => Customer), or @Ref(() => [Tag]) for a list of slugs.';

/** Asks a reference for its class: when classes are given to a data source all files have been loaded. */
export function namedTarget(thunk: unknown): NamedTarget {
  if (typeof thunk !== 'function') {
    return { problem: `it names no class. ${WRITE_IT}` };
  }
  if (/^class\b/.test(Function.prototype.toString.call(thunk))) {
    return { problem: `its target is a class. Write it as a function that returns it: () => ${thunk.name}.` };
  }
  let given: unknown;
  try {
    given = Reflect.apply(thunk, undefined, []);
  } catch (error) {
    const reason = types.isNativeError(error) ? error.message : 'a value that is no error';
    return { problem: `the function that names its target threw: ${reason}` };
  }
  const target: unknown = Array.isArray(given) && given.length === 1 ? given[0] : given;
  if (target === undefined) {
    return {
      problem:
        'the function that names its target returned undefined. The class is not loaded yet or not exported: look for files that import each other.',
    };
  }
  return isClass(target)
    ? { target }
    : { problem: `the function that names its target did not return a class. ${WRITE_IT}` };
}

function isClass(value: unknown): value is EntityClass {
  return typeof value === 'function';
}
