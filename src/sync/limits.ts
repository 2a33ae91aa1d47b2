import type { Bound } from '../protocol/requests/budget.js';
import type { SyncLimits } from './options.js';

/** {@link SyncLimits} with every default filled in. */
export interface ResolvedLimits {
  readonly inFlight: number;
  readonly inFlightBytes: number;
  readonly outbox: number;
  readonly outboxBytes: number;
  readonly inbox: number;
  readonly inboxBytes: number;
  readonly reorderBuffer: number;
  readonly reorderBytes: number;
  readonly applyBuffer: number;
  readonly applyBytes: number;
  readonly gapTimeout: number;
  readonly writeTimeout: number;
  readonly idleTimeout: number;
  readonly pushTimeout: number;
  readonly stablePeriod: number;
  readonly backoff: { readonly base: number; readonly max: number };
  readonly sessionTtl: number;
}

const MEBIBYTE = 1024 * 1024;

/** What holds for what was left out. */
export const DEFAULT_LIMITS: ResolvedLimits = {
  inFlight: 64,
  inFlightBytes: 16 * MEBIBYTE,
  outbox: 10_000,
  outboxBytes: 256 * MEBIBYTE,
  inbox: 10_000,
  inboxBytes: 16 * MEBIBYTE,
  reorderBuffer: 10_000,
  reorderBytes: 64 * MEBIBYTE,
  applyBuffer: 100_000,
  applyBytes: 64 * MEBIBYTE,
  gapTimeout: 1000,
  writeTimeout: 60_000,
  idleTimeout: 30_000,
  pushTimeout: 15_000,
  stablePeriod: 10_000,
  backoff: { base: 250, max: 30_000 },
  sessionTtl: 120_000,
};

/** What bounds an engine, with the defaults for what was left out or is undefined. */
export function resolveLimits(limits: SyncLimits = {}): ResolvedLimits {
  return {
    inFlight: limits.inFlight ?? DEFAULT_LIMITS.inFlight,
    inFlightBytes: limits.inFlightBytes ?? DEFAULT_LIMITS.inFlightBytes,
    outbox: limits.outbox ?? DEFAULT_LIMITS.outbox,
    outboxBytes: limits.outboxBytes ?? DEFAULT_LIMITS.outboxBytes,
    inbox: limits.inbox ?? DEFAULT_LIMITS.inbox,
    inboxBytes: limits.inboxBytes ?? DEFAULT_LIMITS.inboxBytes,
    reorderBuffer: limits.reorderBuffer ?? DEFAULT_LIMITS.reorderBuffer,
    reorderBytes: limits.reorderBytes ?? DEFAULT_LIMITS.reorderBytes,
    applyBuffer: limits.applyBuffer ?? DEFAULT_LIMITS.applyBuffer,
    applyBytes: limits.applyBytes ?? DEFAULT_LIMITS.applyBytes,
    gapTimeout: limits.gapTimeout ?? DEFAULT_LIMITS.gapTimeout,
    writeTimeout: limits.writeTimeout ?? DEFAULT_LIMITS.writeTimeout,
    idleTimeout: limits.idleTimeout ?? DEFAULT_LIMITS.idleTimeout,
    pushTimeout: limits.pushTimeout ?? DEFAULT_LIMITS.pushTimeout,
    stablePeriod: limits.stablePeriod ?? DEFAULT_LIMITS.stablePeriod,
    backoff: limits.backoff ?? DEFAULT_LIMITS.backoff,
    sessionTtl: limits.sessionTtl ?? DEFAULT_LIMITS.sessionTtl,
  };
}

/** What a connection keeps until the answer to its join is dealt with. */
export function inboxOf({ inbox, inboxBytes }: Pick<ResolvedLimits, 'inbox' | 'inboxBytes'>): Bound {
  return { count: inbox, bytes: inboxBytes };
}

/** What may wait to be applied. */
export function applyBoundOf({
  applyBuffer,
  applyBytes,
}: Pick<ResolvedLimits, 'applyBuffer' | 'applyBytes'>): Bound {
  return { count: applyBuffer, bytes: applyBytes };
}
