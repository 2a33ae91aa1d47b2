import { DustError } from '../errors.js';
import { nearestName } from './nearest.js';

/** The names of all options of a type: neither one too few nor one too many compiles. */
export type OptionNames<T> = Readonly<Record<NameIn<T>, true>>;

type NameIn<T> = T extends unknown ? keyof T & string : never;

/** What to say of some unknown options instead of what was meant. */
export type Hint = (name: string) => string | undefined;

/**
 * A misspelt option would be passed over in silence, and what it was to do with it.
 *
 * @param owner who takes the options, as their reader knows it: a function, a class or an option that holds others
 * @throws DustError `invalid_options` unless `options` is an object and has none but the known names
 */
export function checkOptionNames(
  owner: string,
  options: unknown,
  known: Readonly<Record<string, true>>,
  hintFor?: Hint,
): asserts options is object {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw optionsMissing(owner, options, Object.keys(known));
  }
  for (const name of Object.keys(options)) {
    if (!Object.hasOwn(known, name)) {
      throw unknownOption(owner, name, Object.keys(known), hintFor?.(name));
    }
  }
}

/** An option that its owner does not know. */
export function unknownOption(
  owner: string,
  name: string,
  known: readonly string[],
  hint?: string,
): DustError {
  return new DustError('invalid_options', unknownOptionText(owner, name, known, hint));
}

/** What is said of an option that its owner does not know: what was meant, or else what there is. */
export function unknownOptionText(
  owner: string,
  name: string,
  known: readonly string[],
  hint?: string,
): string {
  const guess = nearestName(name, known);
  const cure =
    guess === undefined
      ? `It knows ${known.join(', ') || 'none'}.`
      : `Did you mean ${JSON.stringify(guess)}?`;
  return `${owner} has no option ${JSON.stringify(name)}. ${hint ?? cure}`;
}

/** Something else where options are needed. */
function optionsMissing(owner: string, found: unknown, known: readonly string[]): DustError {
  const what =
    found === null || found === undefined
      ? String(found)
      : Array.isArray(found)
        ? 'a list'
        : `a ${typeof found}`;
  return new DustError(
    'invalid_options',
    `${owner}: its options must be an object with ${known.join(', ')}, not ${what}.`,
  );
}
