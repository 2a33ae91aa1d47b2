import { buildFields } from './class-fields.js';
import type { FieldContext } from './class-fields.js';
import { lineageOf } from './lineage.js';
import type { MetadataProblem } from './errors.js';
import type { EntityClass, FieldMetadata, FieldRole } from './types.js';

/** The roles that fields of a nested class cannot have, and why. */
const ONLY_IN_ENTITIES: Partial<Record<FieldRole, string>> = {
  counter: '@CounterField works in an entity only, whose leaves change by operations of their own',
  set: '@SetField works in an entity only, whose leaves change by operations of their own',
  file: '@FileField works in an entity only, whose leaves refer to files',
  version: '@VersionField works in an entity only: a revision is that of a whole record',
  deletedAt: '@DeletedAtField works in an entity only: what is deleted is a whole record',
};

/**
 * Resolves the fields of nested classes, each class once, so that a class may contain itself. A class without `@Field`
 * resolves to `undefined`: class-transformer maps it.
 */
export function nestedFieldResolver(
  { strategy, coerce }: Pick<FieldContext, 'strategy' | 'coerce'>,
  report: (problem: MetadataProblem) => void,
): FieldContext['nestedFieldsOf'] {
  const resolved = new Map<EntityClass, FieldMetadata[]>();
  const nestedFieldsOf = (nested: EntityClass): readonly FieldMetadata[] | undefined => {
    const known = resolved.get(nested);
    if (known !== undefined) return known;
    const lineage = lineageOf(nested);
    const reportNested = ({ property, text }: MetadataProblem): void => {
      report({
        text: `the nested class ${nested.name}${property === undefined ? '' : `.${property}`}: ${text}`,
      });
    };
    if (lineage.entities.length > 0 || lineage.slugs.length > 0) {
      reportNested({
        text: 'it is an entity, and a nested value has no slug. Store the slug of the other record instead.',
      });
    }
    for (const { declaration } of lineage.hooks) {
      const { hook, listener } = declaration;
      reportNested({
        property: typeof listener === 'function' ? hook : String(listener.property),
        text: 'hooks of nested values are not called. Put the hook on the entity that holds the value.',
      });
    }
    for (const { declaration } of lineage.references) {
      reportNested({
        property: String(declaration.property),
        text: '@Ref works in an entity only, whose records populate fills. Move it there, or hold the slug in a @Field("string").',
      });
    }
    if (lineage.fields.size === 0) return undefined;
    const fields: FieldMetadata[] = [];
    resolved.set(nested, fields);
    for (const field of buildFields(lineage, {
      strategy,
      coerce,
      nestedFieldsOf,
      report: reportNested,
    })) {
      fields.push(field);
    }
    for (const { role, propertyName, select, insert, update, earlierNames, applyOnRead } of fields) {
      if (insert === false || update === false) {
        reportNested({
          property: propertyName,
          text: 'a nested value is written with what holds it. Put insert: false and update: false on the field of the entity.',
        });
      }
      if (earlierNames !== undefined || applyOnRead !== undefined) {
        reportNested({
          property: propertyName,
          text: `${earlierNames === undefined ? 'applyOnRead' : 'from'} works on the fields of an entity only. Bring nested objects up to date by { version, upgrade } of the entity.`,
        });
      }
      if (!select) {
        reportNested({
          property: propertyName,
          text: 'a nested value is read as a whole. Put select: false on the field of the entity that holds it.',
        });
      }
      const reason = ONLY_IN_ENTITIES[role];
      if (reason !== undefined) reportNested({ property: propertyName, text: `${reason}. Move it there.` });
    }
    return fields;
  };
  return nestedFieldsOf;
}
