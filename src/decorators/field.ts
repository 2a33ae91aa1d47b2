import type { FieldOptions, FieldTypeName, TypeThunk, ValueOfType } from '../metadata/index.js';
import { uncalledDecorator } from '../metadata/index.js';
import type { AnyPropertyDecorator, PropertyDecoratorFor } from './property-decorator.js';
import { registering } from './property-decorator.js';

/** The options of a field whose type is given beside them. */
export type TypedFieldOptions = Omit<FieldOptions, 'type' | 'enum'>;

/**
 * Stores a property.
 *
 * Types: `string`, `integer` (safe integers), `float` (finite numbers), `boolean`, `date` (an ISO 8601 string),
 * `bigint` and `decimal` (strings; the property of a decimal is a string), `bytes` (base64; a Buffer may be written,
 * a Uint8Array is read), `json` (anything JSON can say), an enum, a nested class (`() => Address`), and lists of these
 * (`array: true` or `() => [Address]`), each stored as one value. A type may be left out where
 * the compiler records one (`emitDecoratorMetadata`): a number is then a `float`. A nested class has `@Field`s of its
 * own, or is mapped by class-transformer.
 *
 * A type given in front is checked against the property's own. The compiler cannot do that for a private property, so
 * there the type goes among the options: `@Field({ type: 'integer' })`.
 *
 * `undefined` is never written. Null is, unless the field is `required` or `nullable: false`.
 *
 * @throws DustError `invalid_metadata` when the compiler applies it as a standard decorator, and without parentheses
 */
export function Field(options?: FieldOptions): AnyPropertyDecorator;
export function Field<Type extends keyof ValueOfType>(
  type: Type,
  options?: TypedFieldOptions & { readonly array?: false; readonly transformer?: never },
): PropertyDecoratorFor<ValueOfType[Type]>;
export function Field<Type extends keyof ValueOfType>(
  type: Type,
  options: TypedFieldOptions & { readonly array: true; readonly transformer?: never },
): PropertyDecoratorFor<readonly ValueOfType[Type][]>;
export function Field(type: FieldTypeName | TypeThunk, options?: TypedFieldOptions): AnyPropertyDecorator;
export function Field(
  typeOrOptions: FieldTypeName | TypeThunk | FieldOptions = {},
  rest: TypedFieldOptions | string = {},
): AnyPropertyDecorator {
  // The property's name, from a decorator that was not called.
  if (typeof rest === 'string') throw uncalledDecorator('Field', '');
  const options: FieldOptions =
    typeof typeOrOptions === 'object' ? typeOrOptions : { ...rest, type: typeOrOptions };
  return registering('Field', ({ fields }, declaration) => {
    fields.push({ ...declaration, decorator: 'Field', role: 'plain', options });
  });
}
