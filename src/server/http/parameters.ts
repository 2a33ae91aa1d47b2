import { badRequest, notUnderstood } from '../errors.js';

/** @throws DustError `http` with status 400 for a query that is not percent-encoded UTF-8 */
export function queryOf(url: string): URLSearchParams {
  const start = url.indexOf('?');
  const query = start === -1 ? '' : url.slice(start + 1);
  try {
    decodeURIComponent(query);
  } catch {
    throw notUnderstood('The query is not percent-encoded UTF-8.');
  }
  return new URLSearchParams(query);
}

/** A whole number of the query. @throws DustError `invalid_params` */
export function wholeNumber(
  query: URLSearchParams,
  name: string,
  { min, max, fallback }: { readonly min: number; readonly max: number; readonly fallback: number },
): number {
  const text = query.get(name);
  if (text === null) return fallback;
  const number = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
  if (number >= min && number <= max) return number;
  throw badRequest(`"${name}" is a whole number from ${min} to ${max}, not ${JSON.stringify(text)}.`);
}

/** One of the texts that a parameter of the query may be. @throws DustError `invalid_params` */
export function oneOf<T extends string>(
  query: URLSearchParams,
  name: string,
  choices: readonly [T, ...T[]],
): T {
  const text = query.get(name) ?? choices[0];
  const choice = choices.find((each) => each === text);
  if (choice !== undefined) return choice;
  throw badRequest(`"${name}" is ${choices.join(' or ')}, not ${JSON.stringify(text)}.`);
}

/** The revision that a precondition names. @throws DustError `invalid_params` unless it is a positive integer */
export function revisionOf(value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value;
  throw badRequest('A revision is a positive integer, written without quotes.');
}

/** A path in a body. @throws DustError `invalid_params` */
export function pathOf(value: unknown): string {
  if (typeof value === 'string') return value;
  throw badRequest('"path" is a rendered path, a string.');
}
