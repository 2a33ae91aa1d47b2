import { types } from 'node:util';
import { decodeBase64 } from '../../protocol/values/base64.js';
import type { Codec } from './codec.js';
import { CodecFault } from './codec.js';
import { describe } from './describe.js';

/** Bytes as base64 strings. Takes a Buffer, which is a Uint8Array, and hands out a Uint8Array of its own. */
export const bytesCodec: Codec = {
  encode(value) {
    if (!types.isUint8Array(value)) throw new CodecFault('a Uint8Array', describe(value));
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64');
  },
  decode(stored) {
    const bytes = typeof stored === 'string' ? decodeBase64(stored) : undefined;
    if (bytes === undefined) throw new CodecFault('bytes in base64', describe(stored));
    return new Uint8Array(bytes);
  },
};
