import { DustError } from '../../errors.js';
import type { LinkEnd } from '../connection/link.js';

/** A join that did not happen, because its link ended first. */
export function joinFailed(end: LinkEnd): DustError {
  const { kind, reason } = end;
  if (end.kind === 'refused' && end.error !== undefined) return end.error;
  return kind === 'lost'
    ? new DustError('network', `The store was not joined: ${reason}.`, { detail: 'link_lost' })
    : new DustError(
        'unauthorized',
        `The server refused the channel (${reason}). Check the token, what it may do, and the name of the store.`,
        { detail: reason },
      );
}

/** A token that a function has not given in time. */
export function notPrepared(ms: number): DustError {
  return new DustError('timeout', `the function given as the option token gave none within ${ms} ms`, {
    detail: 'token_function',
  });
}

/** A link used in a way that its owner must not: a second join, or a push before there was one. */
export function misused(what: string): DustError {
  return new DustError('not_initialized', `A link ${what}. Open a new one for every connection.`);
}
