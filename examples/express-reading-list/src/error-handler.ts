import type { DustError, DustErrorKind, EntityValidationError, InvalidValueError, Logger } from 'dust-orm';
import { isDustError } from 'dust-orm';
import type { ErrorRequestHandler, Request } from 'express';
import type { FieldErrors } from './http-error.js';
import { HttpError } from './http-error.js';

interface Answer {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly fields?: FieldErrors | undefined;
}

const INVALID = { status: 400, code: 'invalid', message: 'The input is not valid.' };
const CHANGED = { status: 409, code: 'changed', message: 'The link has changed meanwhile. Read it again.' };
const UNAVAILABLE = { status: 503, code: 'unavailable', message: 'The store cannot be reached just now.' };
const INTERNAL = { status: 500, code: 'internal', message: 'Something went wrong here.' };

/** What a client is told of each kind of error. The others are mistakes of this program, or of how it was set up. */
const ANSWERS: Partial<Record<DustErrorKind, Answer>> = {
  validation: INVALID,
  invalid_value: INVALID,
  invalid_criteria: INVALID,
  invalid_params: INVALID,
  nothing_to_write: INVALID,
  not_found: { status: 404, code: 'not_found', message: 'There is no such link.' },
  exists: { status: 409, code: 'exists', message: 'There is a link with this slug already.' },
  conflict: CHANGED,
  rate_limited: { status: 429, code: 'rate_limited', message: 'Too many requests. Try again later.' },
  not_supported: { status: 501, code: 'not_supported', message: 'The store cannot do this.' },
  network: UNAVAILABLE,
  timeout: UNAVAILABLE,
  http: UNAVAILABLE,
  closed: UNAVAILABLE,
  not_initialized: UNAVAILABLE,
  indeterminate: {
    status: 504,
    code: 'indeterminate',
    message: 'It is not known whether this was done. Look before you repeat it.',
  },
};

/**
 * Answers every error as `{ error, message, fields? }`. What the client can mend it is told; of everything else it learns
 * the status alone, and the log the rest.
 */
export function errorHandler(logger: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    const { status, code, message, fields } = answerTo(error, request);
    if (status >= 500) logger.error(`${request.method} ${request.path}: ${String(error)}`);
    if (response.headersSent) {
      next(error);
      return;
    }
    if (isDustError(error) && error.retryAfter !== undefined) {
      response.set('Retry-After', String(Math.ceil(error.retryAfter)));
    }
    response.status(status).json({ error: code, message, fields });
  };
}

function answerTo(error: unknown, request: Request): Answer {
  if (error instanceof HttpError) return error;
  if (isDustError(error)) {
    const answer = { ...(ANSWERS[error.kind] ?? INTERNAL), fields: fieldsOf(error) };
    return isLostRace(error, request) ? { ...answer, status: 412 } : answer;
  }
  return badRequest(error) ?? INTERNAL;
}

/** Somebody else wrote between the look at `If-Match` and the write under it. */
function isLostRace(error: DustError, request: Request): boolean {
  return error.kind === 'conflict' && request.get('If-Match') !== undefined;
}

/** The messages of class-validator, or the property whose value cannot be stored. */
function fieldsOf(error: DustError): FieldErrors | undefined {
  if (isValidation(error)) {
    const messages = error.errors.map(({ property, constraints = {} }) => [
      property,
      Object.values(constraints),
    ]);
    return Object.fromEntries(messages) as FieldErrors;
  }
  return isInvalidValue(error)
    ? { [error.property]: [`${error.property} cannot have this value`] }
    : undefined;
}

const isValidation = (error: DustError): error is EntityValidationError => error.kind === 'validation';
const isInvalidValue = (error: DustError): error is InvalidValueError => error.kind === 'invalid_value';

/** What Express itself finds wrong, such as a body that is too large or no JSON. */
function badRequest(error: unknown): Answer | undefined {
  if (!(error instanceof Error) || !('status' in error)) return undefined;
  const { status, message } = error;
  if (typeof status !== 'number' || status < 400 || status >= 500) return undefined;
  return { status, code: 'bad_request', message };
}
