import type { EntityClass, ReferenceOptions, ReferenceTarget } from '../metadata/index.js';
import { declareReference, uncalledDecorator } from '../metadata/index.js';
import type { PropertyDecoratorFor } from './property-decorator.js';
import { registering } from './property-decorator.js';

/**
 * Stores the slug of another record, or a list of slugs, and has `populate` fill in what they name: `customerId` fills `customer`,
 * `tagIds` fills `tags`, unless `as` says another. The class declares that property, too, as `customer?: Customer | null`; it is never
 * stored, validated or written. `@Field` beside it is not needed.
 *
 * Nothing looks after the other record: it may be gone, and is not removed or written with this one. What refers to a record
 * is found by `findBy({ customerId })`, best with `index: true`. What is wrong is reported when a data source is given the class.
 *
 * @throws DustError `invalid_metadata` when the compiler applies it as a standard decorator, and without parentheses
 */
export function Ref(
  target: () => EntityClass,
  options?: ReferenceOptions & { readonly array?: false },
): PropertyDecoratorFor<string>;
export function Ref(
  target: () => EntityClass,
  options: ReferenceOptions & { readonly array: true },
): PropertyDecoratorFor<readonly string[]>;
export function Ref(
  target: () => readonly EntityClass[],
  options?: ReferenceOptions,
): PropertyDecoratorFor<readonly string[]>;
export function Ref(
  target: ReferenceTarget,
  options: ReferenceOptions | string = {},
): (target: object, property: string | symbol) => void {
  // The property's name, from a decorator that was not called.
  if (typeof options === 'string') throw uncalledDecorator('Ref', '() => Customer');
  return registering('Ref', (declarations, declaration) => {
    declareReference(declarations, declaration, target, options);
  });
}
