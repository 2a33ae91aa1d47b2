import type { EncodedField, EncodedPart, EntityMetadata } from '../../metadata/types.js';
import type { JsonObject, JsonValue } from '../../protocol/values/value.js';
import { isObject } from '../../protocol/values/value.js';
import type { CompiledField } from '../compiled-field.js';
import type { WriteMoment } from '../moment.js';
import { encodePartly } from './partly.js';
import { propertiesOf } from '../properties.js';

/** The time stamps in the nested objects of one entity class. */
export class NestedStamps {
  readonly #metadata: EntityMetadata;
  readonly #moment: WriteMoment;
  /** The fields with a time of the last change in them, and where it lies. */
  readonly #changing: readonly { readonly compiled: CompiledField; readonly paths: readonly Stamp[] }[];
  /** The fields that an insert gives an object of time stamps when it has none. */
  readonly #made: ReadonlySet<CompiledField>;

  constructor(metadata: EntityMetadata, fields: readonly CompiledField[], moment: WriteMoment) {
    this.#metadata = metadata;
    this.#moment = moment;
    this.#changing = fields
      .map((compiled) => ({ compiled, paths: stampsIn(compiled, []) }))
      .filter(({ paths }) => paths.length > 0);
    this.#made = new Set(fields.filter(isMadeOfStamps));
  }

  /** What an insert writes for a nested object that is undefined: its time stamps and defaults, where the class has stamps and needs no more. */
  initial(compiled: CompiledField): unknown {
    return this.#made.has(compiled) ? compiled.adopt?.({}, 'whole') : undefined;
  }

  /** Adds the time of a change to the nested objects that say when the record was changed last. */
  stampChange(changed: readonly EncodedField[]): readonly EncodedField[] {
    if (this.#changing.length === 0 || changed.length === 0) return changed;
    const stamped = [...changed];
    for (const { compiled, paths } of this.#changing) {
      const at = changed.findIndex(({ field }) => field === compiled.field);
      const present = changed[at];
      if (present === undefined) stamped.push(this.#stampsAlone(compiled, paths));
      else if (present.parts !== undefined) stamped[at] = this.#withStamps(present, present.parts, paths);
    }
    return stamped;
  }

  #stampsAlone(compiled: CompiledField, paths: readonly Stamp[]): EncodedField {
    const parts = paths.map((stamp) => this.#part(stamp));
    return { ...encodePartly(this.#metadata, compiled, {}, parts), onlyBeside: true };
  }

  #withStamps(encoded: EncodedField, parts: readonly EncodedPart[], paths: readonly Stamp[]): EncodedField {
    const given = new Set(parts.map(({ path }) => JSON.stringify(path)));
    const missing = paths.filter(({ path }) => !given.has(JSON.stringify(path)));
    return { ...encoded, parts: [...parts, ...missing.map((stamp) => this.#part(stamp))] };
  }

  #part({ path, member }: Stamp): EncodedPart {
    return { path, value: member.encode(this.#moment.now()) };
  }
}

interface Stamp {
  readonly path: readonly string[];
  readonly member: CompiledField;
}

/** Not those of an object in an object, which may not be there while the outer one is. */
function stampsIn({ members }: CompiledField, path: readonly string[]): Stamp[] {
  return (members?.() ?? [])
    .filter(({ field }) => field.role === 'updatedAt')
    .map((member) => ({ path: [...path, member.field.wireName], member }));
}

function isMadeOfStamps({ members, field }: CompiledField): boolean {
  if (members === undefined || field.default !== undefined) return false;
  const all = members().map((member) => member.field);
  return (
    all.some(({ role }) => role === 'createdAt' || role === 'updatedAt') &&
    all.every(({ required, default: fallback }) => !required || fallback !== undefined)
  );
}

/** Gives an instance of a nested class what a write has filled in: defaults and time stamps. */
export function fillMembers(members: readonly CompiledField[], instance: object, stored: JsonObject): void {
  const properties = propertiesOf(instance);
  for (const member of members) {
    const { propertyName, wireName, role, nestedClass } = member.field;
    const value: JsonValue | undefined = Object.hasOwn(stored, wireName) ? stored[wireName] : undefined;
    if (value === undefined) continue;
    const present = properties[propertyName];
    if (role === 'updatedAt' || present === undefined) properties[propertyName] = member.decode(value);
    else if (member.members !== undefined && nestedClass !== undefined && isObject(value)) {
      if (present instanceof nestedClass && !Object.isFrozen(present)) {
        fillMembers(member.members(), present, value);
      }
    }
  }
}
