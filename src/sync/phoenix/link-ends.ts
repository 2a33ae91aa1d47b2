import type { DustError } from '../../errors.js';
import { isDustError } from '../../errors.js';
import type { LinkEnd } from '../connection/link.js';
import type { SocketFault } from './web-socket-transport.js';

/** The server knows the caller and says no, or does not know the caller (PROTOCOL §4). */
const REFUSALS: ReadonlySet<number | undefined> = new Set([401, 403]);

/** Joins that would be refused again; other errors, such as a crash, may pass (PROTOCOL §4). */
const FINAL_REASONS: ReadonlySet<string> = new Set(['unauthorized', 'store_not_allowed', 'missing_scope']);

/** The code that a WebSocket is closed with for a message that is longer than the other side takes (RFC 6455). */
const MESSAGE_TOO_BIG = 1009;

/** Whether the server ended the connection because a message was longer than it takes. */
export function isMessageTooLong(fault: SocketFault): boolean {
  return fault.kind === 'close' && fault.code === MESSAGE_TOO_BIG;
}

/** What a link says when its socket is no more. `proxy` is the name of the one it went through. */
export function endOf(fault: SocketFault, proxy?: string): LinkEnd {
  switch (fault.kind) {
    case 'upgrade':
      if (fault.isOfProxy) {
        const reason = `${proxy ?? 'a proxy'} answered ${fault.status} instead of opening the way to the server`;
        return { ...lost(reason), detail: 'proxy' };
      }
      return REFUSALS.has(fault.status)
        ? { kind: 'refused', reason: 'upgrade_refused', status: fault.status }
        : lost(`the server answered ${fault.status} instead of opening a socket`);
    case 'error':
      return failed(fault.error, proxy);
    case 'close':
      return lost(`the connection was closed (code ${fault.code})`);
    case 'heartbeat':
      return lost('the server did not answer a heartbeat');
  }
}

/** What a link says when its join was answered with an error. */
export function joinRefused(reason: string): LinkEnd {
  return FINAL_REASONS.has(reason) ? { kind: 'refused', reason } : lost(`the join failed (${reason})`);
}

/** What a link says when the server ended the channel: it crashed (`phx_error`) or was closed (`phx_close`). */
export function channelEnded(event: string): LinkEnd {
  const end = lost(`the server ended the channel (${event})`);
  return event === 'phx_error' ? { ...end, isCrash: true } : end;
}

/** What a link says when it received what is no message, or no answer to what it asked. */
export function unreadable(error: unknown): LinkEnd {
  return lost(error instanceof Error ? error.message : 'the server sent what is no message');
}

/** What a link says when it could not even begin; the error's text is not shown, it may hold the url. */
export function connectFailed(error: unknown): LinkEnd {
  if (isDustError(error)) return undialled(error);
  return lost(`no connection could be begun (${error instanceof Error ? nameOf(error) : 'unknown'})`);
}

/** Faults of connecting: where there is a proxy, that is all that this side connects to. */
const UNREACHED = /^(ECONNREFUSED|ENOTFOUND|EAI_|EHOST|ENET)/;

function failed(error: Error, proxy: string | undefined): LinkEnd {
  // What was to open the connection has said why there is none.
  if (isDustError(error)) return undialled(error);
  const end = lost(`the connection failed (${nameOf(error)})${throughProxy(proxy)}${tlsHint(error)}`);
  return proxy !== undefined && UNREACHED.test(nameOf(error)) ? { ...end, detail: 'proxy' } : end;
}

/** What could not be opened, for now or, where its medium is gone, for good. */
function undialled(error: DustError): LinkEnd {
  const { message: reason } = error;
  return error.kind === 'storage' && error.detail === 'gone'
    ? { kind: 'refused', reason, error }
    : lost(reason);
}

function throughProxy(proxy: string | undefined): string {
  return proxy === undefined ? '' : ` on its way through ${proxy}`;
}

/** What a scheme that does not fit the port looks like from here. */
function tlsHint(error: Error): string {
  if (!/^(ERR_SSL_|EPROTO)/.test(nameOf(error))) return '';
  return '; check that the port speaks TLS: a socket without it is written ws://, and its server http://';
}

function lost(reason: string): Extract<LinkEnd, { kind: 'lost' }> {
  return { kind: 'lost', reason };
}

/** The code of an error; its text could show where the socket leads, and the token with it. */
function nameOf(error: Error): string {
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error.message === 'Opening handshake has timed out' ? 'ETIMEDOUT' : error.name;
}
