import type { FieldMetadata, FieldType } from '../../metadata/types.js';
import { bigintCodec } from './bigint.js';
import { booleanCodec } from './boolean.js';
import { bytesCodec } from './bytes.js';
import type { Codec } from './codec.js';
import { dateCodec } from './date.js';
import { decimalCodec } from './decimal.js';
import { enumCodec } from './enum.js';
import { fileCodec } from './file.js';
import { jsonCodec } from './json.js';
import { floatCodec, integerCodec } from './number.js';
import { stringCodec } from './string.js';

const CODECS: Record<Exclude<FieldType, 'enum' | 'nested'>, Codec> = {
  string: stringCodec,
  integer: integerCodec,
  float: floatCodec,
  boolean: booleanCodec,
  date: dateCodec,
  bigint: bigintCodec,
  decimal: decimalCodec,
  bytes: bytesCodec,
  json: jsonCodec,
  file: fileCodec,
};

/** The codec of a field's values, or of each item of a list. `nested` makes the codecs of nested classes. */
export function itemCodec(field: FieldMetadata, nested: (field: FieldMetadata) => Codec): Codec {
  switch (field.type) {
    case 'enum':
      return enumCodec(field.enumValues ?? []);
    case 'nested':
      return nested(field);
    default:
      return CODECS[field.type];
  }
}
