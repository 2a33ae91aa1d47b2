import type { Arbitrary } from 'fast-check';
import * as fc from 'fast-check';

const DEPTHS = [3, 60, 499, 500, 501, 520, 521, 3000, 20_000];
const BRACKETS = [
  ['[', ']'],
  ['{"a":', '}'],
  ['[{"a":', '}]'],
  ['{"_type":"json","_typed":', '}'],
] as const;

/** JSON text that is nested to and beyond every bound, around an inner value. */
export function nestedText(inner: Arbitrary<string>): Arbitrary<string> {
  return fc
    .tuple(fc.constantFrom(...BRACKETS), fc.constantFrom(...DEPTHS), inner)
    .map(([[open, close], depth, text]) => open.repeat(depth) + text + close.repeat(depth));
}
