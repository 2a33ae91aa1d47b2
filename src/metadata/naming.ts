import type { NamingStrategy } from './types.js';

/** The wire name of a property without a name of its own. */
export function wireNameOf(property: string, strategy: NamingStrategy): string {
  if (typeof strategy === 'function') return strategy(property);
  return strategy === 'snake_case' ? snakeCase(property) : property;
}

/** `addedAt` becomes `added_at`, `URLValue` becomes `url_value`, `line2Text` becomes `line2_text`. */
export function snakeCase(property: string): string {
  return property
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1_$2')
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1_$2')
    .toLowerCase();
}
