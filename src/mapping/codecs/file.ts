import type { DustFile } from '../../metadata/dust-file.js';
import type { JsonObject, JsonValue } from '../../protocol/values/value.js';
import { isObject } from '../../protocol/values/value.js';
import type { Codec } from './codec.js';
import { CodecFault, faultWithin } from './codec.js';
import { dateCodec } from './date.js';
import { describe } from './describe.js';
import { integerCodec } from './number.js';
import { stringCodec } from './string.js';

const MEMBERS = [
  { property: 'hash', name: 'hash', codec: stringCodec },
  { property: 'size', name: 'size', codec: integerCodec },
  { property: 'filename', name: 'filename', codec: stringCodec },
  { property: 'contentType', name: 'content_type', codec: stringCodec },
  { property: 'uploadedAt', name: 'uploaded_at', codec: dateCodec },
] as const satisfies readonly { property: keyof DustFile; name: string; codec: Codec }[];

/** File references: a {@link DustFile} and the file envelope of the protocol (PROTOCOL §1). */
export const fileCodec: Codec = {
  encode(value) {
    if (typeof value !== 'object' || value === null) throw new CodecFault('a DustFile', describe(value));
    const envelope: Record<string, JsonValue> = { _type: 'file' };
    for (const { property, name, codec } of MEMBERS) {
      envelope[name] = member(property, () => codec.encode(Reflect.get(value, property)));
    }
    return envelope;
  },
  decode(stored) {
    if (!isFileEnvelope(stored)) throw new CodecFault('a file reference', describe(stored));
    const file: Record<string, unknown> = {};
    for (const { property, name, codec } of MEMBERS) {
      file[property] = member(property, () => codec.decode(stored[name] ?? null));
    }
    return file;
  },
};

function isFileEnvelope(stored: JsonValue): stored is JsonObject {
  return isObject(stored) && stored._type === 'file';
}

function member<T>(property: string, convert: () => T): T {
  try {
    return convert();
  } catch (error) {
    throw faultWithin(property, error);
  }
}
