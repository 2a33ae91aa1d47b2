import type { Arbitrary } from 'fast-check';
import * as fc from 'fast-check';
import type { JsonValue } from '../../../src/protocol/values/value.js';
import { JSON_MUTATION_KINDS, mutateJson } from './mutate-json.js';
import { KEYS, NUMBERS, STRINGS } from './words.js';

/** Strings that mean something to the package, and others. */
export const strings: Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...STRINGS) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
  { weight: 1, arbitrary: fc.array(fc.nat({ max: 0xffff })).map((units) => String.fromCharCode(...units)) },
);

const keys = fc.oneof(fc.constantFrom(...KEYS), strings);

/** JSON values, small ones, with what is special to the package among them. */
export const jsonValues: Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(null, true, false),
    fc.oneof(fc.constantFrom(...NUMBERS), fc.double({ noNaN: true, noDefaultInfinity: true })),
    strings,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(keys, tie('value'), { maxKeys: 4 }),
  ),
})).value;

const changes = fc.array(
  fc.record({
    kind: fc.constantFrom(...JSON_MUTATION_KINDS),
    node: fc.nat({ max: 0xffff }),
    value: jsonValues,
    key: keys,
  }),
  { maxLength: 4, size: 'max' },
);

/** One of the samples with up to four changes; of one that nothing is left of, null. */
export function mutatedJson(samples: readonly JsonValue[]): Arbitrary<JsonValue> {
  return fc
    .tuple(fc.constantFrom(...samples), changes)
    .map(([sample, list]) => list.reduce((json, change) => mutateJson(json, change) ?? null, sample));
}
