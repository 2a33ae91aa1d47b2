import type { FieldOptions, FieldRole, FieldTypeName, TypeThunk } from '../metadata/index.js';
import type { DustFile } from '../metadata/dust-file.js';
import type { PropertyDecoratorFor } from './property-decorator.js';
import { registering } from './property-decorator.js';

/** The options of fields whose role settles everything but their names on the wire. */
export type NamedFieldOptions = Pick<FieldOptions, 'name' | 'from'>;

/** The options of a set field; `type` and `enum` are those of its members. */
export type SetFieldOptions = Pick<FieldOptions, 'name' | 'from' | 'type' | 'enum'>;

/** The options of a file field. */
export type FileFieldOptions = Pick<FieldOptions, 'name' | 'required' | 'nullable'>;

/**
 * A number that changes by `increment` and `decrement`, so that concurrent changes add up. A record without it
 * counts 0. Needs mode `flat`.
 *
 * @throws DustError `invalid_metadata` when the compiler applies it as a standard decorator
 */
export function CounterField(options: NamedFieldOptions = {}): PropertyDecoratorFor<number> {
  return roleField('CounterField', 'counter', options);
}

/**
 * A list without duplicates, newest first, that changes by `addTo` and `removeFrom`, so that concurrent changes add
 * up. A record without it has an empty list. Members are JSON values unless `type` says more. Needs mode `flat`.
 *
 * @throws DustError `invalid_metadata` when the compiler applies it as a standard decorator
 */
export function SetField(
  typeOrOptions: FieldTypeName | TypeThunk | SetFieldOptions = {},
): PropertyDecoratorFor<readonly unknown[]> {
  const options = typeof typeOrOptions === 'object' ? typeOrOptions : { type: typeOrOptions };
  return roleField('SetField', 'set', options);
}

/**
 * A reference to a stored file: the property holds a {@link DustFile}, `putFile` and `openFile` move the content.
 *
 * @throws DustError `invalid_metadata` when the compiler applies it as a standard decorator
 */
export function FileField(options: FileFieldOptions = {}): PropertyDecoratorFor<DustFile> {
  return roleField('FileField', 'file', options);
}

/**
 * The record's revision, filled in when the instance is read or saved and never stored itself. With it, every save of
 * a loaded instance is a compare-and-swap.
 *
 * @throws DustError `invalid_metadata` when the compiler applies it as a standard decorator
 */
export function VersionField(): PropertyDecoratorFor<number> {
  return roleField('VersionField', 'version', {});
}

/**
 * The time of the insert, filled in unless the property has a value.
 *
 * @throws DustError `invalid_metadata` when the compiler applies it as a standard decorator
 */
export function CreatedAtField(options: NamedFieldOptions = {}): PropertyDecoratorFor<Date> {
  return roleField('CreatedAtField', 'createdAt', options);
}

/**
 * The time of the last insert or change, filled in with every write that changes something.
 *
 * @throws DustError `invalid_metadata` when the compiler applies it as a standard decorator
 */
export function UpdatedAtField(options: NamedFieldOptions = {}): PropertyDecoratorFor<Date> {
  return roleField('UpdatedAtField', 'updatedAt', options);
}

/**
 * The time of the soft delete, set by `softRemove` and `softDelete` and cleared by `recover` and `restore`. Reads leave out the records that
 * have one, unless they say `withDeleted: true`.
 *
 * @throws DustError `invalid_metadata` when the compiler applies it as a standard decorator
 */
export function DeletedAtField(options: NamedFieldOptions = {}): PropertyDecoratorFor<Date> {
  return roleField('DeletedAtField', 'deletedAt', options);
}

function roleField(
  decorator: string,
  role: FieldRole,
  options: FieldOptions,
): (target: object, property: string | symbol) => void {
  return registering(decorator, ({ fields }, declaration) => {
    fields.push({ ...declaration, decorator, role, options });
  });
}
