import type { FieldMetadata, FieldRole } from '../../metadata/types.js';
import type { TransportCapabilities } from '../../transport/transport.js';
import type { EntityContext } from '../entity-context.js';
import { notSupported, unknownProperty, wrongRole } from '../prepare/field-errors.js';

/** What a method needs of the property it is given. */
interface FieldRequirement {
  readonly method: string;
  readonly property: string;
  readonly role: FieldRole;
  /** None when every transport can do it. */
  readonly capability?: keyof TransportCapabilities;
}

/**
 * The field behind a property.
 *
 * @throws DustError `invalid_criteria` for a property of another role, `not_supported`
 */
export function fieldFor<T extends object>(
  { metadata, transport }: EntityContext<T>,
  { method, property, role, capability }: FieldRequirement,
): FieldMetadata {
  const field = metadata.fieldByProperty.get(property);
  if (field === undefined) throw unknownProperty(metadata, property);
  if (field.role !== role) throw wrongRole(metadata, field, method, role);
  if (capability !== undefined && !transport.capabilities[capability]) {
    throw notSupported(`${metadata.name}: ${method}`, capability);
  }
  return field;
}
