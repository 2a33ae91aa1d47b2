import { DustError } from '../errors.js';
import { nearestName } from './nearest.js';

/** The names of all options of a type: neither one too few nor one too many compiles. */
export type OptionNames<T> = Readonly<Record<NameIn<T>, true>>;

type NameIn<T> = T extends unknown ? keyof T & string : never;

/** What to say of some unknown options instead of what was meant. */
export type Hint = (name: string) => string | undefined;

/**
 * A misspelt option would be passed over in silence, and what it was to do with it; so would all options of something that holds them in
 * another way: a Promise that nobody awaited, a Map, a prototype.
 *
 * @param owner who takes the options, as their reader knows it: a function, a class or an option that holds others
 * @throws DustError `invalid_options` unless `options` is an object with properties of its own, and has none but the known names
 */
export function checkOptionNames(
  owner: string,
  options: unknown,
  known: Readonly<Record<string, true>>,
  hintFor?: Hint,
): asserts options is object {
  if (typeof options !== 'object' || options === null) {
    throw optionsMissing(owner, options, Object.keys(known));
  }
  const prototype: unknown = Object.getPrototypeOf(options);
  if (prototype !== Object.prototype && prototype !== null) checkHolder(owner, options, known);
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

/** @throws DustError `invalid_options` for an object that is no plain one, and holds options otherwise than in properties of its own */
function checkHolder(owner: string, options: object, known: Readonly<Record<string, true>>): void {
  if (!mayHoldOptions(options)) throw optionsMissing(owner, options, Object.keys(known));
  for (const name in options) {
    if (Object.hasOwn(known, name) && !Object.hasOwn(options, name)) throw inheritedOption(owner, name);
  }
}

/**
 * Whether an object holds options in its properties, if it holds some: a promise, a Map, a list or a query string would be taken for an empty
 * one. An object of a class that has options as fields is one.
 */
export function mayHoldOptions(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  return Object.prototype.toString.call(value) === '[object Object]' && !isThenable(value);
}

function isThenable(options: object): boolean {
  return 'then' in options && typeof options.then === 'function';
}

/** What a prototype says is read by some and not by others. */
function inheritedOption(owner: string, name: string): DustError {
  return new DustError(
    'invalid_options',
    `${owner}: its option ${JSON.stringify(name)} lies in the prototype of the options. Give it in the object itself.`,
  );
}

/** What stands where options are needed. */
function found(value: unknown): string {
  if (value === null || typeof value === 'undefined') return String(value);
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && isThenable(value)) return 'a Promise (is an await missing?)';
  const named: unknown = typeof value === 'object' ? value.constructor.name : undefined;
  return typeof named === 'string' && named !== '' ? `a ${named}` : `a ${typeof value}`;
}

/** Something else where options are needed. */
function optionsMissing(owner: string, value: unknown, known: readonly string[]): DustError {
  return new DustError(
    'invalid_options',
    `${owner}: its options must be an object with ${known.join(', ')}, not ${found(value)}.`,
  );
}
