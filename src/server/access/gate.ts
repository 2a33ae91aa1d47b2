import type { MiddlewareHandler } from 'hono';
import type { RequestContext, ServerEnvironment, ServerParts } from '../environment.js';
import { forbidden, rateLimited, storeNotFound } from '../errors.js';
import type { Scope } from '../options.js';
import type { RequestKind } from './rate-limiter.js';
import { assertRoomForAnswer, takeRoomForBody } from './room.js';
import type { Access } from './tokens.js';
import { bearerOf } from './tokens.js';

/** Lets through who may make a request of this kind, and leaves the admission in the context. */
export type Gate = (scope: Scope, kind: RequestKind) => MiddlewareHandler<ServerEnvironment>;

/** The gate of the routes below `/api/stores/:org/:store`: token, limit, scope, access to the store, the store. */
export function storeGate(parts: ServerParts): Gate {
  return (scope, kind) => async (c, next) => {
    const access = admit(c, parts, scope, kind);
    const storeName = `${c.req.param('org') ?? ''}/${c.req.param('store') ?? ''}`;
    if (!access.opens(storeName)) throw forbidden(`The token does not open ${storeName}.`);
    const store = parts.stores.get(storeName);
    if (store === undefined) throw storeNotFound(storeName);
    assertRoomForAnswer(parts);
    takeRoomForBody(c, parts);
    c.set('access', access);
    c.set('storeName', storeName);
    c.set('store', store);
    await next();
  };
}

/**
 * Who makes a request. Where requests are limited, the answer says how the token stands; `X-RateLimit-Reset` is in
 * seconds since the Unix epoch.
 *
 * @throws DustError `unauthorized`, `rate_limited`, `forbidden`
 */
export function admit(
  c: RequestContext,
  { entrance, limiter, clock }: Pick<ServerParts, 'entrance' | 'limiter' | 'clock'>,
  scope: Scope,
  kind: RequestKind,
): Access {
  const { remoteAddress } = c.env.incoming.socket;
  const access = entrance.admit(bearerOf(c.req.header('authorization')), remoteAddress);
  const allowance = limiter.take(access, kind);
  if (allowance !== undefined) {
    const { outgoing } = c.env;
    // Callers measure the reset against the answer's date, which therefore goes by the same clock.
    outgoing.setHeader('date', new Date(clock.now()).toUTCString());
    outgoing.setHeader('x-ratelimit-limit', String(allowance.limit));
    outgoing.setHeader('x-ratelimit-remaining', String(allowance.remaining));
    outgoing.setHeader('x-ratelimit-reset', String(Math.ceil(allowance.resetsAt / 1000)));
    if (!allowance.allowed) throw rateLimited(kind, Math.ceil(allowance.retryAfter / 1000));
  }
  if (!access.scopes.has(scope)) throw forbidden(`The token lacks the scope ${scope}.`);
  return access;
}
