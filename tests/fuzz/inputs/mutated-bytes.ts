import type { Arbitrary } from 'fast-check';
import * as fc from 'fast-check';
import type { Material, Mutation } from './mutate-bytes.js';
import { MUTATION_KINDS, mutate } from './mutate-bytes.js';

const index = fc.nat({ max: 0xff_ffff });

const mutations: Arbitrary<Mutation[]> = fc.array(
  fc.record({ kind: fc.constantFrom(...MUTATION_KINDS), at: index, length: index, choice: index }),
  { maxLength: 6, size: 'max' },
);

/** One of the samples with up to six mutations. Shrinks to the sample with as few as show a fault. */
export function mutatedBytes(material: Material): Arbitrary<Uint8Array> {
  return fc
    .tuple(fc.nat({ max: material.samples.length - 1 }), mutations)
    .map(([chosen, changes]) =>
      changes.reduce((bytes, change) => mutate(bytes, change, material), material.samples[chosen]!),
    );
}

/** As {@link mutatedBytes}, read as UTF-8. */
export function mutatedText(samples: readonly string[], words: readonly string[]): Arbitrary<string> {
  const material = { samples: samples.map((sample) => Buffer.from(sample)), words };
  return mutatedBytes(material).map((bytes) => Buffer.from(bytes).toString());
}
