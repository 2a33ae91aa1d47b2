import type { FieldMetadata } from '../metadata/types.js';
import type { JsonValue } from '../protocol/value.js';
import type { ClassTransformer } from './class-transformer.js';
import type { Codec } from './codecs/codec.js';
import { CodecFault } from './codecs/codec.js';
import { faithful } from './codecs/faithful.js';
import { itemCodec } from './codecs/item-codec.js';
import { listCodec } from './codecs/list.js';
import { nestedCodec } from './codecs/nested.js';
import { transformedClassCodec } from './codecs/transformed-class.js';
import { transformed } from './codecs/transformed.js';
import type { CompiledField } from './compiled-field.js';

/** Compiles fields. One compiler serves all fields of an entity, so that each nested class is compiled once. */
export class FieldCompiler {
  readonly #classTransformer: ClassTransformer | undefined;
  readonly #nested = new Map<readonly FieldMetadata[], Codec>();

  constructor(classTransformer?: ClassTransformer) {
    this.#classTransformer = classTransformer;
  }

  /** A field of an entity, whose value is flattened by the store when it is an object. */
  entityField(field: FieldMetadata): CompiledField {
    return this.#compile(field, isFlattened(field) ? faithful : (codec) => codec);
  }

  #compile(field: FieldMetadata, atRest: (codec: Codec) => Codec): CompiledField {
    const item = itemCodec(field, (nested) => this.#nestedClass(nested));
    const plain = field.array ? listCodec(item) : item;
    const { encode, decode } = atRest(
      field.transformers.length > 0 ? transformed(plain, field.transformers) : plain,
    );
    const fallback = field.default;
    return {
      field,
      item,
      encode: (value) => permitNull(field, value === null ? null : encode(value)),
      decode: (stored) => (stored === null ? decodeNull(field) : decode(stored)),
      makeDefault: () =>
        typeof fallback === 'function' ? (Reflect.apply(fallback, undefined, []) as unknown) : fallback,
    };
  }

  #nestedClass({ nestedClass, nestedFields }: FieldMetadata): Codec {
    if (nestedClass === undefined) throw new TypeError('A field of type nested has a nested class.');
    if (nestedFields === undefined) return transformedClassCodec(nestedClass, this.#classTransformer);
    const known = this.#nested.get(nestedFields);
    if (known !== undefined) return known;
    const members = (): CompiledField[] =>
      nestedFields.map((field) => this.#compile(field, (codec) => codec));
    const codec = nestedCodec(nestedClass, members);
    this.#nested.set(nestedFields, codec);
    return codec;
  }
}

function isFlattened({ type, array }: FieldMetadata): boolean {
  return !array && (type === 'json' || type === 'nested');
}

function permitNull(field: FieldMetadata, encoded: JsonValue): JsonValue {
  if (encoded !== null || field.nullable) return encoded;
  const reason = field.required ? 'the field is required' : 'the field is not nullable';
  throw new CodecFault(`a value (${reason})`, 'null');
}

function decodeNull(field: FieldMetadata): unknown {
  if (field.role === 'counter') return 0;
  if (field.role === 'set') return [];
  if (field.nullable) return null;
  throw new CodecFault('a value', 'null');
}
