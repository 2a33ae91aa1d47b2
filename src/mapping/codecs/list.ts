import type { JsonValue } from '../../protocol/value.js';
import type { Codec } from './codec.js';
import { CodecFault, faultWithin } from './codec.js';
import { describe } from './describe.js';

/** Lists of one type, stored whole as one value: objects in them are not flattened (PROTOCOL §1). */
export function listCodec(item: Codec): Codec {
  return {
    encode(value) {
      if (!Array.isArray(value)) throw new CodecFault('an array', describe(value));
      return convert(value as readonly unknown[], (entry) => item.encode(entry));
    },
    decode(stored) {
      if (!isList(stored)) throw new CodecFault('an array', describe(stored));
      return convert(stored, (entry) => item.decode(entry));
    },
  };
}

function isList(stored: JsonValue): stored is readonly JsonValue[] {
  return Array.isArray(stored);
}

function convert<From, To>(items: readonly From[], convertItem: (item: From) => To): To[] {
  return Array.from(items, (item, i) => {
    try {
      return convertItem(item);
    } catch (error) {
      throw faultWithin(`[${i}]`, error);
    }
  });
}
