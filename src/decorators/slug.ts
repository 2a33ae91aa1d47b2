import type { SlugOptions } from '../metadata/index.js';
import type { PropertyDecoratorFor } from './property-decorator.js';
import { registering } from './property-decorator.js';

/**
 * Marks the property that names the record: the segment below the prefix, any non-empty string. A slug cannot change,
 * is not a field and takes no field decorator. With `generated`, an insert makes one for an entity that has none.
 *
 * @throws DustError `invalid_metadata` when the compiler applies it as a standard decorator
 */
export function Slug(options: SlugOptions = {}): PropertyDecoratorFor<string> {
  return registering('Slug', ({ slugs }, declaration) => {
    slugs.push({ ...declaration, options });
  });
}
