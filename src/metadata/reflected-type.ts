/**
 * The type that the compiler recorded for a property (`emitDecoratorMetadata`); `undefined` when it recorded none or
 * when nobody loaded reflect-metadata before the class.
 */
export function reflectedType(prototype: object, property: string): unknown {
  const read: unknown = Reflect.get(Reflect, 'getOwnMetadata');
  return typeof read === 'function'
    ? (Reflect.apply(read, Reflect, ['design:type', prototype, property]) as unknown)
    : undefined;
}
