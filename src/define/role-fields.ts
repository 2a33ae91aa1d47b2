import type { DustFile, FieldOptions, FieldRole } from '../metadata/index.js';
import type { PropertyDefinition, PropertyPresence } from './property-definition.js';
import { definition } from './property-definition.js';
import type { DefinedType, NoOthers, OrNull, PresenceBy, TypeIn, ValueOf } from './value-types.js';

/** The options of a definition whose role settles everything but its names on the wire. */
export type NamedDefinitionOptions = Pick<FieldOptions, 'name' | 'from'>;

/** The options of a set; `type` and `enum` are those of its members. */
export type SetDefinitionOptions = Pick<FieldOptions, 'name' | 'from' | 'type' | 'enum'>;

/** The options of a file. */
export type FileDefinitionOptions = Pick<FieldOptions, 'name' | 'required' | 'nullable'>;

/** A number that many writers add to, as `@CounterField()`. */
export function counterField(options: NamedDefinitionOptions = {}): PropertyDefinition<number, 'always'> {
  return role('CounterField', 'counter', options);
}

/** A set that many writers add to, as `@SetField()`: `setField('string')`. */
export function setField<Type extends DefinedType>(
  type: Type,
): PropertyDefinition<ValueOf<Type, unknown>[], 'always'>;
export function setField<const Options extends SetDefinitionOptions = object>(
  options?: Options & NoOthers<Options, SetDefinitionOptions>,
): PropertyDefinition<ValueOf<TypeIn<Options>, Options>[], 'always'>;
export function setField(
  typeOrOptions: DefinedType | SetDefinitionOptions = {},
): PropertyDefinition<never, 'always'> {
  const options = typeof typeOrOptions === 'object' ? typeOrOptions : { type: typeOrOptions };
  return role('SetField', 'set', options);
}

/** A reference to a stored file, as `@FileField()`. */
export function fileField<const Options extends FileDefinitionOptions = object>(
  options?: Options & NoOthers<Options, FileDefinitionOptions>,
): PropertyDefinition<OrNull<DustFile, Options>, PresenceBy<Options>> {
  return role('FileField', 'file', options ?? {});
}

/** The record's revision, as `@VersionField()`. */
export function versionField(): PropertyDefinition<number, 'optional'> {
  return role('VersionField', 'version', {});
}

/** The time of the insert, as `@CreatedAtField()`. */
export function createdAtField(options: NamedDefinitionOptions = {}): PropertyDefinition<Date, 'optional'> {
  return role('CreatedAtField', 'createdAt', options);
}

/** The time of the last change, as `@UpdatedAtField()`. */
export function updatedAtField(options: NamedDefinitionOptions = {}): PropertyDefinition<Date, 'optional'> {
  return role('UpdatedAtField', 'updatedAt', options);
}

/** The time of the soft delete, as `@DeletedAtField()`; null or undefined while the record is not deleted. */
export function deletedAtField(
  options: NamedDefinitionOptions = {},
): PropertyDefinition<Date | null, 'optional'> {
  return role('DeletedAtField', 'deletedAt', options);
}

function role<Value, Presence extends PropertyPresence>(
  decorator: string,
  fieldRole: FieldRole,
  options: FieldOptions,
): PropertyDefinition<Value, Presence> {
  return definition({ decorator, role: fieldRole, options });
}
