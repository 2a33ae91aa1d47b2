import type {
  ClassDeclarations,
  FieldOptions,
  FieldRole,
  ReferenceOptions,
  SlugOptions,
} from '../metadata/index.js';
import { declareReference } from '../metadata/index.js';
import { invalidDefinition } from './errors.js';

/** Under a name that all loaded copies of the package share. */
const DEFINITION: unique symbol = Symbol.for('dust-orm.definition') as never;

/** Whether a property is there in every instance that was read. */
export type PropertyPresence = 'always' | 'optional';

/** A property of a class to be defined, made by `slug`, `field` and the like: what it holds, as far as the compiler is concerned. */
export interface PropertyDefinition<Value = unknown, Presence extends PropertyPresence = PropertyPresence> {
  /** @internal */
  readonly [DEFINITION]: DefinedProperty;
  /** For the compiler alone: there is no such property. */
  readonly '~types'?: {
    /** What the property holds. */
    readonly value: Value;
    /** Whether it is there. */
    readonly presence: Presence;
  };
}

/** The properties of a class to be defined, by name. */
export type PropertyDefinitions = Readonly<Record<string, PropertyDefinition>>;

/** A decorator of another library, such as a rule of class-validator, applied to the property as it would be in a class. */
export type PropertyRule = (target: object, property: string) => void;

/** What was defined, for the registry. */
export interface DefinedProperty {
  /** The decorator that says the same, for messages. */
  readonly decorator: string;
  /** Undefined for the slug, which is no field. */
  readonly role: FieldRole | undefined;
  readonly options: FieldOptions;
  /** What is said of the slug. */
  readonly slug?: SlugOptions;
  readonly index?: boolean;
  readonly rules?: readonly PropertyRule[];
  /** What a reference refers to, and its options in place of a field's. */
  readonly reference?: { readonly target: unknown; readonly options: ReferenceOptions };
}

export function definition<Value, Presence extends PropertyPresence>(
  defined: DefinedProperty,
): PropertyDefinition<Value, Presence> {
  return { [DEFINITION]: defined };
}

/** Adds a property to what its class declares. */
export function registerProperty(
  target: new () => object,
  declarations: ClassDeclarations,
  property: string,
  given: unknown,
): void {
  const { decorator, role, options, slug = {}, index, rules = [], reference } = definedIn(given, property);
  const declaration = { property, isStatic: false };
  if (reference !== undefined) {
    declareReference(declarations, declaration, reference.target, reference.options);
  } else if (role === undefined) declarations.slugs.push({ ...declaration, options: slug });
  else declarations.fields.push({ ...declaration, decorator, role, options });
  if (index === true) declarations.indexes.push({ decorator: 'Index', decorated: declaration, args: [] });
  const prototype: unknown = Reflect.get(target, 'prototype');
  for (const rule of rules) rule(prototype as object, property);
}

function definedIn(given: unknown, property: string): DefinedProperty {
  const defined: unknown =
    typeof given === 'object' && given !== null ? Reflect.get(given, DEFINITION) : undefined;
  if (defined === undefined) {
    const text = `${property} is not a definition. Write ${property}: field('string'), or another of slug(), nested(…), counterField().`;
    throw invalidDefinition(text);
  }
  return defined as DefinedProperty;
}
