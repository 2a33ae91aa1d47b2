/** An instance seen as its properties by name: what a mapper, unlike a compiler, works with. */
export function propertiesOf(instance: object): Record<string, unknown> {
  return instance as Record<string, unknown>;
}
