import { DustError } from '../../errors.js';

/** What an option is called in a message, where it was not typed as a flag or set as a variable. */
export function optionName(option: string): string {
  return `The option ${option}`;
}

function invalid(message: string): DustError {
  return new DustError('invalid_options', message);
}

/** A url that is not `http://…` or `https://…`; never shown, because it may hold credentials. */
export function invalidUrl(name: string, reason: string): DustError {
  return invalid(`${name} ${reason}. Write where the server is, such as "https://dustlayer.io".`);
}

/** A socket's url where HTTP was meant; `origin` is the one to write. */
export function socketUrl(name: string, protocol: string, origin: string): DustError {
  return invalid(
    `${name} begins with ${protocol}//, which is a socket's. Write ${JSON.stringify(origin)}: HTTP is spoken there, and the socket is found at the same place.`,
  );
}

/** No token, or a blank one. */
export function tokenMissing(name: string): DustError {
  return invalid(
    `${name} is missing. Set it to the token that the server made for this store (dust_tok_…), ` +
      'from the environment variable DUST_TOKEN for example.',
  );
}

/** A token with characters that no header carries; never shown. */
export function tokenMalformed(name: string): DustError {
  return invalid(
    `${name} holds a space, a line break or another character that no token has. ` +
      'Copy it again, without quotes and without what stands around it.',
  );
}

/** A store that does not read `org/name`; never shown, because token and store may have been mixed up. */
export function invalidStore(name: string): DustError {
  return invalid(
    `${name} must be "org/name", such as "acme/reading": two parts, one slash between them, no spaces.`,
  );
}

/** A number out of its range. */
export function invalidNumber(option: string, expected: string, found: string): DustError {
  return invalid(`The option ${option} must be ${expected}, not ${found}.`);
}

/** Something else where options are needed. */
export function optionsNotAnObject(option: string): DustError {
  return invalid(`The option ${option} must be an object, such as ${EXAMPLES.get(option) ?? '{ … }'}.`);
}

const EXAMPLES: ReadonlyMap<string, string> = new Map([
  ['retry', '{ attempts: 5 }'],
  ['timeout', '{ connect: 10_000, response: 30_000 }'],
  ['requests', '{ connections: 64 }'],
]);
