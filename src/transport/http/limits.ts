import type { Bound } from '../../protocol/requests/budget.js';
import type { HttpTransportOptions, RequestLimits, TimeoutOptions } from './options.js';

const MEBIBYTE = 2 ** 20;

/** How long everything may take, in milliseconds. */
export type Timeouts = { readonly [Name in keyof TimeoutOptions]-?: number };
/** How much may be kept and read at once. */
export type ResolvedRequests = { readonly [Name in keyof RequestLimits]-?: number };

/** The times of the options, with their defaults filled in. */
export function resolveTimeouts({ timeout = {} }: Pick<HttpTransportOptions, 'timeout'>): Timeouts {
  return {
    connect: timeout.connect ?? 10_000,
    response: timeout.response ?? 30_000,
    idle: timeout.idle ?? 4000,
    close: timeout.close ?? 5000,
  };
}

/** The bounds of the options, with their defaults filled in. */
export function resolveRequests({ requests = {} }: Pick<HttpTransportOptions, 'requests'>): ResolvedRequests {
  return {
    waiting: requests.waiting ?? 100_000,
    waitingBytes: requests.waitingBytes ?? 256 * MEBIBYTE,
    connections: requests.connections ?? 64,
    answerBytes: requests.answerBytes ?? 64 * MEBIBYTE,
    fileBytes: requests.fileBytes ?? 1024 * MEBIBYTE,
  };
}

/** What may wait for the server. */
export function boundOf({ waiting, waitingBytes }: ResolvedRequests): Bound {
  return { count: waiting, bytes: waitingBytes };
}
