import type { FieldMetadata, StandardSchema } from '../../metadata/index.js';

/** A field that a schema has something to say about, or about what is in it. */
export interface SchemaMember {
  readonly field: FieldMetadata;
  readonly schema: StandardSchema | undefined;
  /** Those of its nested class; may contain themselves, as classes may. */
  readonly members: readonly SchemaMember[];
}

type Fields = readonly FieldMetadata[];

/** Which of the fields have schemas, here or in their nested classes. */
export function schemaMembers(fields: Fields, known = new Map<Fields, SchemaMember[]>()): SchemaMember[] {
  const present = known.get(fields);
  if (present !== undefined) return present;
  const members: SchemaMember[] = [];
  known.set(fields, members);
  for (const field of fields) {
    const { schema } = field;
    const below = fieldsBelow(field);
    if (schema === undefined && !hasSchema(below)) continue;
    members.push({ field, schema, members: schemaMembers(below, known) });
  }
  return members;
}

/** Behind a transformer there is something else than an instance of the class. */
export function fieldsBelow({ nestedFields, transformers }: FieldMetadata): Fields {
  return transformers.length > 0 ? NONE : (nestedFields ?? NONE);
}

const NONE: Fields = [];

function hasSchema(fields: Fields, seen = new Set<Fields>()): boolean {
  if (seen.has(fields)) return false;
  seen.add(fields);
  return fields.some((field) => field.schema !== undefined || hasSchema(fieldsBelow(field), seen));
}
