import { DustError } from '../errors.js';
import type { IndexDefinition } from '../protocol/values/record-access.js';

/** No token, or none that the server knows. */
export function unauthorized(): DustError {
  return new DustError('unauthorized', 'The request carries no token that this server knows.', {
    status: 401,
  });
}

/** The token does not open this. */
export function forbidden(message: string): DustError {
  return new DustError('forbidden', message, { status: 403 });
}

/** The server has no such store. */
export function storeNotFound(store: string): DustError {
  return new DustError('store_not_found', `This server has no store ${JSON.stringify(store)}.`, {
    status: 404,
  });
}

/** The token's requests of this minute are used up. */
export function rateLimited(kind: string, retryAfter: number): DustError {
  return new DustError(
    'rate_limited',
    `The ${kind} of this minute are used up. Try again in ${retryAfter} s.`,
    {
      status: 429,
      retryAfter,
    },
  );
}

/** An address that tried too many tokens that nobody has. */
export function tooManyWrongTokens(retryAfter: number): DustError {
  return new DustError(
    'rate_limited',
    `Too many tokens that this server does not know came from this address. Try again in ${retryAfter} s.`,
    { status: 429, retryAfter },
  );
}

/** A parameter that the route does not take; `detail` is the error a server answers for it (PROTOCOL §3). */
export function badRequest(message: string, detail = 'invalid_params'): DustError {
  return new DustError('invalid_params', message, { status: 400, detail });
}

/** An operation of a batch that cannot be; `detail` is what it is called over the channel, too. */
export function badOperation(
  { path, opIndex }: { readonly path: string; readonly opIndex: number },
  detail: string,
  message: string,
): DustError {
  return new DustError('invalid_params', `ops[${opIndex}]: ${message}`, {
    status: 400,
    detail,
    path,
    opIndex,
  });
}

/** More unique indexes than a store keeps. */
export function tooManyIndexes(kept: number, most: number): DustError {
  return badRequest(
    `The store keeps ${kept} unique indexes, and may keep ${most}. Drop those that no class declares any more: dust-orm indexes lists them.`,
  );
}

/** What is declared unique by a token that may not have it kept so. */
export function indexNotThere(prefix: string, definitions: readonly IndexDefinition[]): DustError {
  const by = definitions.map(({ parts }) => parts.map(({ path }) => path).join(', ')).join('; ');
  return forbidden(
    `Not all of the unique indexes of ${JSON.stringify(prefix)} by ${by} are there, and the token lacks the scope entries:write to have them made. ` +
      'Begin with a client that may write.',
  );
}

/** A request that is not understood at all: a recorded server answers it with a page, not with an error code. */
export function notUnderstood(message: string): DustError {
  return new DustError('http', message, { status: 400, detail: 'not_understood' });
}

/** A body beyond the bound. */
export function bodyTooLarge(limit: number): DustError {
  return new DustError('http', `A body may have ${limit} bytes. Send less at a time.`, {
    status: 413,
    detail: 'too_large',
  });
}

/** A body in a form that the server does not read. */
export function unsupportedMediaType(message: string): DustError {
  return new DustError('http', message, { status: 415, detail: 'unsupported_media_type' });
}

/** So much waits in the server that it takes no more for now. */
export function serverBusy(): DustError {
  return new DustError('http', 'The server has no room for this now. Try again in a moment.', {
    status: 503,
    detail: 'busy',
    retryAfter: 1,
  });
}

/** A request target beyond the bound. */
export function urlTooLong(limit: number): DustError {
  return new DustError(
    'http',
    `A request target may have ${limit} characters. Put the path into the body instead.`,
    { status: 414, detail: 'uri_too_long' },
  );
}

/** An option of the server that makes no sense; never shows a token. */
export function invalidOption(message: string): DustError {
  return new DustError('invalid_options', message);
}

/** The address that a server was to listen on cannot be had. */
export function cannotListen(host: string, port: number, cause: NodeJS.ErrnoException): DustError {
  const cures: Readonly<Record<string, string>> = {
    EADDRINUSE: 'Another program listens there. Stop it, or choose another port (0 takes a free one).',
    EACCES: 'The operating system does not allow it. Choose a port above 1023.',
    EADDRNOTAVAIL: 'This machine has no such address.',
    ENOTFOUND: 'There is no such host.',
  };
  const code = cause.code ?? 'unknown';
  const cure = Object.hasOwn(cures, code) ? cures[code] : cause.message;
  return new DustError('network', `Cannot listen on ${host}, port ${port} (${code}): ${cure}`, {
    detail: code,
    retryable: false,
    cause,
  });
}
