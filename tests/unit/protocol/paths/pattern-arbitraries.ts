import fc from 'fast-check';
import { path } from '../arbitraries.js';

const LITERALS = ['a', 'b', '*', '**', '~0', 'a~1b'];

/** Paths over few segments, so that patterns over the same segments often match them. */
export const relatedPath = fc.oneof(
  { weight: 4, arbitrary: fc.array(fc.constantFrom(...LITERALS), { minLength: 1, maxLength: 4 }).map(join) },
  { weight: 1, arbitrary: path },
);

/** Valid patterns over the segments of {@link relatedPath}. */
export const pattern = fc
  .tuple(
    fc.array(fc.constantFrom('a', 'b', '~0', 'a~1b', '*', '\\*', '\\**'), { maxLength: 3 }),
    fc.constantFrom('a', 'b', '*', '**', '\\*', '\\**'),
  )
  .map(([head, tail]) => join([...head, tail]));

function join(segments: readonly string[]): string {
  return segments.join('/');
}
