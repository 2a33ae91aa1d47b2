import type {
  DustFile,
  EntityOptions,
  FieldOptions,
  FieldRole,
  FieldTypeName,
  IndexDeclaration,
  IndexOptions,
  SlugOptions,
  TypeThunk,
  ValueOfType,
} from '../metadata/index.js';
import { uncalledDecorator } from '../metadata/index.js';
import type { StandardClassDecorator, MemberDecorator, StandardDecorator } from './standard-context.js';
import { registering } from './standard-context.js';

/** The options of a field whose type is given beside them. */
export type TypedFieldOptions = Omit<FieldOptions, 'type' | 'enum'>;

/** Options of a field that name its type, as standard decorators know none. */
export type FieldOptionsWithType = FieldOptions &
  (Required<Pick<FieldOptions, 'type'>> | Required<Pick<FieldOptions, 'enum'>>);

/** The options of fields whose role settles everything but their names on the wire. */
export type NamedFieldOptions = Pick<FieldOptions, 'name' | 'from'>;

/** The options of a set field; `type` and `enum` are those of its members. */
export type SetFieldOptions = Pick<FieldOptions, 'name' | 'from' | 'type' | 'enum'>;

/** The options of a file field. */
export type FileFieldOptions = Pick<FieldOptions, 'name' | 'required' | 'nullable'>;

/**
 * Makes a class an entity: `DustEntity` of `dust-orm` as a standard decorator.
 *
 * @throws DustError `invalid_metadata` under `experimentalDecorators`, and without parentheses
 */
export function DustEntity(prefix: string | EntityOptions): StandardClassDecorator {
  refuseUncalled('DustEntity', prefix);
  return registering('DustEntity', ({ entities }) => {
    entities.push(typeof prefix === 'string' ? { prefix } : prefix);
  });
}

/**
 * Stores a property: `Field` of `dust-orm` as a standard decorator. The type is always given, as no compiler records it.
 *
 * @throws DustError `invalid_metadata` under `experimentalDecorators`, and without parentheses
 */
export function Field<Type extends keyof ValueOfType>(
  type: Type,
  options?: TypedFieldOptions & { readonly array?: false; readonly transformer?: never },
): MemberDecorator<ValueOfType[Type]>;
export function Field<Type extends keyof ValueOfType>(
  type: Type,
  options: TypedFieldOptions & { readonly array: true; readonly transformer?: never },
): MemberDecorator<readonly ValueOfType[Type][]>;
export function Field(type: FieldTypeName | TypeThunk, options?: TypedFieldOptions): StandardDecorator;
export function Field(options: FieldOptionsWithType): StandardDecorator;
export function Field(
  typeOrOptions: FieldTypeName | TypeThunk | FieldOptionsWithType,
  rest: TypedFieldOptions = {},
): StandardDecorator {
  refuseUncalled('Field', rest);
  const options: FieldOptions =
    typeof typeOrOptions === 'object' ? typeOrOptions : { ...rest, type: typeOrOptions };
  return fieldOf('Field', 'plain', options);
}

/**
 * Marks the property that names the record. With `generated`, an insert makes a slug for an entity that has none.
 *
 * @throws DustError `invalid_metadata` under `experimentalDecorators`
 */
export function Slug(options: SlugOptions = {}): MemberDecorator<string> {
  return registering('Slug', ({ slugs }, declaration) => {
    if (declaration !== undefined) slugs.push({ ...declaration, options });
  });
}

/**
 * A number that many writers add to.
 *
 * @throws DustError `invalid_metadata` under `experimentalDecorators`
 */
export function CounterField(options: NamedFieldOptions = {}): MemberDecorator<number> {
  return fieldOf('CounterField', 'counter', options);
}

/**
 * A set that many writers add to.
 *
 * @throws DustError `invalid_metadata` under `experimentalDecorators`
 */
export function SetField(
  typeOrOptions: FieldTypeName | TypeThunk | SetFieldOptions = {},
): MemberDecorator<readonly unknown[]> {
  const options = typeof typeOrOptions === 'object' ? typeOrOptions : { type: typeOrOptions };
  return fieldOf('SetField', 'set', options);
}

/**
 * A reference to a stored file.
 *
 * @throws DustError `invalid_metadata` under `experimentalDecorators`
 */
export function FileField(options: FileFieldOptions = {}): MemberDecorator<DustFile> {
  return fieldOf('FileField', 'file', options);
}

/**
 * The record's revision.
 *
 * @throws DustError `invalid_metadata` under `experimentalDecorators`
 */
export function VersionField(): MemberDecorator<number> {
  return fieldOf('VersionField', 'version', {});
}

/**
 * The time of the insert.
 *
 * @throws DustError `invalid_metadata` under `experimentalDecorators`
 */
export function CreatedAtField(options: NamedFieldOptions = {}): MemberDecorator<Date> {
  return fieldOf('CreatedAtField', 'createdAt', options);
}

/**
 * The time of the last change.
 *
 * @throws DustError `invalid_metadata` under `experimentalDecorators`
 */
export function UpdatedAtField(options: NamedFieldOptions = {}): MemberDecorator<Date> {
  return fieldOf('UpdatedAtField', 'updatedAt', options);
}

/**
 * The time of the soft delete.
 *
 * @throws DustError `invalid_metadata` under `experimentalDecorators`
 */
export function DeletedAtField(options: NamedFieldOptions = {}): MemberDecorator<Date> {
  return fieldOf('DeletedAtField', 'deletedAt', options);
}

/**
 * Keeps the records ordered by properties, as `Index` of `dust-orm` does.
 *
 * @throws DustError `invalid_metadata` under `experimentalDecorators`
 */
export function Index(options?: IndexOptions): StandardDecorator;
export function Index(
  nameOrProperties: string | readonly string[],
  options?: IndexOptions,
): StandardDecorator;
export function Index(name: string, properties: readonly string[], options?: IndexOptions): StandardDecorator;
export function Index(...args: readonly unknown[]): StandardDecorator {
  return indexOf('Index', args);
}

/**
 * Refuses a second record with the same values, as `Unique` of `dust-orm` does.
 *
 * @throws DustError `invalid_metadata` under `experimentalDecorators`
 */
export function Unique(nameOrProperties?: string | readonly string[]): StandardDecorator;
export function Unique(name: string, properties: readonly string[]): StandardDecorator;
export function Unique(...args: readonly unknown[]): StandardDecorator {
  return indexOf('Unique', args);
}

function fieldOf(decorator: string, role: FieldRole, options: FieldOptions): StandardDecorator {
  return registering(decorator, ({ fields }, declaration) => {
    if (declaration !== undefined) fields.push({ ...declaration, decorator, role, options });
  });
}

function indexOf(decorator: IndexDeclaration['decorator'], args: readonly unknown[]): StandardDecorator {
  for (const arg of args) refuseUncalled(decorator, arg);
  return registering(decorator, ({ indexes }, decorated) => {
    indexes.push({ decorator, decorated, args });
  });
}

/** What a decorator is given that was not called: a class, or the context of what it stands on. */
export function refuseUncalled(decorator: string, given: unknown): void {
  const isContext = typeof given === 'object' && given !== null && 'kind' in given && 'metadata' in given;
  if (isContext || typeof given === 'function') throw uncalledDecorator(decorator, exampleOf(decorator));
}

function exampleOf(decorator: string): string {
  if (decorator === 'DustEntity') return "'links'";
  if (decorator === 'Ref') return '() => Customer';
  return decorator === 'Field' ? "'string'" : '';
}
