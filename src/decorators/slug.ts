import type { PropertyDecoratorFor } from './property-decorator.js';
import { registering } from './property-decorator.js';

/**
 * Marks the property that names the record: the segment below the prefix, any non-empty string. A slug cannot change,
 * is not a field and takes no field decorator.
 *
 * @throws DustError `invalid_metadata` when the compiler applies it as a standard decorator
 */
export function Slug(): PropertyDecoratorFor<string> {
  return registering('Slug', ({ slugs }, declaration) => {
    slugs.push(declaration);
  });
}
