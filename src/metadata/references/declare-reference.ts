import type { ClassDeclarations, PropertyDeclaration, ReferenceOptions, TypeThunk } from '../declarations.js';

/** Adds a reference to what its class declares, with the field that holds its slugs. */
export function declareReference(
  { fields, indexes, references }: ClassDeclarations,
  { property, isStatic }: PropertyDeclaration,
  target: unknown,
  given: ReferenceOptions,
): void {
  const field = { property, isStatic, decorator: 'Ref', role: 'plain' } as const;
  if (!isObject(given)) {
    fields.push({ ...field, options: given });
    return;
  }
  const { as, index, ...options } = given;
  fields.push({ ...field, options: { ...options, type: slugsOf(target) } });
  references.push({ property, isStatic, target, as });
  if (index === true) indexes.push({ decorator: 'Index', decorated: { property, isStatic }, args: [] });
}

/** What the field holds: a slug, or a list of them where the target stands in a list. What else is wrong with the target is told of the reference. */
function slugsOf(target: unknown): TypeThunk {
  return () => {
    try {
      return Array.isArray((target as () => unknown)()) ? [String] : String;
    } catch {
      return String;
    }
  };
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
