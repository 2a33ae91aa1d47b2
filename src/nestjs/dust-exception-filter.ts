import { STATUS_CODES } from 'node:http';
import type { ArgumentsHost, HttpServer } from '@nestjs/common';
import { Catch, HttpException, Logger } from '@nestjs/common';
import { BaseExceptionFilter } from '@nestjs/core';
import type { Observable } from 'rxjs';
import { throwError } from 'rxjs';
import { DustError, isDustError } from '../errors.js';
import type { HttpAnswer } from '../web/index.js';
import { httpAnswer, tellsOfValues } from '../web/index.js';
import { filterWithoutAdapter } from './errors.js';

/** What the filter is asked for: the errors that have an answer, from whichever loaded copy of this package. */
class AnswerableError extends DustError {
  static override [Symbol.hasInstance](error: unknown): boolean {
    return isDustError(error) && httpAnswer(error) !== undefined;
  }
}

/**
 * Answers errors of this package as HTTP has them: validation 400 with the messages of all fields, a value that cannot be
 * stored and a change of nothing 400, not found 404, conflict,
 * exists and held 409, rate limited 429 with `Retry-After` where the server said, what the store cannot do 501, no way to the store 503, a write of
 * which nobody knows whether it was done 504. All others never
 * come here: other filters see them, and Nest answers 500.
 *
 * Optional: provide it as `APP_FILTER`, or pass it to `useGlobalFilters` with the application's HTTP adapter.
 *
 * @example
 * providers: [{ provide: APP_FILTER, useClass: DustExceptionFilter }]
 */
@Catch(AnswerableError)
export class DustExceptionFilter extends BaseExceptionFilter {
  readonly #logger = new Logger('DustOrm');

  /**
   * @returns outside of HTTP, for microservices: an Observable that errors with the exception
   * @throws the exception itself outside of HTTP, elsewhere; DustError `invalid_options` without an HTTP adapter
   */
  override catch(exception: DustError, host: ArgumentsHost): Observable<never> | undefined {
    const answer = httpAnswer(exception);
    const type = host.getType();
    if (type === 'rpc') return throwError(() => exception);
    if (type !== 'http' || answer === undefined) throw exception;
    const adapter = this.#adapter;
    const reason = `${exception.kind}: ${exception.message}`;
    if (answer.status >= 500) this.#logger.error(reason);
    // The client's value, or one that the service has worked out wrongly: only the message tells.
    if (tellsOfValues(exception)) this.#logger.warn(reason);
    const { retryAfter } = answer;
    const response: unknown = host.switchToHttp().getResponse();
    if (retryAfter !== undefined && !adapter.isHeadersSent(response)) {
      adapter.setHeader(response, 'Retry-After', String(Math.ceil(retryAfter)));
    }
    super.catch(toHttpException(exception, answer), host);
    return undefined;
  }

  get #adapter(): HttpServer {
    const adapter = this.applicationRef ?? this.httpAdapterHost?.httpAdapter;
    if (adapter === undefined) throw filterWithoutAdapter();
    return adapter;
  }
}

/** The body is in Nest's own form, with the error's kind, and the fields of a validation. */
function toHttpException(cause: DustError, { status, message, fields }: HttpAnswer): HttpException {
  const body = {
    statusCode: status,
    error: STATUS_CODES[status],
    message,
    kind: cause.kind,
    ...(fields === undefined ? {} : { fields }),
  };
  return new HttpException(body, status, { cause });
}
