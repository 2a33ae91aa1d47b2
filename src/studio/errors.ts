import type { DustErrorKind } from '../errors.js';
import { isDustError, messageOf } from '../errors.js';

/** Why the studio does not do what its page asked for: what the page shows, and the status of the answer. */
export class StudioRefusal extends Error {
  readonly status: number;
  readonly kind: string;

  constructor(status: number, kind: string, message: string) {
    super(message);
    this.name = 'StudioRefusal';
    this.status = status;
    this.kind = kind;
  }
}

/** What was asked cannot be understood. */
export function badRequest(message: string): StudioRefusal {
  return new StudioRefusal(400, 'invalid_params', message);
}

/** What was asked for is not there. */
export function notFound(message: string): StudioRefusal {
  return new StudioRefusal(404, 'not_found', message);
}

/** The studio was begun without `--write`. */
export function readOnly(): StudioRefusal {
  return new StudioRefusal(
    403,
    'forbidden',
    'This studio only reads. Begin it with --write to change anything.',
  );
}

/** The store, or the way to it, cannot do it. */
export function notOffered(message: string): StudioRefusal {
  return new StudioRefusal(501, 'not_supported', message);
}

const STATUS: Partial<Record<DustErrorKind, number>> = {
  aborted: 499,
  conflict: 409,
  exists: 409,
  forbidden: 403,
  unauthorized: 403,
  not_supported: 501,
  not_implemented: 501,
  invalid_criteria: 400,
  invalid_options: 400,
  invalid_params: 400,
  invalid_value: 400,
  invalid_record: 409,
  validation: 400,
  not_found: 404,
  nothing_to_write: 400,
  rate_limited: 429,
  network: 502,
  http: 502,
  timeout: 504,
};

/** How the page is told of whatever was thrown; of what is no error of ours it learns nothing. */
export function refusalOf(error: unknown): StudioRefusal {
  if (error instanceof StudioRefusal) return error;
  if (!isDustError(error)) {
    return new StudioRefusal(500, 'internal', 'The studio failed; its terminal says how.');
  }
  return new StudioRefusal(STATUS[error.kind] ?? 500, error.kind, messageOf(error));
}
