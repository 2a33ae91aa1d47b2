import type { ClassDeclarations, PropertyDeclaration } from '../metadata/index.js';
import { declare, standardDecorator } from '../metadata/index.js';

/** A decorator for any property. */
export type AnyPropertyDecorator = (target: object, property: string) => void;

/** A decorator for properties that hold `Value`, null or undefined; on others it is a type error. */
export type PropertyDecoratorFor<Value> = <Key extends string>(
  target: Partial<Readonly<Record<Key, Value | null | undefined>>>,
  property: Key,
) => void;

/**
 * A property decorator that adds to what its class declares.
 *
 * @throws DustError `invalid_metadata` when the compiler applies it as a standard decorator
 */
export function registering(
  decorator: string,
  register: (declarations: ClassDeclarations, declaration: PropertyDeclaration) => void,
): (target: object, property: string | symbol) => void {
  return (target, property) => {
    const isLegacy = typeof property === 'string' || typeof property === 'symbol';
    if (!isLegacy) throw standardDecorator(decorator);
    const isStatic = typeof target === 'function';
    register(declare(isStatic ? target : target.constructor), { property, isStatic });
  };
}
