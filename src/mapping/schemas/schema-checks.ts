import type { EntityMetadata, FieldMetadata } from '../../metadata/index.js';
import { isRecordLike } from '../codecs/nested.js';
import type { FaultPath } from '../codecs/codec.js';
import { isFilledIn } from '../filled-in.js';
import { propertiesOf } from '../properties.js';
import type { SchemaAnswer, SchemaFault } from './ask-schema.js';
import { askSchema } from './ask-schema.js';
import { plainRecord } from './plain-record.js';
import type { SchemaMember } from './schema-members.js';
import { schemaMembers } from './schema-members.js';

/** What a write is about, for the schemas of its class. */
export interface SchemaQuestion {
  /** Whether it writes a part of the record only. */
  readonly partial: boolean;
  /** The properties that the entity was loaded without. */
  readonly leftOut: ReadonlySet<string> | undefined;
  /** The properties that the write itself gives values to, as they will be read. */
  readonly filledIn: (() => object) | undefined;
}

/** The schemas of an entity class, of its fields and of those of its nested classes. */
export class SchemaChecks {
  readonly #metadata: EntityMetadata;
  readonly #members: readonly SchemaMember[];

  private constructor(metadata: EntityMetadata, members: readonly SchemaMember[]) {
    this.#metadata = metadata;
    this.#members = members;
  }

  /** Undefined for a class without schemas. */
  static of(metadata: EntityMetadata): SchemaChecks | undefined {
    const members = schemaMembers(metadata.fields);
    return members.length === 0 && metadata.schema === undefined
      ? undefined
      : new SchemaChecks(metadata, members);
  }

  /**
   * What the schemas refuse. Rejects with DustError `invalid_metadata` when one of them fails.
   *
   * @param entity an instance, or what stands for one
   */
  check(entity: object, question: SchemaQuestion): SchemaAnswer {
    const inquiry = new Inquiry(this.#metadata.name);
    const { partial, leftOut } = question;
    const isExempt = ({ propertyName }: FieldMetadata): boolean => leftOut?.has(propertyName) === true;
    inquiry.askMembers(this.#members, entity, { partial, path: [], isExempt });
    if (!partial && (leftOut === undefined || leftOut.size === 0)) this.#askEntity(inquiry, entity, question);
    return inquiry.answer();
  }

  #askEntity(inquiry: Inquiry, entity: object, { filledIn }: SchemaQuestion): void {
    const { fields, schema, slugProperty } = this.#metadata;
    if (schema === undefined) return;
    const record = {
      [slugProperty]: propertiesOf(entity)[slugProperty],
      ...plainRecord(fields, entity),
      ...(filledIn !== undefined && plainRecord(fields, filledIn())),
    };
    // What the store or the write gives a value that nobody knows yet.
    const unknown = new Set<unknown>(
      fields
        .filter((field) => record[field.propertyName] === undefined && isFilledIn(field))
        .map(({ propertyName }) => propertyName),
    );
    inquiry.ask(askSchema(schema, record, { name: this.#metadata.name, path: [] }), ({ path }) => {
      return !unknown.has(path[0]);
    });
  }
}

/** Where an object with members is, and what is known of them. */
interface Place {
  readonly partial: boolean;
  readonly path: FaultPath;
  /** Whether a member may be undefined, whatever is said of it. */
  readonly isExempt: (field: FieldMetadata) => boolean;
}

/** Asks schemas all at once, and waits for those that take their time. */
class Inquiry {
  readonly #name: string;
  readonly #found: SchemaFault[] = [];
  readonly #awaited: Promise<readonly SchemaFault[]>[] = [];
  readonly #open = new Set<object>();

  constructor(name: string) {
    this.#name = name;
  }

  answer(): SchemaAnswer {
    const found = this.#found;
    if (this.#awaited.length === 0) return found;
    return Promise.all(this.#awaited).then((later) => [...found, ...later.flat()]);
  }

  ask(answer: SchemaAnswer, counts: (fault: SchemaFault) => boolean = () => true): void {
    if (answer instanceof Promise) {
      this.#awaited.push(answer.then((faults) => faults.filter(counts)));
      return;
    }
    for (const fault of answer) {
      if (counts(fault)) this.#found.push(fault);
    }
  }

  askMembers(members: readonly SchemaMember[], instance: object, place: Place): void {
    if (this.#open.has(instance)) return;
    this.#open.add(instance);
    const properties = propertiesOf(instance);
    for (const member of members) {
      const { field } = member;
      const value = properties[field.propertyName];
      const isLeftOpen = place.partial || isFilledIn(field) || place.isExempt(field);
      if (value === undefined && (isLeftOpen || field.required)) continue;
      this.#askMember(member, value, { ...place, path: [...place.path, field.propertyName] });
    }
    this.#open.delete(instance);
  }

  #askMember({ field, schema, members }: SchemaMember, value: unknown, { path, partial }: Place): void {
    if (schema !== undefined && !(partial && isWrittenInParts(field))) {
      this.ask(askSchema(schema, value, { name: this.#name, path }));
    }
    if (members.length === 0) return;
    const isExempt = (): boolean => false;
    if (isRecordLike(value)) this.askMembers(members, value, { partial, path, isExempt });
    else if (Array.isArray(value)) {
      value.forEach((item: unknown, i) => {
        // The items of a list are written whole.
        if (isRecordLike(item)) {
          this.askMembers(members, item, { partial: false, path: [...path, i], isExempt });
        }
      });
    }
  }
}

/** A partial write has but some members of a nested object, which says nothing of the whole. */
function isWrittenInParts({ type, array, transformers }: FieldMetadata): boolean {
  return type === 'nested' && !array && transformers.length === 0;
}
