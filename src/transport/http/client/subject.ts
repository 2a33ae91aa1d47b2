import type { DustErrorDetails, DustErrorKind } from '../../../errors.js';
import { DustError } from '../../../errors.js';
import type { Path } from '../../../protocol/paths/path.js';
import type { Proxy } from '../../proxy/index.js';
import type { HttpRequest, RequestEffect } from './http-client.js';
import type { Scrub } from '../../../token/index.js';

/** The request an error is about, and what keeps the token out of all that is said about it. */
export interface Subject {
  readonly method: HttpRequest['method'];
  /** Below the server's url, with its query. */
  readonly target: string;
  readonly effect: RequestEffect;
  /** The rendered path, where the request is about one. */
  readonly path?: Path | undefined;
  /** The server, such as `https://dustlayer.io`. */
  readonly origin: string;
  /** What stands between here and the server. */
  readonly proxy?: Proxy | undefined;
  readonly scrub: Scrub;
}

const MAX_TARGET = 120;

/** The one place where errors about a request are made, so that none is made without scrubbing its texts. */
export function failure(
  subject: Subject,
  kind: DustErrorKind,
  text: string,
  details: DustErrorDetails = {},
): DustError {
  const { scrub } = subject;
  const path = details.path ?? subject.path;
  return new DustError(kind, scrub(`${describeSubject(subject)}: ${text}`), {
    ...details,
    detail: details.detail === undefined ? undefined : scrub(details.detail),
    path: path === undefined ? undefined : scrub(path),
  });
}

/**
 * A request that may or may not have been carried out. Where making it again does no harm the error keeps its kind and
 * may be retried; a write with effect `once` fails with `indeterminate`.
 */
export function unknownOutcome(
  subject: Subject,
  kind: DustErrorKind,
  text: string,
  details: DustErrorDetails & { readonly detail: string },
): DustError {
  if (subject.effect !== 'once') return failure(subject, kind, text, { retryable: true, ...details });
  return failure(
    subject,
    'indeterminate',
    `${text} The write may or may not have been applied: read what is there before writing again.`,
    { ...details, retryable: false },
  );
}

/**
 * A write that the server is likely to carry out after it has answered: nobody knows when, so the error is `indeterminate`
 * whatever the write is, and may be retried where making it again does no harm. A read fails with `http`.
 */
export function outcomeLater(
  subject: Subject,
  text: string,
  details: DustErrorDetails & { readonly detail: string },
): DustError {
  if (subject.effect === 'read') return failure(subject, 'http', text, { retryable: true, ...details });
  return failure(
    subject,
    'indeterminate',
    `${text} The write may still be applied, or may have been: read what is there before writing something else.`,
    { ...details, retryable: subject.effect === 'idempotent' },
  );
}

function describeSubject({ method, target, path, origin }: Subject): string {
  return `${method} ${path === undefined ? routeOf(target) : JSON.stringify(path)} at ${origin}`;
}

function routeOf(target: string): string {
  const route = target.split('?', 1)[0] ?? target;
  return route.length <= MAX_TARGET ? route : `${route.slice(0, MAX_TARGET)}…`;
}
