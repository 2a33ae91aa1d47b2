import { DustError } from '../errors.js';

/** A function of the option `token` that threw; what it threw is the cause, and is not repeated: it may hold the token. */
export function tokenNotGiven(cause: unknown): DustError {
  return new DustError(
    'unauthorized',
    'The function given as the option token failed, so nothing was sent. What it threw is the cause of this error.',
    { detail: 'token_function', cause, retryable: true },
  );
}

/** A function of the option `token` that gave something else; what it gave is never shown. */
export function noTokenGiven(): DustError {
  return new DustError(
    'unauthorized',
    'The function given as the option token gave no token, so nothing was sent. It is to return, or resolve to, a text such as dust_tok_…, ' +
      'without spaces and line breaks.',
    { detail: 'token_function', retryable: false },
  );
}
