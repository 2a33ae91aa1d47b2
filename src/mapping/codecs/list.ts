import type { JsonValue } from '../../protocol/values/value.js';
import type { Codec } from './codec.js';
import { CodecFault, assertFaultless, withFaults } from './codec.js';
import { describe } from './describe.js';

/** Of a list that is wrong throughout, so many faults are told. */
const MOST_TOLD = 100;

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
  const converted: To[] = [];
  let faults: readonly CodecFault[] | undefined;
  for (let i = 0; i < items.length; i++) {
    try {
      converted.push(convertItem(items[i] as From));
    } catch (error) {
      faults = withFaults(faults, i, error);
      if (faults.length >= MOST_TOLD) break;
    }
  }
  assertFaultless(faults);
  return converted;
}
