import { DustError } from '../../../errors.js';

/** The last error of a request that was sent more than once; after a single attempt the error as it is. */
export function gaveUp(last: DustError, attempts: number): DustError {
  return attempts === 1 ? last : retold(last, `It was tried ${attempts} times.`);
}

/** The server wants to be left alone for longer than the caller is willing to wait. */
export function waitTooLong(last: DustError, attempts: number, maxRetryAfter: number): DustError {
  const tried = attempts === 1 ? 'It was tried once' : `It was tried ${attempts} times`;
  return retold(
    last,
    `${tried}: the server asks to wait longer than the ${maxRetryAfter} s that retry.maxRetryAfter allows.`,
  );
}

/** A request that was not sent because the server's limits leave none for longer than the caller is willing to wait. */
export function limitsUsedUp(origin: string, quota: string, seconds: number, maxWait: number): DustError {
  return new DustError(
    'rate_limited',
    `The server at ${origin} takes no more ${quota} for ${Math.ceil(seconds)} s, longer than the ${maxWait} s that retry.maxRetryAfter allows. ` +
      'Nothing was sent: try again then.',
    { retryAfter: Math.ceil(seconds) },
  );
}

function retold(last: DustError, sentence: string): DustError {
  const { kind, message, detail, retryable, currentRevision, opIndex, path, retryAfter, status } = last;
  return new DustError(kind, `${message} ${sentence}`, {
    detail,
    retryable,
    currentRevision,
    opIndex,
    path,
    retryAfter,
    status,
    cause: last,
  });
}
