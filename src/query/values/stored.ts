import type { ValueTransformer } from '../../metadata/types.js';
import { isNull } from './values.js';

/** What is stored of a property's value, but for its codec. Null and undefined, which no transformer sees, stay. */
export function storedBy(
  transformers: readonly ValueTransformer[],
  refuse: (value: unknown, error: unknown) => Error,
): (value: unknown) => unknown {
  if (transformers.length === 0) return (value) => value;
  return (value) => {
    if (isNull(value)) return value;
    try {
      return transformers.reduce<unknown>((current, transformer) => transformer.to(current), value);
    } catch (error) {
      throw refuse(value, error);
    }
  };
}
