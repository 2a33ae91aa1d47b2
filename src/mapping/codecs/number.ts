import type { Codec } from './codec.js';
import { CodecFault } from './codec.js';
import { describe } from './describe.js';

/** Integers that a number holds exactly. `-0`, which JSON lacks, is 0. */
export const integerCodec: Codec = { encode: checkInteger, decode: checkInteger };

/** Finite numbers. `-0`, which JSON lacks, is 0. */
export const floatCodec: Codec = { encode: checkFloat, decode: checkFloat };

function checkInteger(value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value === 0 ? 0 : value;
  throw new CodecFault('an integer between ±(2^53 - 1)', describe(value));
}

function checkFloat(value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value === 0 ? 0 : value;
  throw new CodecFault('a finite number', describe(value));
}
