import type { IncomingMessage, ServerResponse } from 'node:http';

/** What goes on to the next handler, and with an error to the error handlers. Express's `NextFunction` is one. */
export type Next = (error?: unknown) => void;

/**
 * A handler of requests, made of what Node has: so it fits Express 4 and 5, and whatever else hands on Node's own request
 * and response.
 */
export type RouteHandler<R extends IncomingMessage = IncomingMessage> = (
  request: R,
  response: ServerResponse,
  next: Next,
) => void;

/** A handler of errors; Express knows it by its four parameters. */
export type ErrorHandler = (
  error: unknown,
  request: IncomingMessage,
  response: ServerResponse,
  next: Next,
) => void;

/** The path that a client asked for, as it stands outside of routers and without its query, which may hold what is nobody's business. */
export function pathOf(request: IncomingMessage): string {
  const whole: unknown = Reflect.get(request, 'originalUrl');
  return (typeof whole === 'string' ? whole : (request.url ?? '')).replace(/\?.*/s, '');
}

/** Answers with JSON. */
export function answerJson(
  response: ServerResponse,
  status: number,
  body: object,
  contentType = 'application/json',
): void {
  const text = JSON.stringify(body);
  response.statusCode = status;
  response.setHeader('Content-Type', `${contentType}; charset=utf-8`);
  response.setHeader('Content-Length', Buffer.byteLength(text));
  response.end(text);
}
