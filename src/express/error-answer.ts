import type { IncomingMessage } from 'node:http';
import type { DustError } from '../errors.js';
import { isDustError } from '../errors.js';
import type { HttpAnswer } from '../web/index.js';
import { httpAnswer } from '../web/index.js';

/** An answer with the kind of error, where clients are told of one. */
export interface ErrorAnswer extends HttpAnswer {
  readonly kind?: string | undefined;
}

const PRECONDITION_FAILED = 412;

const INTERNAL: ErrorAnswer = { status: 500, message: 'Something went wrong here.' };

/** What a client is told of an error of this package: of the service's own faults that there was one, and no more. */
export function answerTo(error: DustError, request: IncomingMessage): ErrorAnswer {
  const answer = httpAnswer(error);
  if (answer === undefined) return INTERNAL;
  const status = isPreconditionOf(request, error) ? PRECONDITION_FAILED : answer.status;
  return { ...answer, status, kind: error.kind };
}

/** Somebody else wrote between the look at a precondition of the client's and the write under it. */
function isPreconditionOf({ headers }: IncomingMessage, { kind }: DustError): boolean {
  if (kind === 'conflict') return headers['if-match'] !== undefined;
  return kind === 'exists' && headers['if-none-match'] !== undefined;
}

/** What a client is told of any other error: what that itself exposes, as those of `http-errors` do; else that there was one. */
export function answerToOther(error: unknown): ErrorAnswer {
  if (!(error instanceof Error) || isDustError(error)) return INTERNAL;
  const { message, status, expose, kind, fields } = error as Error & Readonly<Record<string, unknown>>;
  if (expose !== true || typeof status !== 'number' || status < 400 || status > 599) return INTERNAL;
  return {
    status,
    message,
    ...(typeof kind === 'string' && { kind }),
    ...(typeof fields === 'object' &&
      fields !== null && { fields: fields as NonNullable<HttpAnswer['fields']> }),
  };
}
