import type { EntityClass, FieldOptions, SlugOptions } from '../metadata/index.js';
import type { PropertyDefinition, PropertyRule } from './property-definition.js';
import { definition } from './property-definition.js';
import type {
  DefinedEnum,
  DefinedType,
  NoOthers,
  OrNull,
  PresenceBy,
  TypeIn,
  ValueOf,
} from './value-types.js';

/** The options of a field in a class that is defined without decorators: those of `@Field`, and what further decorators say. */
export interface FieldDefinitionOptions extends FieldOptions {
  /** Whether records are found by it without looking at all of them, as with `@Index()` beside the field. Default: false. */
  readonly index?: boolean;
  /** Decorators that class-validator or class-transformer would have on the property: `[IsUrl(), Length(1, 200)]`. Default: none. */
  readonly rules?: readonly PropertyRule[];
}

/** The options of a field whose type is given beside them. */
export type TypedDefinitionOptions = Omit<FieldDefinitionOptions, 'type' | 'enum'>;

/** The options of a list or a value that is described by a type parameter. */
export type JsonDefinitionOptions = Omit<TypedDefinitionOptions, 'array' | 'transformer'>;

/** The slug, as `@Slug()`: the property that names the record. */
export function slug(options: SlugOptions = {}): PropertyDefinition<string, 'always'> {
  return definition({ decorator: 'Slug', role: undefined, options: {}, slug: options });
}

/**
 * A stored property, as `@Field`, whose types and options it has; the type is always given.
 *
 * A `required` one is always there in the class's type; any other is optional, and may be null unless it is `nullable: false`.
 * Behind a transformer it holds what `from` returns.
 */
export function field<Type extends DefinedType, const Options extends TypedDefinitionOptions = object>(
  type: Type,
  options?: Options & NoOthers<Options, TypedDefinitionOptions>,
): PropertyDefinition<OrNull<ValueOf<Type, Options>, Options>, PresenceBy<Options>>;
export function field<const Options extends FieldDefinitionOptions & object>(
  options: Options & NoOthers<Options, FieldDefinitionOptions>,
): PropertyDefinition<OrNull<ValueOf<TypeIn<Options>, Options>, Options>, PresenceBy<Options>>;
export function field(
  typeOrOptions: DefinedType | FieldDefinitionOptions,
  rest: TypedDefinitionOptions = {},
): PropertyDefinition<never, never> {
  return plain(typeof typeOrOptions === 'object' ? typeOrOptions : { ...rest, type: typeOrOptions });
}

/** A value of a nested class, stored as `json`: `nested(() => Address)`. With `array: true`, a list of them. */
export function nested<Value extends object, const Options extends TypedDefinitionOptions = object>(
  type: () => EntityClass<Value>,
  options?: Options & NoOthers<Options, TypedDefinitionOptions>,
): PropertyDefinition<OrNull<ValueOf<() => EntityClass<Value>, Options>, Options>, PresenceBy<Options>> {
  return plain({ ...options, type });
}

/** One of the values of an enum or of a list: `enumField(['draft', 'done'])`. */
export function enumField<
  const Values extends DefinedEnum,
  const Options extends TypedDefinitionOptions = object,
>(
  values: Values,
  options?: Options & NoOthers<Options, TypedDefinitionOptions>,
): PropertyDefinition<
  OrNull<ValueOf<unknown, Options & Readonly<Record<'enum', Values>>>, Options>,
  PresenceBy<Options>
> {
  return plain({ ...options, enum: values });
}

/** Anything JSON can say, of a type that is taken at its word: `jsonField<{ place: string }>()`. */
export function jsonField<Value>(
  options: JsonDefinitionOptions & { readonly required: true },
): PropertyDefinition<Value, 'always'>;
export function jsonField<Value>(
  options: JsonDefinitionOptions & { readonly nullable: false },
): PropertyDefinition<Value, 'optional'>;
export function jsonField<Value>(
  options?: JsonDefinitionOptions,
): PropertyDefinition<Value | null, 'optional'>;
export function jsonField(options: JsonDefinitionOptions = {}): PropertyDefinition<never, never> {
  return plain({ ...options, type: 'json' });
}

function plain({ index, rules, ...options }: FieldDefinitionOptions): PropertyDefinition<never, never> {
  return definition({
    decorator: 'Field',
    role: 'plain',
    options,
    ...(index !== undefined && { index }),
    ...(rules !== undefined && { rules }),
  });
}
