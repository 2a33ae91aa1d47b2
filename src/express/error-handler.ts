import { STATUS_CODES } from 'node:http';
import type { Logger } from '../logging.js';
import { consoleLogger } from '../logging.js';
import type { OptionNames } from '../options/index.js';
import { checkOptionNames, checkOptionValues, oneOf } from '../options/index.js';
import { tellsOfValues } from '../web/index.js';
import type { ErrorAnswer } from './error-answer.js';
import { answerTo, answerToOther, isOfThisPackage, reasonOf } from './error-answer.js';
import type { ErrorHandler } from './handlers.js';
import { answerJson, pathOf } from './handlers.js';
import { LOGGER } from './option-kinds.js';
import { forgetBody, setHeaders } from './response-headers.js';

/** What {@link dustErrorHandler} may be told. */
export interface DustErrorHandlerOptions {
  /**
   * `json`: `{ statusCode, error, message, kind, fields }`, as the filter for NestJS answers. `problem`: `application/problem+json`
   * of RFC 9457, with `kind` and `fields` beside `title`, `status` and `detail`. Default `json`.
   */
  readonly format?: 'json' | 'problem';
  /**
   * What becomes of errors that are not of this package. `pass`: the next error handler has them. `answer`: one with a `status` from 400
   * to 599 has that and its `headers`, as Express has it; with `expose: true`, as those of `http-errors` and of Express's own parsers, also its message,
   * and its `kind` and `fields` if it has some; all others are 500. Default `pass`.
   */
  readonly others?: 'pass' | 'answer';
  /** Hears of what is answered 500 and above, with the reason. Default: standard error. */
  readonly logger?: Logger;
}

const OPTIONS: OptionNames<DustErrorHandlerOptions> = { format: true, others: true, logger: true };

/**
 * Answers errors of this package as HTTP has them: validation 400 with the messages of all fields, a value that cannot be stored and a
 * change of nothing 400, not found 404, conflict, exists and held 409, a conflict under the request's `If-Match` and an existing record under its
 * `If-None-Match` 412, rate limited 429 with `Retry-After` where the server said, what the store cannot do 501, no way to the store 503, a
 * write of which nobody knows whether it was done 504; all others 500. Messages are written for clients: none holds a value, a host or a token.
 *
 * What the answer that failed has said of its body and of caches is taken back.
 *
 * Put it behind all routes. An answer that has begun is left to Express, which cuts the connection.
 *
 * @example
 * app.use(dustErrorHandler({ format: 'problem' }));
 *
 * @throws DustError `invalid_options` for an option that is unknown or has another value. The handler never throws
 */
export function dustErrorHandler(options: DustErrorHandlerOptions = {}): ErrorHandler {
  checkOptionNames('dustErrorHandler', options, OPTIONS);
  checkOptionValues('dustErrorHandler', options, {
    format: oneOf('json', 'problem'),
    others: oneOf('pass', 'answer'),
    logger: LOGGER,
  });
  const { format = 'json', others = 'pass', logger = consoleLogger } = options;
  // Express counts the parameters.
  return (error, request, response, next) => {
    const isOurs = isOfThisPackage(error);
    if (!isOurs && others === 'pass') {
      next(error);
      return;
    }
    const answer = isOurs ? answerTo(error, request) : answerToOther(error);
    const where = `${request.method ?? ''} ${pathOf(request)}`;
    const reason = reasonOf(error);
    if (answer.status >= 500) logger.error(`${where}: ${reason}`);
    // The client's value, or one that the service has worked out wrongly: only the message tells. So it is with a status from elsewhere.
    else if (isOurs ? tellsOfValues(error) : answer.isUnexplained === true) {
      logger.warn(`${where}: ${reason}`);
    }
    if (response.headersSent) {
      next(error);
      return;
    }
    const { retryAfter, status, headers } = answer;
    forgetBody(response);
    if (headers !== undefined) setHeaders(response, headers);
    if (retryAfter !== undefined) response.setHeader('Retry-After', String(Math.ceil(retryAfter)));
    if (format === 'json') answerJson(response, status, asJson(answer));
    else answerJson(response, status, asProblem(answer), 'application/problem+json');
  };
}

function asJson({ status, message, kind, fields }: ErrorAnswer): object {
  return { statusCode: status, error: STATUS_CODES[status], message, kind, fields };
}

function asProblem({ status, message, kind, fields }: ErrorAnswer): object {
  const detail = typeof message === 'string' ? message : message.join('; ');
  return { title: STATUS_CODES[status], status, detail, kind, fields };
}
