import type { IncomingMessage } from 'node:http';
import { STATUS_CODES } from 'node:http';
import { inspect } from 'node:util';
import type { DustError } from '../errors.js';
import { isDustError } from '../errors.js';
import type { HttpAnswer } from '../web/index.js';
import { httpAnswer } from '../web/index.js';

/** An answer with the kind of error, where clients are told of one. */
export interface ErrorAnswer extends HttpAnswer {
  readonly kind?: string | undefined;
  /** What the error wants to be set, as those of `http-errors` do. */
  readonly headers?: Readonly<Record<string, unknown>>;
  /** Whether the log should have the reason though the client is said to be at fault. */
  readonly isUnexplained?: boolean;
}

const PRECONDITION_FAILED = 412;

/** Characters of the log for what is no error. */
const LONGEST_REASON = 1000;

const INTERNAL: ErrorAnswer = { status: 500, message: 'Something went wrong here.' };

/** What a client is told of an error of this package: of the service's own faults that there was one, and no more. */
export function answerTo(error: DustError, request: IncomingMessage): ErrorAnswer {
  const answer = httpAnswer(error);
  if (answer === undefined) return INTERNAL;
  const status = isPreconditionOf(request, error) ? PRECONDITION_FAILED : answer.status;
  return { ...answer, status, kind: error.kind };
}

/** Somebody else wrote between the look at a precondition of the client's and the write under it. */
function isPreconditionOf({ headers }: IncomingMessage, { kind, duplicate }: DustError): boolean {
  if (kind === 'conflict') return headers['if-match'] !== undefined;
  // What another record has is no matter of this one's being there.
  return kind === 'exists' && duplicate === undefined && headers['if-none-match'] !== undefined;
}

/** Whether an error is of this package, even of one that throws when it is looked at. */
export function isOfThisPackage(error: unknown): error is DustError {
  try {
    return isDustError(error);
  } catch {
    return false;
  }
}

type Told = Readonly<Record<string, unknown>>;

/**
 * What a client is told of any other error: its status, as Express has it, and what it exposes of itself, as those of `http-errors` do; of one
 * without a status that there was one.
 */
export function answerToOther(error: unknown): ErrorAnswer {
  try {
    return typeof error === 'object' && error !== null ? answerOfItsOwn(error as Told) : INTERNAL;
  } catch {
    // One that throws when it is looked at.
    return INTERNAL;
  }
}

function answerOfItsOwn(error: Told): ErrorAnswer {
  const { message, expose, kind, fields, headers } = error;
  const status = statusOf(error.status) ?? statusOf(error.statusCode);
  if (status === undefined) return INTERNAL;
  const told = {
    status,
    ...(typeof headers === 'object' && headers !== null && { headers: headers as Told }),
  };
  if (expose !== true) {
    // What comes of a path that cannot be read says no more than the path does.
    const isUnexplained = expose === undefined && error.name !== 'URIError';
    return status === INTERNAL.status
      ? INTERNAL
      : { ...told, message: STATUS_CODES[status] ?? INTERNAL.message, isUnexplained };
  }
  return {
    ...told,
    message: typeof message === 'string' ? message : '',
    ...(typeof kind === 'string' && { kind }),
    ...(isTellable(fields) && { fields }),
  };
}

function statusOf(value: unknown): number | undefined {
  return Number.isInteger(value) && Number(value) >= 400 && Number(value) <= 599 ? Number(value) : undefined;
}

/** Whether it can be written as JSON: not in a circle, and without a bigint. */
function isTellable(fields: unknown): fields is NonNullable<HttpAnswer['fields']> {
  if (typeof fields !== 'object' || fields === null) return false;
  try {
    JSON.stringify(fields);
    return true;
  } catch {
    return false;
  }
}

/** What was thrown, for the log: of what is no error, what there is to see of it. */
export function reasonOf(error: unknown): string {
  try {
    if (isDustError(error)) return `${error.kind}: ${error.message}`;
    if (typeof error !== 'object' || error === null || error instanceof Error) return String(error);
    return inspect(error, { breakLength: Infinity, depth: 2 }).slice(0, LONGEST_REASON);
  } catch {
    return 'something that cannot be looked at';
  }
}
