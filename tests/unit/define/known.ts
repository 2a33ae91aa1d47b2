import type { EntityClass } from '../../../src/index.js';
import { buildEntityMetadata } from '../../../src/metadata/index.js';

/** All that is known of a class, but for which class it is. */
export function known(target: EntityClass): unknown {
  const { target: _, ...metadata } = buildEntityMetadata(target, { namingStrategy: 'snake_case' });
  return JSON.parse(
    JSON.stringify(metadata, (key, value: unknown) => {
      if (value instanceof Map) return [...value];
      // Compilers write a function in their own ways.
      if (key === 'validate') return typeof value;
      if (typeof value === 'function') {
        return key === 'nestedClass' || key === 'target' ? value.name : String(value);
      }
      return value === undefined ? 'undefined' : value;
    }),
  );
}
