import { cloneJson, toJson } from '../../protocol/values/json.js';
import type { Codec } from './codec.js';
import { CodecFault } from './codec.js';

/** Anything JSON can say. Object members that are undefined are left out. */
export const jsonCodec: Codec = {
  encode(value) {
    const result = toJson(value);
    if ('value' in result) return result.value;
    throw new CodecFault('a JSON value', result.fault.reason, { at: result.fault.at });
  },
  decode: cloneJson,
};
