/**
 * What a server knows the caller by, such as `dust_tok_…`; or a function that gives it, at once or later. It is asked when a
 * transport connects, before each connection of a channel, and once more when the server refuses the token it gave (401): so
 * tokens can be rotated while a program runs.
 */
export type TokenSource = string | (() => string | Promise<string>);

/** What a header carries without a doubt: visible ASCII. */
const TOKEN = /^[\x21-\x7e]+$/;

/** Whether a header carries it without a doubt. */
export function isToken(token: unknown): token is string {
  return typeof token === 'string' && TOKEN.test(token);
}
