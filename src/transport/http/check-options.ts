import { MAX_DELAY } from '../../clock.js';
import type { OptionKind, OptionNames } from '../../options/index.js';
import { COUNT, DELAY, TIME_LIMIT, unknownOption } from '../../options/index.js';
import { isToken } from '../../token/index.js';
import {
  invalidNumber,
  invalidStore,
  optionName,
  optionsNotAnObject,
  tokenMalformed,
  tokenMissing,
} from './option-errors.js';
import type { HttpTransportOptions } from './options.js';
import { parseServerUrl } from './client/server-url.js';

/** The names of the options, for the check of unknown ones. */
export const HTTP_OPTIONS: OptionNames<HttpTransportOptions> = {
  url: true,
  store: true,
  token: true,
  retry: true,
  timeout: true,
  requests: true,
  clock: true,
  logger: true,
  deviceId: true,
  random: true,
};

const STORE_NAME = /^[^/\s\p{Cc}?#]+\/[^/\s\p{Cc}?#]+$/u;
const FOLDED = /(^|\/)\.{1,2}(\/|$)/;

const LONG_DELAY = Math.floor(MAX_DELAY / 1000);
const SECONDS: OptionKind = {
  expected: `seconds, from 0 to ${LONG_DELAY}`,
  fits: (value) => typeof value === 'number' && value >= 0 && value <= LONG_DELAY,
};

const RETRY: ReadonlyMap<string, OptionKind> = new Map([
  ['attempts', COUNT],
  ['baseDelay', DELAY],
  ['maxDelay', DELAY],
  ['maxRetryAfter', SECONDS],
]);
const TIMEOUT: ReadonlyMap<string, OptionKind> = new Map([
  ['connect', TIME_LIMIT],
  ['response', TIME_LIMIT],
  ['idle', TIME_LIMIT],
  ['close', DELAY],
]);
const REQUESTS: ReadonlyMap<string, OptionKind> = new Map(
  ['waiting', 'waitingBytes', 'connections', 'answerBytes', 'fileBytes'].map((name) => [name, COUNT]),
);

const CHECKED = [
  'url',
  'store',
  'token',
  'retry',
  'timeout',
  'requests',
] as const satisfies readonly (keyof HttpTransportOptions)[];
type CheckedOption = (typeof CHECKED)[number];

/**
 * Checks what leads to a server before anything is sent: url, store, token, retry, timeout and requests.
 *
 * @throws DustError `invalid_options` saying what to write; never with the token or a url's credentials in it
 */
export function checkHttpOptions(options: Pick<HttpTransportOptions, CheckedOption>): void {
  for (const option of CHECKED) checkHttpOption(option, options[option]);
}

/**
 * As {@link checkHttpOptions}, for one of the options by itself.
 *
 * @param name what it is called in a message, such as the flag that was typed
 * @throws DustError `invalid_options`
 */
export function checkHttpOption(option: CheckedOption, value: unknown, name = optionName(option)): void {
  switch (option) {
    case 'url':
      parseServerUrl(value, name);
      break;
    case 'store':
      checkStore(value, name);
      break;
    case 'token':
      checkToken(value, name);
      break;
    case 'retry':
      checkNumbers(option, value, RETRY);
      break;
    case 'timeout':
      checkNumbers(option, value, TIMEOUT);
      break;
    case 'requests':
      checkNumbers(option, value, REQUESTS);
  }
}

function checkStore(store: unknown, name: string): void {
  const fits = typeof store === 'string' && STORE_NAME.test(store) && !FOLDED.test(store);
  if (!fits) throw invalidStore(name);
}

/** What a function gives is checked when it has given it. */
function checkToken(token: unknown, name: string): void {
  if (typeof token === 'function') return;
  if (typeof token !== 'string' || token.trim() === '') throw tokenMissing(name);
  if (!isToken(token)) throw tokenMalformed(name);
}

function checkNumbers(option: string, settings: unknown, kinds: ReadonlyMap<string, OptionKind>): void {
  if (settings === undefined) return;
  if (typeof settings !== 'object' || settings === null || Array.isArray(settings)) {
    throw optionsNotAnObject(option);
  }
  for (const [name, value] of Object.entries(settings)) {
    const kind = kinds.get(name);
    if (kind === undefined) throw unknownOption(option, name, [...kinds.keys()]);
    if (value === undefined || kind.fits(value)) continue;
    throw invalidNumber(`${option}.${name}`, kind.expected, describe(value));
  }
}

function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value === null || value === undefined) return String(value);
  return `a value of type ${typeof value}`;
}
