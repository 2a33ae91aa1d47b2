import type { EntityMetadata } from '../../metadata/types.js';
import { isRecordLike } from '../codecs/nested.js';
import type { AdoptionKind, CompiledField } from '../compiled-field.js';
import { instantiate } from '../instantiate.js';
import { propertiesOf } from '../properties.js';

/** Turns what callers give into what instances of one entity class have. */
export class Adoption {
  readonly #metadata: EntityMetadata;
  readonly #fields: readonly CompiledField[];
  readonly #adopting: readonly CompiledField[];

  constructor(metadata: EntityMetadata, fields: readonly CompiledField[]) {
    this.#metadata = metadata;
    this.#fields = fields;
    this.#adopting = fields.filter(({ adopt }) => adopt !== undefined);
  }

  /** See {@link EntityMapper.adopted}. */
  adopted(source: object, kind: AdoptionKind): object {
    const given = propertiesOf(source);
    let taken: object | undefined;
    for (const { field, adopt } of this.#adopting) {
      const value = given[field.propertyName];
      if (value === undefined || value === null) continue;
      const adopted = adopt?.(value, kind);
      if (adopted === value) continue;
      taken ??= Object.create(
        Object.getPrototypeOf(source) as object | null,
        Object.getOwnPropertyDescriptors(source),
      ) as object;
      define(taken, field.propertyName, adopted);
    }
    return taken ?? source;
  }

  /** See {@link EntityMapper.merge}. */
  merge(target: object, like: object): void {
    const { slugProperty, versionField } = this.#metadata;
    const given = propertiesOf(like);
    const properties = propertiesOf(target);
    for (const property of [slugProperty, versionField?.propertyName]) {
      const value = property === undefined ? undefined : given[property];
      if (property !== undefined && value !== undefined) Reflect.set(target, property, value);
    }
    for (const compiled of this.#fields) {
      const { propertyName } = compiled.field;
      const value = given[propertyName];
      if (value !== undefined) {
        Reflect.set(target, propertyName, mergedValue(compiled, properties[propertyName], value));
      }
    }
  }
}

/** `value` as an instance has it; of a nested object that is there, the members that it gives, in a new instance. */
function mergedValue(compiled: CompiledField, present: unknown, value: unknown): unknown {
  const { adopt, encodeParts, field, members } = compiled;
  const adopted = adopt === undefined ? value : adopt(value, 'whole');
  const { nestedClass } = field;
  if (encodeParts === undefined || nestedClass === undefined || present === value) return adopted;
  if (!isRecordLike(present) || !isRecordLike(value) || !isRecordLike(adopted)) return adopted;
  const merged = Object.assign(instantiate(nestedClass), present);
  const properties = propertiesOf(merged);
  if (members === undefined) {
    for (const [property, member] of Object.entries(adopted)) {
      if (propertiesOf(value)[property] !== undefined) properties[property] = member;
    }
    return merged;
  }
  for (const member of members()) {
    const { propertyName } = member.field;
    const given = propertiesOf(value)[propertyName];
    if (given === undefined) continue;
    properties[propertyName] = mergedValue(member, propertiesOf(present)[propertyName], given);
  }
  return merged;
}

function define(target: object, property: string, value: unknown): void {
  Object.defineProperty(target, property, { value, writable: true, enumerable: true, configurable: true });
}
