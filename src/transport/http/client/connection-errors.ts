import type { DustError } from '../../../errors.js';
import type { Proxy } from '../../proxy/index.js';
import { proxyName } from '../../proxy/index.js';
import type { Subject } from './subject.js';
import { notCarriedOut } from '../../not-carried-out.js';
import { failure, unknownOutcome } from './subject.js';

/** Why a connection failed, in stable words. */
export type ConnectionFault =
  'connection_refused' | 'unreachable' | 'dns' | 'tls' | 'connection_lost' | 'protocol';

/** What a socket or a parser reported: a code such as `ECONNREFUSED`, and its words. */
export interface ConnectionReport {
  readonly code: string;
  readonly message: string;
}

const FAULTS: ReadonlyMap<string, ConnectionFault> = new Map([
  ['ECONNREFUSED', 'connection_refused'],
  ['ENOTFOUND', 'dns'],
  ['EAI_AGAIN', 'dns'],
  ['EAI_FAIL', 'dns'],
  ['EAI_NODATA', 'dns'],
  ['EAI_NONAME', 'dns'],
  ['EHOSTUNREACH', 'unreachable'],
  ['ENETUNREACH', 'unreachable'],
  ['EHOSTDOWN', 'unreachable'],
  ['ENETDOWN', 'unreachable'],
  ['EADDRNOTAVAIL', 'unreachable'],
  ['EACCES', 'unreachable'],
  ['EPROTO', 'tls'],
]);

/** Certificates and handshakes, as OpenSSL and Node name their faults. */
const TLS =
  /^(ERR_SSL_|ERR_TLS_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|CRL_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE)/;
const PROTOCOL = /^(HPE_|Z_|ERR_HTTP_)/;

/** The fault that a code stands for; what is not known is a lost connection. */
export function faultOf(code: string): ConnectionFault {
  const known = FAULTS.get(code);
  if (known !== undefined) return known;
  if (TLS.test(code)) return 'tls';
  return PROTOCOL.test(code) ? 'protocol' : 'connection_lost';
}

/**
 * A connection that did not come to stand, or broke. `established` says whether anything may have been sent: until then
 * the request was certainly not carried out.
 */
export function connectionFailed(
  subject: Subject,
  report: ConnectionReport,
  established: boolean,
): DustError {
  const fault = faultOf(report.code);
  const { proxy } = subject;
  if (proxy !== undefined && !established && (fault !== 'tls' || isOfProxyAlone(subject, proxy))) {
    return proxyFailed(subject, proxy, report);
  }
  const details = { detail: fault, cause: causeOf(subject, report) };
  const text = `${TEXTS[fault](report)}${hintOf(subject, fault, established)}`;
  return established
    ? unknownOutcome(subject, 'network', text, details)
    : notCarriedOut(failure(subject, 'network', text, { ...details, retryable: fault !== 'tls' }));
}

/** Whether TLS is spoken with the proxy and not with the server. */
function isOfProxyAlone({ origin }: Subject, { url }: Proxy): boolean {
  return url.protocol === 'https:' && origin.startsWith('http:');
}

/** A proxy that cannot be reached, or broke before it had opened the way. Nothing was sent to the server. */
function proxyFailed(subject: Subject, proxy: Proxy, report: ConnectionReport): DustError {
  const isTls = faultOf(report.code) === 'tls';
  const reason = isTls
    ? `${report.code}: TLS was not agreed on; a proxy that does not speak it is written http://`
    : report.code;
  return notCarriedOut(
    failure(
      subject,
      'network',
      `${nameOf(proxy)} cannot be used (${reason}), so nothing was sent. ${PROXY_CURE}`,
      { detail: 'proxy', cause: causeOf(subject, report), retryable: !isTls },
    ),
  );
}

/** A proxy that answered and did not open the way to the server. Nothing was sent to that. */
export function refusedByProxy(subject: Subject, status: number): DustError {
  const cure =
    status === 407
      ? 'It wants a user name and a password: write them in the url of the variable.'
      : PROXY_CURE;
  return notCarriedOut(
    failure(
      subject,
      'network',
      `${nameOf(subject.proxy)} did not open the way to the server (${status}), so nothing was sent. ${cure}`,
      { detail: 'proxy', status, retryable: status >= 500 },
    ),
  );
}

/** What is added where a proxy may have answered in the place of the server. */
export function askedThrough({ proxy }: Subject): string {
  return proxy === undefined
    ? ''
    : ` The request went through ${nameOf(proxy)}, which may have answered itself.`;
}

const PROXY_CURE = 'Correct or unset the variable, or name the host of the server in NO_PROXY.';

function nameOf(proxy: Proxy | undefined): string {
  return proxy === undefined ? 'a proxy' : proxyName(proxy);
}

/** What a scheme that does not fit the port looks like from here. */
function hintOf({ origin, proxy }: Subject, fault: ConnectionFault, established: boolean): string {
  if (fault === 'tls' && proxy?.url.protocol === 'https:') {
    return ` It may also have been ${nameOf(proxy)}: one that does not speak TLS is written http:// there.`;
  }
  if (fault === 'connection_lost' && !established && origin.startsWith('https:')) {
    return ' It broke before TLS was agreed on: check that the port speaks HTTPS; a server without it is written http://.';
  }
  const isUnheard = fault === 'protocol' || (fault === 'connection_lost' && established);
  if (isUnheard && origin.startsWith('http:')) return ' A server with TLS is written https://.';
  return '';
}

/** No token from the function within the time that `timeout.connect` allows. Nothing was sent. */
export function tokenTimedOut(subject: Subject, ms: number): DustError {
  return notCarriedOut(
    failure(
      subject,
      'timeout',
      `the function given as the option token gave none within ${ms} ms, so nothing was sent. The option timeout.connect allows more.`,
      { detail: 'connect', retryable: true },
    ),
  );
}

/** No connection within the time that `timeout.connect` allows, TLS included. Nothing was sent. */
export function connectTimedOut(subject: Subject, ms: number): DustError {
  return notCarriedOut(
    failure(
      subject,
      'timeout',
      `no connection within ${ms} ms${subject.proxy === undefined ? '' : ` through ${nameOf(subject.proxy)}`}, so nothing was sent. Check url, network and firewall; the option timeout.connect allows more.`,
      { detail: 'connect', retryable: true },
    ),
  );
}

/** No whole answer within the time that `timeout.response` allows. */
export function responseTimedOut(subject: Subject, ms: number): DustError {
  return unknownOutcome(
    subject,
    'timeout',
    `no complete answer within ${ms} ms. The option timeout.response allows more.`,
    { detail: subject.effect === 'once' ? 'timeout' : 'response' },
  );
}

const TEXTS: Readonly<Record<ConnectionFault, (report: ConnectionReport) => string>> = {
  connection_refused: () =>
    'nothing listens there (connection refused). Check host and port, and that the server runs.',
  unreachable: ({ code }) => `the host cannot be reached (${code}). Check the network and the firewall.`,
  dns: ({ code }) => `the host name cannot be resolved (${code}). Check its spelling and the name server.`,
  tls: describeTls,
  connection_lost: ({ code }) =>
    `the connection broke before the answer was complete (${code}). Try again; if it stays so, look for a proxy or a limit in between.`,
  protocol: ({ code }) =>
    `the answer is not valid HTTP (${code}). Check that the url leads to a Dust server and its port speaks HTTP.`,
};

function describeTls({ code }: ConnectionReport): string {
  if (code.startsWith('ERR_SSL_') || code === 'EPROTO') {
    return `the TLS handshake failed (${code}). Check that the port speaks HTTPS; a server without it is written http://.`;
  }
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') {
    const fault = code === 'CERT_HAS_EXPIRED' ? 'has expired' : 'is not valid yet';
    return `the server's certificate ${fault} (${code}). Renew it, and check this machine's clock. ${TRUST}`;
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID' || code === 'HOSTNAME_MISMATCH') {
    return `the server's certificate is made for other host names (${code}). Write a url with one of them. ${TRUST}`;
  }
  if (code.includes('SELF_SIGNED')) {
    return `the server's certificate is self-signed and not trusted (${code}). ${TRUST}`;
  }
  return `the server's certificate is not trusted (${code}). ${TRUST}`;
}

const TRUST =
  'A private certificate authority is trusted when NODE_EXTRA_CA_CERTS names the file with its certificate.';

/** A small error of its own: the one it stands for holds the request's headers, and with them the token. */
function causeOf({ scrub }: Subject, { code, message }: ConnectionReport): Error {
  return Object.assign(new Error(scrub(message)), { code });
}
