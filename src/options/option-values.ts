import { MAX_DELAY } from '../clock.js';
import { DustError } from '../errors.js';

/** What an option may hold, in the words of a message, and a test for it. */
export interface OptionKind {
  readonly expected: string;
  /** Whether it must be there. An option left out fits otherwise. */
  readonly required?: true;
  readonly fits: (value: unknown) => boolean;
}

/** A text with something in it. */
export const TEXT: OptionKind = {
  expected: 'a non-empty string',
  fits: (value) => typeof value === 'string' && value !== '',
};

/** What names a folder. A URL as a text would be the name of one below the current folder. */
export const FOLDER: OptionKind = {
  expected:
    'the path of a folder, which is neither blank nor a URL (fileURLToPath of node:url makes a path of one)',
  fits: (value) => typeof value === 'string' && value.trim() !== '' && !/^file:/i.test(value),
};

/** The longest id that a server takes of a client of its channel, in characters. */
const MAX_DEVICE_ID_LENGTH = 255;

/** Who writes, as others are told. */
export const DEVICE_ID: OptionKind = {
  expected: `a text of 1 to ${MAX_DEVICE_ID_LENGTH} characters of well-formed Unicode`,
  fits: (value) =>
    typeof value === 'string' && value !== '' && value.length <= MAX_DEVICE_ID_LENGTH && value.isWellFormed(),
};

/** A list of texts. */
export const TEXTS: OptionKind = {
  expected: 'an array of strings',
  fits: (value) => Array.isArray(value) && value.every((item) => typeof item === 'string'),
};

/** A list, whatever is in it. */
export const LIST: OptionKind = { expected: 'an array', fits: (value) => Array.isArray(value) };

/** Something with properties that is no list. */
export const OBJECT: OptionKind = { expected: 'an object', fits: isObject };

/** Something to be called. */
export const FUNCTION: OptionKind = { expected: 'a function', fits: (value) => typeof value === 'function' };

/** A switch. */
export const FLAG: OptionKind = { expected: 'true or false', fits: (value) => typeof value === 'boolean' };

/** What calls a call off; of any copy of the platform's class. */
export const SIGNAL: OptionKind = {
  expected: 'an AbortSignal',
  fits: (value) =>
    isObject(value) &&
    typeof Reflect.get(value, 'aborted') === 'boolean' &&
    typeof Reflect.get(value, 'addEventListener') === 'function',
};

/** A number that stands for a port of this machine; 0 for a free one. */
export const PORT: OptionKind = {
  expected: 'a whole number from 0 to 65535',
  fits: (value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 65_535,
};

/** A number of things. */
export const COUNT: OptionKind = {
  expected: 'a whole number from 1 up',
  fits: (value) => Number.isSafeInteger(value) && Number(value) >= 1,
};

/** A wait in milliseconds, 0 among them. */
export const DELAY: OptionKind = {
  expected: `milliseconds, from 0 to ${MAX_DELAY}`,
  fits: (value) => typeof value === 'number' && value >= 0 && value <= MAX_DELAY,
};

/** How long something may take, in milliseconds. */
export const TIME_LIMIT: OptionKind = {
  expected: `milliseconds, more than 0 and at most ${MAX_DELAY}`,
  fits: (value) => typeof value === 'number' && value > 0 && value <= MAX_DELAY,
};

/** One of a few texts. */
export function oneOf(...allowed: readonly string[]): OptionKind {
  return {
    expected: allowed.map((each) => `'${each}'`).join(' or '),
    fits: (value) => typeof value === 'string' && allowed.includes(value),
  };
}

/** An object that is used by calling these methods of it. */
export function withMethods(...methods: readonly string[]): OptionKind {
  return {
    expected: `an object with ${methods.join(', ')}`,
    fits: (value) =>
      isObject(value) && methods.every((method) => typeof Reflect.get(value, method) === 'function'),
  };
}

/** An option that cannot be left out. */
export function required(kind: OptionKind): OptionKind {
  return { ...kind, required: true };
}

/** What `false` switches off, and something else sets. */
export function orFalse(kind: OptionKind): OptionKind {
  return { expected: `false or ${kind.expected}`, fits: (value) => value === false || kind.fits(value) };
}

/**
 * Checks what the type checker cannot see: options from JavaScript or from a configuration file.
 *
 * @param owner who takes the options, as their reader knows it
 * @param kinds of the options that are looked at here
 * @throws DustError `invalid_options` that names the first option with a value it cannot have
 */
export function checkOptionValues<T extends object>(
  owner: string,
  options: T,
  kinds: Readonly<Partial<Record<keyof T & string, OptionKind>>>,
): void {
  for (const [option, kind] of Object.entries<OptionKind | undefined>(kinds)) {
    const value: unknown = Reflect.get(options, option);
    if (kind === undefined || (value === undefined && kind.required !== true) || kind.fits(value)) continue;
    throw wrongValue(owner, option, kind.expected, value);
  }
}

/** Names what a text or an object is, and does not show it: it may be long, or a secret in the wrong place. */
function wrongValue(owner: string, option: string, expected: string, found: unknown): DustError {
  return new DustError('invalid_options', `${owner}: ${option} must be ${expected}, not ${shown(found)}.`);
}

function shown(value: unknown): string {
  if (typeof value === 'string') return value === '' ? 'an empty string' : 'a string';
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' && value !== null ? 'an object of another kind' : String(value);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
