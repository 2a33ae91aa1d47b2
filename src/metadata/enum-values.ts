import type { EnumDefinition } from './declarations.js';

/**
 * The values of a TypeScript enum or of a list, without repetitions. A numeric enum maps its numbers back to names
 * as well; those entries are not values.
 */
export function enumValuesOf(definition: EnumDefinition): (string | number)[] {
  const values = isList(definition)
    ? definition
    : Object.entries(definition)
        .filter(([key, value]) => !isReverseMapping(definition, key, value))
        .map(([, value]) => value);
  return [...new Set(values)];
}

function isList(definition: EnumDefinition): definition is readonly (string | number)[] {
  return Array.isArray(definition);
}

function isReverseMapping(
  definition: Readonly<Record<string, string | number>>,
  key: string,
  value: string | number,
): boolean {
  return typeof value === 'string' && String(Number(key)) === key && definition[value] === Number(key);
}
