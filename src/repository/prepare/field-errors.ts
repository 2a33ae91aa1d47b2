import { nearestName } from '../../options/index.js';
import { DustError } from '../../errors.js';
import type { EntityMetadata, FieldMetadata, FieldRole } from '../../metadata/types.js';
import { describeValue } from '../../query/index.js';

type Named = Pick<EntityMetadata, 'name'>;

const ROLE_DECORATOR: Partial<Record<FieldRole, string>> = {
  counter: '@CounterField()',
  set: '@SetField()',
  file: '@FileField()',
};

/** A property the class does not map. */
export function unknownProperty(entity: EntityMetadata, property: unknown): DustError {
  const known = entity.fields.map((field) => field.propertyName);
  const found =
    typeof property === 'string' ? JSON.stringify(property) : `that is ${describeValue(property)}`;
  const nearest = typeof property === 'string' ? nearestName(property, known) : undefined;
  const question = nearest === undefined ? '' : ` Did you mean ${JSON.stringify(nearest)}?`;
  return new DustError(
    'invalid_criteria',
    `${entity.name} has no field ${found}.${question} Its fields are ${known.join(', ')}.`,
  );
}

/** A property that has another role than the method needs. */
export function wrongRole(entity: Named, field: FieldMetadata, method: string, role: FieldRole): DustError {
  const decorator = ROLE_DECORATOR[role] ?? role;
  return new DustError(
    'invalid_criteria',
    `${entity.name}.${field.propertyName}: ${method} works on ${decorator} properties only. ` +
      `Declare the property with ${decorator}, or write it with update.`,
  );
}

/** A counter change that is no finite number. */
export function notANumber(entity: Named, property: string, method: string, found: unknown): DustError {
  const error = new DustError(
    'invalid_value',
    `${entity.name}.${property}: ${method} takes a finite number, not ${describeValue(found)}.`,
  );
  return Object.assign(error, { property });
}

/** Something else where the content of a file belongs. */
export function notFileContent(what: string, found: unknown): DustError {
  return new DustError(
    'invalid_value',
    `putFile: ${what} must be text, a Uint8Array or, for the content as a whole, a stream of these, not ${describeValue(found)}. Nothing was written.`,
  );
}

/** A call that needs what the transport lacks. */
export function notSupported(what: string, capability: string): DustError {
  return new DustError(
    'not_supported',
    `${what} needs a transport with the capability ${capability}, and this one lacks it.`,
    {
      detail: capability,
    },
  );
}
