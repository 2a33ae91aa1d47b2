import type { DuplicateValues } from '../../../errors.js';
import { DustError } from '../../../errors.js';
import { duplicateError } from '../../../protocol/requests/duplicate.js';
import { storageFault } from '../../../protocol/requests/storage-fault.js';
import { notCarriedOut } from '../../not-carried-out.js';
import { askedThrough, refusedByProxy } from './connection-errors.js';
import { excerpt, quoteDetail } from './excerpt.js';
import { readRateLimit, secondsToWait } from './rate-limit.js';
import type { ServerReason } from './server-reason.js';
import { readServerReason } from './server-reason.js';
import type { Subject } from './subject.js';
import { failure, outcomeLater, unknownOutcome } from './subject.js';

/** An answer of a server, its body read as far as it could be. */
export interface Answer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  readonly text: string;
}

/**
 * The error for an answer outside 2xx: one row of PROTOCOL §3 "Errors". `now` is what dates in headers are measured
 * against, in milliseconds since the epoch.
 */
export function answeredWithError(subject: Subject, answer: Answer, now: number): DustError {
  const { status } = answer;
  const reason = scrubbed(subject, readServerReason(answer.text));
  if (status < 400) return redirected(subject, answer);
  if (status >= 500) return serverFailed(subject, answer, reason, now);
  switch (status) {
    case 400:
      return badRequest(subject, status, reason);
    case 401:
      return unauthorized(subject, status);
    case 403:
      return forbidden(subject, status, reason);
    case 404:
      return notFound(subject, answer, reason);
    case 407:
      return subject.proxy === undefined
        ? otherStatus(subject, answer, reason)
        : refusedByProxy(subject, status);
    case 405:
      return noSuchRoute(subject, status);
    case 412:
      return preconditionFailed(subject, answer, reason);
    case 413:
      return tooLarge(subject, status, reason);
    case 414:
    case 431:
      return urlTooLong(subject, status);
    case 426:
      return upgradeRequired(subject, status);
    case 429:
      return rateLimited(subject, answer, now);
    default:
      return otherStatus(subject, answer, reason);
  }
}

/** A 2xx answer whose body is not the JSON it must be. Whether a write was applied is unknown. */
export function unexpectedResponse(subject: Subject, answer: Answer): DustError {
  const type = answer.headers.get('content-type') ?? 'no content type';
  return unknownOutcome(
    subject,
    'http',
    `the server answered ${answer.status} with ${type} and ${excerpt(subject.scrub(answer.text))}, which is not the JSON of a Dust server. ` +
      'Check that the url leads to one, and what stands in between.',
    { status: answer.status, detail: 'unexpected_response' },
  );
}

/** A 2xx answer longer than this package reads. */
export function responseTooLarge(subject: Subject, status: number, limit: number): DustError {
  return unknownOutcome(
    subject,
    'http',
    `the answer is longer than ${limit} bytes and was not read. Ask for less at once; the options requests.answerBytes and requests.fileBytes allow more.`,
    { status, detail: 'response_too_large', retryable: false },
  );
}

/** A 2xx answer that holds more, or deeper, than this package reads; `excess` says in which way. */
export function responseTooComplex(subject: Subject, status: number, excess: string): DustError {
  return unknownOutcome(subject, 'http', `the answer ${excess} and was not read. Ask for less at once.`, {
    status,
    detail: 'response_too_complex',
    retryable: false,
  });
}

function redirected(subject: Subject, { status, headers }: Answer): DustError {
  const location = headers.get('location');
  const where = location === undefined ? '' : ` to ${withoutSecrets(location, subject.origin)}`;
  return failure(
    subject,
    'http',
    `the server redirects (${status})${where}, and the token is not sent after it. The url is probably wrong: write the one that the server itself answers at.`,
    { status, detail: 'redirect' },
  );
}

function serverFailed(subject: Subject, answer: Answer, reason: ServerReason, now: number): DustError {
  const { status, headers } = answer;
  const fault = storageFault(reason.error, reason.detail, reason.message, { status });
  if (fault !== undefined) return fault;
  return unknownOutcome(
    subject,
    'http',
    `the server failed with ${status}.${saying(subject, answer, reason)}${askedThrough(subject)} Try again later; if it stays so, look into the server's log.`,
    {
      status,
      detail: subject.effect === 'once' ? `http_${status}` : (reason.error ?? `http_${status}`),
      retryAfter: status === 503 ? readRateLimit(headers, now).retryAfter : undefined,
    },
  );
}

function badRequest(subject: Subject, status: number, reason: ServerReason): DustError {
  if (isWriterUnavailable(reason)) return writerUnavailable(subject, status, reason);
  if (reason.error === undefined) {
    return failure(
      subject,
      'invalid_params',
      `the server could not read the request (400).${quoteDetail(reason.detail)} Check the value and the path; an older server may not know this kind of request.`,
      { status, detail: 'bad_request' },
    );
  }
  return failure(
    subject,
    'invalid_params',
    `the server refused the request: ${reason.error}${position(reason)}.${quoteDetail(reason.detail)} Nothing was written.`,
    { status, detail: reason.error, opIndex: reason.opIndex, path: reason.path },
  );
}

/** How a server of version 0.1 says that its writer did not answer within 5 s; what it was told to do is done later (PROTOCOL §8). */
function isWriterUnavailable({ detail }: ServerReason): boolean {
  return detail?.startsWith('{:writer_unavailable') === true;
}

function writerUnavailable(subject: Subject, status: number, { detail }: ServerReason): DustError {
  return outcomeLater(
    subject,
    `the store's writer is busy and did not answer the server in time (${status}).${quoteDetail(detail)} Send less at once, or more slowly.`,
    { status, detail: 'writer_unavailable' },
  );
}

function unauthorized(subject: Subject, status: number): DustError {
  return failure(
    subject,
    'unauthorized',
    'the server does not accept the token (401). Check that it is complete, not revoked, and made for this server.',
    { status },
  );
}

function forbidden(subject: Subject, status: number, reason: ServerReason): DustError {
  const { error, detail } = reason;
  return failure(
    subject,
    'forbidden',
    `the token may not do this (403).${quoteDetail(detail)} It lacks a scope, may only read, or does not open this store: use another token.`,
    { status, detail: error === undefined || error === 'forbidden' ? detail : error },
  );
}

function notFound(subject: Subject, answer: Answer, reason: ServerReason): DustError {
  const { status } = answer;
  if (reason.error === 'not_found' || subject.method === 'HEAD') {
    return failure(
      subject,
      'store_not_found',
      'the server knows no such store, or does not show it to this token. Check the store (org/name) and the token.',
      { status, detail: 'not_found' },
    );
  }
  if (reason.error !== undefined) return otherStatus(subject, answer, reason);
  return noSuchRoute(subject, status);
}

function noSuchRoute(subject: Subject, status: number): DustError {
  return failure(
    subject,
    'not_implemented',
    `the server has no such route (${status}). It is older than this call needs, or the url leads to something else: write it without a path such as /api.`,
    { status },
  );
}

function preconditionFailed(subject: Subject, answer: Answer, reason: ServerReason): DustError {
  const { error = 'conflict', currentRevision, opIndex, path } = reason;
  const details = { status: answer.status, currentRevision, opIndex, path };
  if (error === 'exists' && reason.duplicate !== undefined && path !== undefined) {
    return duplicateRefused({ path, opIndex }, reason.duplicate, answer.status);
  }
  if (error === 'exists') {
    return failure(
      subject,
      'exists',
      `there is a value already${position(reason)}${standingAt(currentRevision)}. Nothing was written.`,
      details,
    );
  }
  return failure(
    subject,
    'conflict',
    `the value has changed${position(reason)}${standingAt(currentRevision)}. Nothing was written: read again and retry.`,
    { ...details, detail: error === 'conflict' ? undefined : error },
  );
}

/** As the store itself says it. The texts were scrubbed with the rest of the reason. */
function duplicateRefused(
  { path, opIndex }: { readonly path: string; readonly opIndex: number | undefined },
  duplicate: DuplicateValues,
  status: number,
): DustError {
  const { kind, message, detail } = duplicateError({ path, opIndex }, duplicate);
  return new DustError(kind, message, { detail, duplicate, path, opIndex, status });
}

function tooLarge(subject: Subject, status: number, reason: ServerReason): DustError {
  return failure(
    subject,
    'invalid_params',
    `the request is larger than the server takes (413; 8 MB by default).${quoteDetail(reason.detail)} Nothing was written: send less at once.`,
    { status, detail: 'too_large' },
  );
}

function urlTooLong(subject: Subject, status: number): DustError {
  return failure(
    subject,
    'invalid_params',
    `the url of the request is longer than the server takes (${status}). Shorten the path or the pattern.`,
    { status, detail: 'url_too_long' },
  );
}

function upgradeRequired(subject: Subject, status: number): DustError {
  return failure(
    subject,
    'not_supported',
    'the server answers this over the channel only (426). Plain HTTP has no events: use a data source with realtime.',
    { status, detail: 'upgrade_required' },
  );
}

function rateLimited(subject: Subject, { status, headers }: Answer, now: number): DustError {
  const retryAfter = secondsToWait(readRateLimit(headers, now));
  const wait = retryAfter === undefined ? 'a while' : `${Math.ceil(retryAfter)} seconds`;
  return notCarriedOut(
    failure(
      subject,
      'rate_limited',
      `the token has used up its requests for now (429). Nothing was done: wait ${wait}. With the option retry this package waits by itself.`,
      { status, retryAfter },
    ),
  );
}

function otherStatus(subject: Subject, answer: Answer, reason: ServerReason): DustError {
  const { status } = answer;
  return failure(
    subject,
    'http',
    `the server answered ${status}.${saying(subject, answer, reason)} Check that the url leads to a Dust server, and what stands in between.`,
    { status, detail: reason.error ?? `http_${status}`, path: reason.path },
  );
}

/** What the server had to say about it, in its words. */
function saying(subject: Subject, answer: Answer, { error, detail }: ServerReason): string {
  if (detail !== undefined) return quoteDetail(detail);
  if (error !== undefined) return quoteDetail(error);
  return answer.text === '' ? '' : ` The body begins ${excerpt(subject.scrub(answer.text))}.`;
}

function position({ opIndex, path }: ServerReason): string {
  const operation = opIndex === undefined ? '' : ` in operation ${opIndex} of the batch`;
  return path === undefined ? operation : `${operation} at ${JSON.stringify(path)}`;
}

function standingAt(revision: number | null | undefined): string {
  if (revision === undefined) return '';
  return revision === null ? ': nothing is there' : `: it stands at revision ${revision}`;
}

/** Before anything is cut to length: half a token is no longer recognised. */
function scrubbed({ scrub }: Subject, reason: ServerReason): ServerReason {
  const { error, detail, message, path, duplicate } = reason;
  return {
    ...reason,
    error: error === undefined ? undefined : scrub(error),
    detail: detail === undefined ? undefined : scrub(detail),
    message: message === undefined ? undefined : scrub(message),
    path: path === undefined ? undefined : scrub(path),
    duplicate: duplicate === undefined ? undefined : scrubbedValues(scrub, duplicate),
  };
}

function scrubbedValues(scrub: Subject['scrub'], { paths, values, slug }: DuplicateValues): DuplicateValues {
  return {
    paths: paths.map(scrub),
    values: values.map((value) => (typeof value === 'string' ? scrub(value) : value)),
    slug: scrub(slug),
  };
}

/** Where a redirect leads, without the credentials and the query it may carry. */
function withoutSecrets(location: string, origin: string): string {
  if (!URL.canParse(location, origin)) return 'an address that is no url';
  const url = new URL(location, origin);
  return url.origin === 'null' ? `a ${url.protocol} address` : `${url.origin}${url.pathname}`;
}
