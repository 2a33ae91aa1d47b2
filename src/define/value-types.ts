import type { EnumDefinition, FieldTypeName, TypeThunk, ValueOfType } from '../metadata/index.js';

/** What a property holds by its type and the options beside it, null aside. */
export type ValueOf<Type, Options> = Options extends { readonly transformer: infer Transformer }
  ? BeforeTransformer<Transformer>
  : Options extends { readonly array: true }
    ? ItemOf<Type, Options>[]
    : ItemOf<Type, Options>;

type ItemOf<Type, Options> = Options extends { readonly enum: infer Definition }
  ? EnumValue<Definition>
  : Type extends keyof ValueOfType
    ? ValueOfType[Type]
    : Type extends () => infer Target
      ? ValueOfTarget<Target>
      : unknown;

/** One of the values of an enum, of a list or of what a function returns. */
export type EnumValue<Definition> = Definition extends () => infer Named
  ? EnumValue<Named>
  : Definition extends readonly (infer Value)[]
    ? Value
    : Definition[keyof Definition];

type ValueOfTarget<Target> = Target extends readonly (infer Item)[]
  ? ValueOfTarget<Item>[]
  : Target extends StringConstructor
    ? string
    : Target extends NumberConstructor
      ? number
      : Target extends BooleanConstructor
        ? boolean
        : Target extends BigIntConstructor
          ? bigint
          : Target extends DateConstructor
            ? Date
            : Target extends Uint8ArrayConstructor
              ? Uint8Array
              : Target extends abstract new (...args: never[]) => infer Instance
                ? Instance
                : unknown;

type BeforeTransformer<Transformer> = Transformer extends readonly [infer First, ...unknown[]]
  ? Restored<First>
  : Transformer extends readonly (infer Each)[]
    ? Restored<Each>
    : Restored<Transformer>;

type Restored<Transformer> = Transformer extends { from(value: never): infer Property } ? Property : unknown;

/** What a property may be besides: null, unless that is refused. */
export type OrNull<Value, Options> = Options extends
  { readonly required: true } | { readonly nullable: false }
  ? Value
  : Value | null;

/** Whether every record that is read has it. */
export type PresenceBy<Options> = Options extends { readonly required: true } ? 'always' : 'optional';

/** The type among the options, for a field that has none in front of them. */
export type TypeIn<Options> = Options extends { readonly type: infer Type } ? Type : unknown;

/** Refuses options that there are none of: what is inferred is not checked for that. */
export type NoOthers<Options, Known> = Readonly<Partial<Record<Exclude<keyof Options, keyof Known>, never>>>;

/** What may stand in front of the options. */
export type DefinedType = Exclude<FieldTypeName, 'enum'> | TypeThunk;

/** The values of an enum, or a function that returns them. */
export type DefinedEnum = EnumDefinition | (() => EnumDefinition);
