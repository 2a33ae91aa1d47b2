import type { IndexDeclaration, IndexOptions } from '../metadata/index.js';
import { declare, standardDecorator, uncalledDecorator } from '../metadata/index.js';

/** A decorator for a class or for any property. */
export type IndexDecorator = (target: object, property?: string) => void;

/**
 * Keeps the records ordered by properties, so that a find by them costs what it returns.
 *
 * On a property it is about that one. On a class it names several, parts of nested objects as `address.city`: records are found
 * by values of the first ones, then by a range or an order of the next. On a property of a nested class it counts for every entity that has
 * a field of that class; in a list it means nothing. At most 8 properties; those that have an order: no lists, sets, files, `json`
 * and nested objects as a whole.
 *
 * The name serves messages. With `unique` it is {@link Unique}. Where the transport has no indexes, it costs nothing and reads look at every record.
 * What is wrong is reported when a data source is given the class.
 *
 * @throws DustError `invalid_metadata` when the compiler applies it as a standard decorator, and without parentheses
 */
export function Index(options?: IndexOptions): IndexDecorator;
export function Index(nameOrProperties: string | readonly string[], options?: IndexOptions): IndexDecorator;
export function Index(name: string, properties: readonly string[], options?: IndexOptions): IndexDecorator;
export function Index(...args: readonly unknown[]): IndexDecorator {
  return registeringIndex('Index', args);
}

/**
 * Refuses a write that would give two records the same value, and on a class the same values of all these properties. Null and absent
 * values are never the same as any other.
 *
 * It is an {@link Index}, too. It needs a transport that has indexes: a data source with another one refuses to initialise.
 * What is wrong is reported when a data source is given the class.
 *
 * @throws DustError `invalid_metadata` when the compiler applies it as a standard decorator, and without parentheses
 */
export function Unique(nameOrProperties?: string | readonly string[]): IndexDecorator;
export function Unique(name: string, properties: readonly string[]): IndexDecorator;
export function Unique(...args: readonly unknown[]): IndexDecorator {
  return registeringIndex('Unique', args);
}

function registeringIndex(
  decorator: IndexDeclaration['decorator'],
  args: readonly unknown[],
): IndexDecorator {
  if (isUncalled(args)) throw uncalledDecorator(decorator, '');
  return (...given: readonly unknown[]) => {
    const [target, property] = given;
    const isProperty = typeof property === 'string' || typeof property === 'symbol';
    const isClass = typeof target === 'function' && property === undefined;
    if ((!isProperty && !isClass) || !isTarget(target)) throw standardDecorator(decorator);
    const isStatic = isProperty && typeof target === 'function';
    const owner = typeof target === 'function' ? target : target.constructor;
    const decorated = isProperty ? { property, isStatic } : undefined;
    declare(owner).indexes.push({ decorator, decorated, args });
  };
}

function isTarget(target: unknown): target is object {
  return (typeof target === 'object' && target !== null) || typeof target === 'function';
}

/** Whether the arguments are what a compiler gives to a decorator itself: a class, or a prototype and the name of a property. */
function isUncalled([first, second]: readonly unknown[]): boolean {
  if (typeof first === 'function') return Object.hasOwn(first, 'prototype');
  const isName = typeof second === 'string' || typeof second === 'symbol';
  return isName && typeof first === 'object' && first !== null && !Array.isArray(first);
}
