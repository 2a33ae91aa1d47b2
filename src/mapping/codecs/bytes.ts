import { types } from 'node:util';
import type { Codec } from './codec.js';
import { CodecFault } from './codec.js';
import { describe } from './describe.js';

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** Bytes as base64 strings. Takes a Buffer, which is a Uint8Array, and hands out a Uint8Array of its own. */
export const bytesCodec: Codec = {
  encode(value) {
    if (!types.isUint8Array(value)) throw new CodecFault('a Uint8Array', describe(value));
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64');
  },
  decode(stored) {
    if (typeof stored !== 'string' || stored.length % 4 !== 0 || !BASE64.test(stored)) {
      throw new CodecFault('bytes in base64', describe(stored));
    }
    return new Uint8Array(Buffer.from(stored, 'base64'));
  },
};
