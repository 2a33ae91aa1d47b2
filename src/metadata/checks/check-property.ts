import type { PropertyDeclaration } from '../declarations.js';

/** What keeps a property from being stored, in full sentences; `undefined` when nothing does. */
export function propertyProblem(
  { property, isStatic }: PropertyDeclaration,
  prototype: object,
): string | undefined {
  if (isStatic) return 'it is static. Only properties of instances are stored.';
  if (property in Object.prototype) {
    return `a property cannot have this name, which every object inherits. Choose another, and { name: "${String(property)}" } for the wire.`;
  }
  const own = Object.getOwnPropertyDescriptor(prototype, property);
  if (own === undefined) return undefined;
  if (typeof own.value === 'function') return 'it is a method. Only properties are stored.';
  return own.get !== undefined && own.set === undefined
    ? 'it is a getter without a setter, so it cannot be filled from the store. Add a setter.'
    : undefined;
}
