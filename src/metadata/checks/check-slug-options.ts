import { unknownOptionText } from '../../options/index.js';
import type { SlugOptions } from '../declarations.js';

const OPTIONS: readonly (keyof SlugOptions)[] = ['generated'];
const GENERATIONS: readonly unknown[] = ['uuid', 'uuidv7', 'ulid'];

/** What is wrong with the options of a slug, in full sentences; `undefined` when they are good. */
export function slugOptionsProblem(options: unknown): string | undefined {
  if (typeof options !== 'object' || options === null) {
    return "@Slug takes an object of options: @Slug({ generated: 'uuid' }). Leave the argument out where there are none.";
  }
  const known: readonly string[] = OPTIONS;
  const unknown = Object.keys(options).find((option) => !known.includes(option));
  if (unknown !== undefined) return unknownOptionText('@Slug', unknown, known);
  const generated: unknown = Reflect.get(options, 'generated');
  const isKnown =
    generated === undefined || typeof generated === 'function' || GENERATIONS.includes(generated);
  return isKnown
    ? undefined
    : "generated must be 'uuid', 'uuidv7', 'ulid' or a function that returns a slug.";
}
