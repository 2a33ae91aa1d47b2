import type { DuplicateValues, DustError, DustErrorKind } from '../errors.js';
import { fieldMessages } from './field-messages.js';

/** What a client is told of an error. */
export interface HttpAnswer {
  readonly status: number;
  readonly message: string | readonly string[];
  /** The messages of each property, where properties are what is wrong. */
  readonly fields?: Readonly<Record<string, readonly string[]>>;
  /** Seconds, for the header `Retry-After`. */
  readonly retryAfter?: number | undefined;
}

const BAD_REQUEST = 400;

const INVALID = { status: BAD_REQUEST, message: 'The record is not valid.' };
const UNSTORABLE = { status: BAD_REQUEST, message: 'The record has a value that cannot be stored.' };
const TOO_LONG = { status: BAD_REQUEST, message: 'The name of the record, or of a part of it, is too long.' };
const UNAVAILABLE = { status: 503, message: 'The store is not available just now.' };

/** Not the errors' own messages: those are for the program, quote criteria, name hosts and advise on calls. */
const ANSWERS: ReadonlyMap<DustErrorKind, HttpAnswer> = new Map([
  ['validation', INVALID],
  ['invalid_value', UNSTORABLE],
  ['nothing_to_write', { status: BAD_REQUEST, message: 'There is nothing to write.' }],
  ['not_found', { status: 404, message: 'There is no such record.' }],
  ['exists', { status: 409, message: 'There is such a record already.' }],
  ['conflict', { status: 409, message: 'The record was changed meanwhile. Read it again.' }],
  ['held', { status: 409, message: 'Somebody else is at work on this. Try again later.' }],
  ['rate_limited', { status: 429, message: 'Too many requests reach the store. Try again later.' }],
  ['not_supported', { status: 501, message: 'The store cannot do this.' }],
  ['network', UNAVAILABLE],
  ['timeout', UNAVAILABLE],
  ['closed', UNAVAILABLE],
  ['not_initialized', UNAVAILABLE],
  [
    'indeterminate',
    { status: 504, message: 'It is not known whether this was done. Look before you repeat it.' },
  ],
]);

/** The answer to what a client can do something about; undefined for what is the service's own fault. */
export function httpAnswer(error: DustError): HttpAnswer | undefined {
  const answer = answerFor(error);
  if (answer?.status === BAD_REQUEST) return { ...answer, ...validationOf(error) };
  if (answer === undefined) return undefined;
  const { retryAfter, duplicate } = error;
  return {
    ...answer,
    ...(duplicate !== undefined && takenIn(duplicate)),
    retryAfter: secondsOf(retryAfter),
  };
}

function answerFor({ kind, detail, retryable }: DustError): HttpAnswer | undefined {
  if (kind === 'http' && retryable) return UNAVAILABLE;
  // Names are made of what a client sends; other faults of a request are the program's.
  if (kind === 'invalid_params' && detail === 'path_too_long') return TOO_LONG;
  return ANSWERS.get(kind);
}

/** None that a header could not say. */
function secondsOf(retryAfter: number | undefined): number | undefined {
  return retryAfter !== undefined && retryAfter >= 0 && retryAfter <= Number.MAX_SAFE_INTEGER
    ? retryAfter
    : undefined;
}

/** What another record has already: the properties, and neither the values nor the record. */
function takenIn({ properties = [] }: DuplicateValues): Pick<HttpAnswer, 'message' | 'fields'> | undefined {
  if (properties.length === 0) return undefined;
  const what = properties.join(' and ');
  return {
    message: `Another record has the same ${what} already.`,
    fields: Object.fromEntries(properties.map((property) => [property, [`${what} must be unique`]])),
  };
}

function validationOf(error: DustError): Pick<HttpAnswer, 'message' | 'fields'> | undefined {
  const fields = fieldMessages(error);
  if (fields.size === 0) return undefined;
  return { message: [...fields.values()].flat(), fields: Object.fromEntries(fields) };
}
