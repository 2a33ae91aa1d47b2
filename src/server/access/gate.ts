import type { MiddlewareHandler } from 'hono';
import type { RequestContext, ServerEnvironment, ServerParts } from '../environment.js';
import { untilCurrent } from './current-reads.js';
import { forbidden, rateLimited, storeNotFound } from '../errors.js';
import type { Scope } from '../options.js';
import type { RequestKind } from './rate-limiter.js';
import { assertRoomForAnswer, takeRoomForBody } from './room.js';
import type { Access } from './tokens.js';
import { bearerOf } from './tokens.js';

/** The way to a store, in two steps that most routes make at once. */
export interface Gate {
  /** Lets through who may make a request of this kind, and leaves the admission in the context. */
  (scope: Scope, kind: RequestKind): MiddlewareHandler<ServerEnvironment>;
  /** The first step: token and limit. What the request asks for may be looked at behind it, and no store. */
  known(kind: RequestKind): MiddlewareHandler<ServerEnvironment>;
  /** The second: scope, access to the store, the store. @throws DustError `forbidden`, `store_not_found` */
  enter(c: RequestContext, scope: Scope): void;
}

type GateParts = Pick<
  ServerParts,
  'entrance' | 'limiter' | 'clock' | 'stores' | 'memory' | 'bounds' | 'features'
>;

/** The gate of the routes below `/api/stores/:org/:store`. */
export function storeGate(parts: GateParts): Gate {
  const tellsSeq = parts.features.includes('read-barrier');
  const pass = (c: RequestContext, kind: RequestKind): void => {
    c.set('access', identify(c, parts, kind));
  };
  const makeRoom = (c: RequestContext): void => {
    assertRoomForAnswer(parts);
    takeRoomForBody(c, parts);
  };
  const enter = (c: RequestContext, scope: Scope): void => {
    assertScope(c.var.access, scope);
    const storeName = `${c.req.param('org') ?? ''}/${c.req.param('store') ?? ''}`;
    if (!c.var.access.opens(storeName)) throw forbidden(`The token does not open ${storeName}.`);
    const store = parts.stores.get(storeName);
    if (store === undefined) throw storeNotFound(storeName);
    c.set('storeName', storeName);
    c.set('store', store);
    c.set('tellsSeq', tellsSeq);
  };
  const gate =
    (scope: Scope, kind: RequestKind): MiddlewareHandler<ServerEnvironment> =>
    async (c, next) => {
      pass(c, kind);
      enter(c, scope);
      makeRoom(c);
      if (kind === 'reads' && tellsSeq) await untilCurrent(c, c.var.store);
      await next();
    };
  const known =
    (kind: RequestKind): MiddlewareHandler<ServerEnvironment> =>
    async (c, next) => {
      pass(c, kind);
      makeRoom(c);
      await next();
    };
  return Object.assign(gate, { known, enter });
}

/** Who makes a request of whatever store. @throws DustError `unauthorized`, `rate_limited`, `forbidden` */
export function admit(
  c: RequestContext,
  parts: Pick<ServerParts, 'entrance' | 'limiter' | 'clock'>,
  scope: Scope,
  kind: RequestKind,
): Access {
  const access = identify(c, parts, kind);
  assertScope(access, scope);
  return access;
}

/**
 * Who makes a request. Where requests are limited, the answer says how the token stands; `X-RateLimit-Reset` is in
 * seconds since the Unix epoch.
 *
 * @throws DustError `unauthorized`, `rate_limited`
 */
function identify(
  c: RequestContext,
  { entrance, limiter, clock }: Pick<ServerParts, 'entrance' | 'limiter' | 'clock'>,
  kind: RequestKind,
): Access {
  const { remoteAddress } = c.env.incoming.socket;
  const access = entrance.admit(bearerOf(c.req.header('authorization')), remoteAddress);
  const allowance = limiter.take(access, kind);
  if (allowance === undefined) return access;
  const { outgoing } = c.env;
  // Callers measure the reset against the answer's date, which therefore goes by the same clock.
  outgoing.setHeader('date', new Date(clock.now()).toUTCString());
  outgoing.setHeader('x-ratelimit-limit', String(allowance.limit));
  outgoing.setHeader('x-ratelimit-remaining', String(allowance.remaining));
  outgoing.setHeader('x-ratelimit-reset', String(Math.ceil(allowance.resetsAt / 1000)));
  if (!allowance.allowed) throw rateLimited(kind, Math.ceil(allowance.retryAfter / 1000));
  return access;
}

function assertScope(access: Access, scope: Scope): void {
  if (!access.scopes.has(scope)) throw forbidden(`The token lacks the scope ${scope}.`);
}
