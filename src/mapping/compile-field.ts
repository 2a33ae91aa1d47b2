import type { EntityMetadata, FieldMetadata } from '../metadata/types.js';
import type { JsonValue } from '../protocol/values/value.js';
import { adoptionOf } from './nested/adoption.js';
import type { ClassTransformer } from './peers/peer-types.js';
import type { Codec } from './codecs/codec.js';
import { CodecFault } from './codecs/codec.js';
import { coerced, coercionOf } from './codecs/coerced.js';
import { faithful } from './codecs/faithful.js';
import { itemCodec } from './codecs/item-codec.js';
import { listCodec } from './codecs/list.js';
import { nestedCodec } from './codecs/nested.js';
import { memberParts, transformedClassParts } from './codecs/nested-parts.js';
import { transformedClassCodec } from './codecs/transformed-class.js';
import { nullPassing, transformed } from './codecs/transformed.js';
import type { CompiledField } from './compiled-field.js';
import type { WriteMoment } from './moment.js';
import { propertiesOf } from './properties.js';
import { noteStoredNull } from './stored-nulls.js';
import { unawaited } from './unawaited.js';

export interface CompilerOptions {
  readonly classTransformer?: ClassTransformer | undefined;
  /** Gives the time stamps of nested objects the time. */
  readonly moment: WriteMoment;
}

/** Compiles fields. One compiler serves all fields of an entity, so that each nested class is compiled once. */
export class FieldCompiler {
  readonly #classTransformer: ClassTransformer | undefined;
  readonly #moment: WriteMoment;
  readonly #nullsOnRead: boolean;
  readonly #open = new Set<object>();
  readonly #nested = new Map<readonly FieldMetadata[], Codec>();
  readonly #members = new Map<readonly FieldMetadata[], readonly CompiledField[]>();

  constructor(
    { nullsOnRead }: Pick<EntityMetadata, 'nullsOnRead'>,
    { classTransformer, moment }: CompilerOptions,
  ) {
    this.#nullsOnRead = nullsOnRead;
    this.#classTransformer = classTransformer;
    this.#moment = moment;
  }

  /** A field of an entity, whose value is flattened by the store when it is an object. */
  entityField(field: FieldMetadata): CompiledField {
    const compiled = this.#compile(field);
    if (!isFlattened(field)) return compiled;
    const { encode, decode } = faithful({ encode: compiled.encode, decode: compiled.decode });
    return { ...compiled, encode, decode };
  }

  #compile(field: FieldMetadata): CompiledField {
    const bare = itemCodec(field, (nested) => this.#nestedClass(nested));
    const coerce = field.coerce ? coercionOf(field.type) : undefined;
    const item = coerce === undefined ? bare : coerced(bare, coerce);
    const plain = field.array ? listCodec(item) : item;
    const isTransformed = field.transformers.length > 0;
    const { encode: encodeValue, decode: decodeValue } = isTransformed
      ? transformed(plain, field.transformers)
      : nullPassing(plain);
    const encode = (value: unknown): JsonValue => permitNull(field, encodeValue(value));
    const decode = isTransformed
      ? (stored: JsonValue): unknown => (stored === null ? fromNull(field, decodeValue) : decodeValue(stored))
      : (stored: JsonValue): unknown => (stored === null ? decodeNull(field) : decodeValue(stored));
    const decodeAbsent = this.#absent(field, decodeValue);
    const { nestedFields } = field;
    const hasParts = field.type === 'nested' && !field.array && !isTransformed;
    const members = hasParts && nestedFields !== undefined ? () => this.#membersOf(nestedFields) : undefined;
    return {
      field,
      item,
      encode,
      encodeAtRest: isFlattened(field) ? faithful({ encode, decode }).encode : encode,
      decode,
      decodeAbsent,
      fillAbsent: fillAbsent(field, decodeAbsent),
      fillsAbsent: isTransformed || this.#nullsOnRead,
      makeDefault: this.#default(field),
      adopt: adoptionOf(field, coerce, {
        classTransformer: this.#classTransformer,
        membersOf: (fields) => this.#membersOf(fields),
      }),
      members,
      encodeParts: hasParts
        ? members === undefined
          ? transformedClassParts(encode)
          : memberParts(members, this.#open)
        : undefined,
    };
  }

  #absent(field: FieldMetadata, decodeValue: Codec['decode']): () => unknown {
    const otherwise = this.#nullsOnRead && field.nullable && field.role !== 'version' ? null : undefined;
    if (field.transformers.length === 0) return () => otherwise;
    return () => fromNull(field, decodeValue) ?? otherwise;
  }

  #default({ role, default: fallback }: FieldMetadata): CompiledField['makeDefault'] {
    if (role === 'createdAt' || role === 'updatedAt') return () => this.#moment.now();
    if (typeof fallback !== 'function') return () => fallback;
    // Functions that were made for something else, such as those that make ids, may have optional parameters of their own.
    return fallback.length === 0
      ? () => unawaited(Reflect.apply(fallback, undefined, []) as unknown)
      : (source) => unawaited(Reflect.apply(fallback, undefined, [source]) as unknown);
  }

  #nestedClass({ nestedClass, nestedFields }: FieldMetadata): Codec {
    if (nestedClass === undefined) throw new TypeError('A field of type nested has a nested class.');
    if (nestedFields === undefined) return transformedClassCodec(nestedClass, this.#classTransformer);
    const known = this.#nested.get(nestedFields);
    if (known !== undefined) return known;
    const codec = nestedCodec(nestedClass, () => this.#membersOf(nestedFields), this.#open);
    this.#nested.set(nestedFields, codec);
    return codec;
  }

  /** Not before they are needed: a class may contain itself. */
  #membersOf(fields: readonly FieldMetadata[]): readonly CompiledField[] {
    const known = this.#members.get(fields);
    if (known !== undefined) return known;
    const members = fields.map((field) => this.#compile(field));
    this.#members.set(fields, members);
    return members;
  }
}

function isFlattened({ type, array }: FieldMetadata): boolean {
  return !array && (type === 'json' || type === 'nested');
}

function permitNull(field: FieldMetadata, encoded: JsonValue): JsonValue {
  if (encoded !== null || field.nullable) return encoded;
  const reason = field.required ? 'the field is required' : 'the field is not nullable';
  throw new CodecFault(`a value (${reason})`, 'null', { rule: field.required ? 'isRequired' : 'isNotNull' });
}

function decodeNull(field: FieldMetadata): unknown {
  if (field.role === 'counter') return 0;
  if (field.role === 'set') return [];
  if (field.nullable) return null;
  throw new CodecFault('a value', 'null');
}

/** What transformers make of a value that is not there. One that knows no null leaves it at that. */
function fromNull({ nullable }: FieldMetadata, decode: Codec['decode']): unknown {
  try {
    return decode(null);
  } catch (error) {
    if (error instanceof CodecFault) return nullable ? null : undefined;
    throw error;
  }
}

function fillAbsent(field: FieldMetadata, decodeAbsent: () => unknown): (instance: object) => void {
  const { propertyName, transformers } = field;
  return (instance) => {
    const properties = propertiesOf(instance);
    const given = decodeAbsent();
    const isTransformed = transformers.length > 0 && given !== undefined && given !== null;
    if (isTransformed) noteStoredNull(instance, field);
    if (isTransformed || (given === null && properties[propertyName] === undefined)) {
      properties[propertyName] = given;
    }
  };
}
