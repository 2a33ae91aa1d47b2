import { inspect } from 'node:util';
import type { DustError } from '../../errors.js';
import { isDustError } from '../../errors.js';
import { FAILURE, answerJson, answerPage } from './answers.js';
import { ImitatedFailure } from '../imitation/errors.js';
import type { RequestContext, ServerParts } from '../environment.js';

/** The details of refused parameters that have an error of their own; all others are `invalid_params` (PROTOCOL §3). */
const NAMED: ReadonlySet<string> = new Set([
  'conflicting_params',
  'unsupported_select',
  'invalid_pattern_for_prefixes',
  'if_match_multi_leaf',
  'if_absent_multi_leaf',
  'too_many_leaves',
  'merge_requires_map_value',
  'increment_requires_number_value',
  'increment_requires_number_leaf',
  'increment_out_of_range',
  'add_requires_value',
  'remove_requires_value',
  'if_match_unsupported_op',
  'if_absent_unsupported_op',
  'invalid_revision',
]);

/** What hears of an error, and who is told of it. */
type Audience = Pick<ServerParts, 'logger' | 'tellsStorageFaults'>;

/** The answer to a request that failed; what was not foreseen is logged, and its answer tells nothing. */
export function answerError(error: unknown, c: RequestContext, audience: Audience): Response {
  if (error instanceof ImitatedFailure) return answerFailure(c);
  const answer = isDustError(error) ? answerRefusal(error, c, audience) : undefined;
  if (answer !== undefined) return answer;
  audience.logger.error(`${c.req.method} ${c.req.path} failed: ${inspect(error)}`);
  return answerFailure(c);
}

/** The same whatever a request accepts (PROTOCOL §8). */
function answerFailure(c: RequestContext): Response {
  return answerJson(c, FAILURE, 500);
}

function answerRefusal(error: DustError, c: RequestContext, audience: Audience): Response | undefined {
  switch (error.kind) {
    case 'conflict':
    case 'exists':
      if (error.duplicate !== undefined) return answerDuplicate(error, c);
      return answerJson(
        c,
        { error: error.kind, current_revision: error.currentRevision ?? null, ...operationOf(error) },
        412,
      );
    case 'invalid_params':
    case 'invalid_value':
      return answerInvalid(error, c);
    case 'unauthorized':
      return answerJson(c, { error: 'unauthorized' }, 401);
    case 'forbidden':
      return answerJson(c, { error: 'forbidden' }, 403);
    case 'store_not_found':
      return answerJson(c, { error: 'not_found' }, 404);
    case 'rate_limited':
      return answerJson(c, { error: 'rate_limited' }, 429, { 'retry-after': String(error.retryAfter ?? 1) });
    case 'timeout':
    case 'indeterminate':
      return answerUnanswered(error, c);
    case 'storage':
    case 'closed':
      return answerUnusable(error, c, audience);
    case 'http':
      return answerBounded(error, c);
    default:
      return undefined;
  }
}

/** Which record has which values (PROTOCOL §3, `unique-indexes`). */
function answerDuplicate({ opIndex, path, duplicate }: DustError, c: RequestContext): Response {
  const position = opIndex === undefined ? {} : { op_index: opIndex };
  return answerJson(c, { error: 'exists', ...position, path, duplicate }, 412);
}

function answerInvalid(error: DustError, c: RequestContext): Response {
  const { detail = '', message } = error;
  if (!NAMED.has(detail)) return answerJson(c, { error: 'invalid_params', detail: message }, 400);
  return answerJson(c, { error: detail, detail: message, ...operationOf(error) }, 400);
}

/** A store that cannot be used: why, as health tells it. The message, which names a folder, goes to the log, and to those who share that folder. */
function answerUnusable(
  { kind, detail, message }: DustError,
  c: RequestContext,
  { logger, tellsStorageFaults }: Audience,
): Response {
  logger.error(`${c.req.method} ${c.req.path} failed: ${message}`);
  return answerJson(c, { error: kind, detail, ...(tellsStorageFaults && { message }) }, 503);
}

/** What became of a request is not known, or it was not waited for any longer: a node of a cluster whose log does not answer. */
function answerUnanswered({ kind, detail = kind, message }: DustError, c: RequestContext): Response {
  return answerJson(c, { error: detail, detail: message }, 503, { 'retry-after': '1' });
}

function answerBounded(error: DustError, c: RequestContext): Response | undefined {
  const { detail, message } = error;
  switch (error.status) {
    case 400:
      return answerPage(c, 'Bad Request', 400);
    case 413:
      return answerJson(c, { error: detail, detail: message }, 413);
    case 414:
      return answerJson(c, { error: detail, detail: message }, 414);
    case 415:
      return answerJson(c, { error: detail, detail: message }, 415);
    case 503:
      return answerJson(c, { error: detail, detail: message }, 503, {
        'retry-after': String(error.retryAfter ?? 1),
      });
    default:
      return undefined;
  }
}

/** In a batch: which operation was refused. */
function operationOf({ opIndex, path }: DustError): object {
  return opIndex === undefined ? {} : { op_index: opIndex, path };
}
