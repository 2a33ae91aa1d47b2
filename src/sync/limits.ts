import type { Bound } from '../protocol/budget.js';
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

const DEFAULTS: ResolvedLimits = {
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
    inFlight: limits.inFlight ?? DEFAULTS.inFlight,
    inFlightBytes: limits.inFlightBytes ?? DEFAULTS.inFlightBytes,
    outbox: limits.outbox ?? DEFAULTS.outbox,
    outboxBytes: limits.outboxBytes ?? DEFAULTS.outboxBytes,
    inbox: limits.inbox ?? DEFAULTS.inbox,
    inboxBytes: limits.inboxBytes ?? DEFAULTS.inboxBytes,
    reorderBuffer: limits.reorderBuffer ?? DEFAULTS.reorderBuffer,
    reorderBytes: limits.reorderBytes ?? DEFAULTS.reorderBytes,
    applyBuffer: limits.applyBuffer ?? DEFAULTS.applyBuffer,
    applyBytes: limits.applyBytes ?? DEFAULTS.applyBytes,
    gapTimeout: limits.gapTimeout ?? DEFAULTS.gapTimeout,
    writeTimeout: limits.writeTimeout ?? DEFAULTS.writeTimeout,
    idleTimeout: limits.idleTimeout ?? DEFAULTS.idleTimeout,
    pushTimeout: limits.pushTimeout ?? DEFAULTS.pushTimeout,
    stablePeriod: limits.stablePeriod ?? DEFAULTS.stablePeriod,
    backoff: limits.backoff ?? DEFAULTS.backoff,
    sessionTtl: limits.sessionTtl ?? DEFAULTS.sessionTtl,
  };
}

/** What a connection keeps until the answer to its join is dealt with. */
export function inboxOf({ inbox, inboxBytes }: Pick<ResolvedLimits, 'inbox' | 'inboxBytes'>): Bound {
  return { count: inbox, bytes: inboxBytes };
}
