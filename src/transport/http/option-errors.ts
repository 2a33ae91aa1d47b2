import { DustError } from '../../errors.js';

function invalid(message: string): DustError {
  return new DustError('invalid_options', message);
}

/** A url that is not `http://…` or `https://…`; never shown, because it may hold credentials. */
export function invalidUrl(reason: string): DustError {
  return invalid(`The option url ${reason}. Write where the server is, such as "https://dustlayer.io".`);
}

/** A socket's url where HTTP was meant; `origin` is the one to write. */
export function socketUrl(protocol: string, origin: string): DustError {
  return invalid(
    `The option url begins with ${protocol}//, which is a socket's. Write ${JSON.stringify(origin)}: HTTP is spoken there, and the socket is found at the same place.`,
  );
}

/** No token, or a blank one. */
export function tokenMissing(): DustError {
  return invalid(
    'The option token is missing. Set it to the token that the server made for this store (dust_tok_…), ' +
      'from the environment variable DUST_TOKEN for example.',
  );
}

/** A token with characters that no header carries; never shown. */
export function tokenMalformed(): DustError {
  return invalid(
    'The option token holds a space, a line break or another character that no token has. ' +
      'Copy it again, without quotes and without what stands around it.',
  );
}

/** A store that does not read `org/name`; never shown, because token and store may have been mixed up. */
export function invalidStore(): DustError {
  return invalid(
    'The option store must be "org/name", such as "acme/reading": two parts, one slash between them, no spaces.',
  );
}

/** A number out of its range. */
export function invalidNumber(option: string, expected: string, found: string): DustError {
  return invalid(`The option ${option} must be ${expected}, not ${found}.`);
}

/** A setting nobody knows. */
export function unknownSetting(option: string, name: string, known: readonly string[]): DustError {
  return invalid(`The option ${option} has no ${JSON.stringify(name)}. It knows ${known.join(', ')}.`);
}

/** Something else where options are needed. */
export function optionsNotAnObject(option: string): DustError {
  return invalid(`The option ${option} must be an object, such as ${EXAMPLES.get(option) ?? '{ … }'}.`);
}

const EXAMPLES: ReadonlyMap<string, string> = new Map([
  ['retry', '{ attempts: 5 }'],
  ['timeout', '{ connect: 10_000, response: 30_000 }'],
]);
