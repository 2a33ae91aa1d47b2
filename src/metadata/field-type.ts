import { types } from 'node:util';
import type { EnumDefinition, FieldDeclaration, FieldTypeName, TypeThunk } from './declarations.js';
import { declarationsOf } from './registry.js';
import { enumValuesOf } from './enum-values.js';
import type { EntityClass, FieldType } from './types.js';

/** The type of a field, worked out. */
export interface ResolvedType {
  readonly type: FieldType;
  readonly array: boolean;
  readonly enumValues?: readonly (string | number)[];
  readonly nestedClass?: EntityClass;
}

/** A resolved type, or in full sentences why there is none and what to do. */
export type TypeResolution = ResolvedType | { readonly problem: string };

const TYPE_NAMES: ReadonlySet<unknown> = new Set<FieldTypeName>([
  'string',
  'integer',
  'float',
  'boolean',
  'date',
  'bigint',
  'decimal',
  'bytes',
  'json',
  'enum',
]);

const BUILT_IN: ReadonlyMap<unknown, FieldType> = new Map<unknown, FieldType>([
  [String, 'string'],
  [Number, 'float'],
  [Boolean, 'boolean'],
  [BigInt, 'bigint'],
  [Date, 'date'],
  [Uint8Array, 'bytes'],
  [Buffer, 'bytes'],
]);

const NOT_A_VALUE_CLASS: ReadonlySet<unknown> = new Set([Object, Array, Function, Map, Set, Promise, Symbol]);

const NAME_A_TYPE =
  "Give it a type: @Field('string'), @Field('json'), @Field(() => ItemClass), or { array: true } with one for a list.";

/**
 * The type of a field: from its role, its `enum`, its `type`, and only then from what the compiler recorded.
 * `reflected` is that record, `undefined` without one.
 */
export function resolveFieldType({ role, options }: FieldDeclaration, reflected: unknown): TypeResolution {
  switch (role) {
    case 'counter':
      return { type: 'float', array: false };
    case 'version':
      return { type: 'integer', array: false };
    case 'createdAt':
    case 'updatedAt':
    case 'deletedAt':
      return { type: 'date', array: false };
    case 'file':
      return { type: 'file', array: false };
    case 'set':
      return asList(explicitType(options) ?? { type: 'json', array: true });
    case 'plain':
      return checkList(
        explicitType(options) ?? typeFromReflection(reflected, options.array === true),
        // Behind a transformer the property holds whatever the transformer takes.
        options.transformer === undefined ? reflected : undefined,
      );
  }
}

function asList(resolution: TypeResolution): TypeResolution {
  return 'problem' in resolution ? resolution : { ...resolution, array: true };
}

function checkList(resolution: TypeResolution, reflected: unknown): TypeResolution {
  const isUndeclaredList =
    reflected === Array && !('problem' in resolution) && !resolution.array && resolution.type !== 'json';
  return isUndeclaredList
    ? { problem: 'the property is a list, its field is not. Add array: true to the options.' }
    : resolution;
}

function explicitType(options: FieldDeclaration['options']): TypeResolution | undefined {
  const array = options.array === true;
  if (options.enum !== undefined) return enumType(options, array);
  const { type } = options;
  if (type === undefined) return undefined;
  if (typeof type === 'function') return thunkType(type, array);
  if (type === 'enum') return { problem: "type 'enum' needs its values. Add enum: MyEnum to the options." };
  if (TYPE_NAMES.has(type)) return { type, array };
  return {
    problem: `there is no type ${JSON.stringify(type)}. The types are ${[...TYPE_NAMES].join(', ')}; a nested class is given as @Field(() => ItemClass), a file as @FileField().`,
  };
}

function enumType(options: FieldDeclaration['options'], array: boolean): TypeResolution {
  if (options.type !== undefined && options.type !== 'enum') {
    return { problem: 'it has both an enum and another type. Leave one of them out.' };
  }
  const named =
    typeof options.enum === 'function' ? evaluate(options.enum, 'enum') : { target: options.enum };
  if ('problem' in named) return named;
  const definition: unknown = named.target;
  if (!isEnumDefinition(definition)) {
    return {
      problem:
        'its enum is not an enum. Give the enum object, a list of strings and numbers, or a function that returns one.',
    };
  }
  const enumValues = enumValuesOf(definition);
  return enumValues.length === 0
    ? { problem: 'its enum has no values. Give it at least one.' }
    : { type: 'enum', array, enumValues };
}

function isEnumDefinition(value: unknown): value is EnumDefinition {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((item) => typeof item === 'string' || typeof item === 'number')
  );
}

function thunkType(thunk: TypeThunk, array: boolean): TypeResolution {
  if (BUILT_IN.has(thunk) || /^class\b/.test(Function.prototype.toString.call(thunk))) {
    return {
      problem: `its type is a class. Write it as a function that returns the class: () => ${thunk.name}.`,
    };
  }
  const named = evaluate(thunk, 'type');
  if ('problem' in named) return named;
  const { target } = named;
  if (!Array.isArray(target)) return targetType(target, array);
  return target.length === 1
    ? targetType(target[0], true)
    : { problem: 'a list in a type thunk holds exactly one type, as in () => [String].' };
}

function evaluate(
  thunk: () => unknown,
  of: 'type' | 'enum',
): { readonly target: unknown } | { readonly problem: string } {
  try {
    return { target: thunk() };
  } catch (error) {
    const reason = types.isNativeError(error) ? error.message : 'a value that is no error';
    return { problem: `its ${of} thunk threw: ${reason}` };
  }
}

function targetType(target: unknown, array: boolean): TypeResolution {
  const type = BUILT_IN.get(target);
  if (type !== undefined) return { type, array };
  if (target === undefined) {
    return {
      problem:
        'its type thunk returned undefined. The class is not loaded yet or not exported: look for files that import each other.',
    };
  }
  return isValueClass(target)
    ? { type: 'nested', array, nestedClass: target }
    : { problem: `its type thunk did not return a class of values. ${NAME_A_TYPE}` };
}

function isValueClass(target: unknown): target is EntityClass {
  return typeof target === 'function' && !NOT_A_VALUE_CLASS.has(target);
}

function typeFromReflection(reflected: unknown, array: boolean): TypeResolution {
  if (array || reflected === Array) {
    return { problem: `it is a list of items whose type cannot be known. ${NAME_A_TYPE}` };
  }
  const type = BUILT_IN.get(reflected);
  if (type !== undefined) return { type, array: false };
  if (isValueClass(reflected) && (declarationsOf(reflected)?.fields.length ?? 0) > 0) {
    return { type: 'nested', array: false, nestedClass: reflected };
  }
  const reason =
    reflected === undefined
      ? 'the compiler recorded no type for it (it is inferred, or "emitDecoratorMetadata" is off, or the compiler has no such thing, as esbuild, or reflect-metadata was loaded too late)'
      : 'the compiler recorded nothing more precise than an object for it (its type is inferred, unknown, an interface or a union, and swc takes "string | null" for one)';
  return { problem: `its type cannot be known: ${reason}. ${NAME_A_TYPE}` };
}
