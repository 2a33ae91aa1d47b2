/** A key in an object that may say more of it. */
export interface StandardSchemaPathSegment {
  /** The name of a property, or a position. */
  readonly key: PropertyKey;
}

/** Something that a schema refuses. */
export interface StandardSchemaIssue {
  /** What is wrong, in the schema's own words. */
  readonly message: string;
  /** Where inside of the value, the outermost key first. Default: the value itself. */
  readonly path?: readonly (PropertyKey | StandardSchemaPathSegment)[] | undefined;
}

/** What a schema answers: the value that it makes of the one it was given, or what is wrong with that. */
export type StandardSchemaResult = StandardSchemaSuccess | StandardSchemaFailure;

/** The answer of a schema that refuses nothing. */
export interface StandardSchemaSuccess {
  /** What it makes of the value. */
  readonly value: unknown;
  /** Not there. */
  readonly issues?: undefined;
}

/** The answer of a schema that refuses a value. */
export interface StandardSchemaFailure {
  /** What is wrong. */
  readonly issues: readonly StandardSchemaIssue[];
}

/**
 * A schema of any library that follows the Standard Schema specification, version 1: zod from 3.24, Valibot from 1, ArkType from 2 and
 * others. What `@standard-schema/spec` calls `StandardSchemaV1` is one.
 */
export interface StandardSchema {
  /** What libraries have agreed on. */
  readonly '~standard': {
    /** The version of the specification. */
    readonly version: 1;
    /** The library. */
    readonly vendor: string;
    /** Looks at a value, at once or later. */
    readonly validate: (value: unknown) => StandardSchemaResult | Promise<StandardSchemaResult>;
  };
}

/** What is wrong with something that was given as a schema; undefined when it is one, or nothing was given. */
export function schemaProblem(schema: unknown): string | undefined {
  if (schema === undefined || isStandardSchema(schema)) return undefined;
  return 'its schema is no Standard Schema. Give it one of a library that follows the specification: zod from 3.24, Valibot from 1, ArkType from 2.';
}

/** Some libraries make functions of their schemas. */
function isStandardSchema(schema: unknown): schema is StandardSchema {
  if ((typeof schema !== 'object' && typeof schema !== 'function') || schema === null) return false;
  const props: unknown = Reflect.get(schema, '~standard');
  return (
    typeof props === 'object' &&
    props !== null &&
    Reflect.get(props, 'version') === 1 &&
    typeof Reflect.get(props, 'validate') === 'function'
  );
}
