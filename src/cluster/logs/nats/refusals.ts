import type { DustErrorKind } from '../../../errors.js';
import { DustError, messageOf } from '../../../errors.js';
import { logRefused } from '../../log/refusal.js';
import { isCertificateRefused } from '../certificates.js';

/** What stands until somebody changes something, and what that is. */
interface Refusal {
  readonly kind: DustErrorKind;
  readonly detail: string;
  readonly cure: string;
}

const LOGIN: Refusal = {
  kind: 'unauthorized',
  detail: 'login_refused',
  cure: 'Check the user and the password, or the token, in the address.',
};

const RIGHTS: Refusal = {
  kind: 'forbidden',
  detail: 'rights_missing',
  cure: 'Let the user publish to dust_orm.> and $JS.API.STREAM.*.>, and subscribe to dust_orm.> and _INBOX.>.',
};

const TLS: Refusal = {
  kind: 'invalid_options',
  detail: 'tls_refused',
  cure: 'Check whether the address is to begin with nats:// or tls://, the certificate of the server, and the authority that Node knows (NODE_EXTRA_CA_CERTS).',
};

/** By the names of the driver's errors. */
const BY_NAME: ReadonlyMap<string, Refusal> = new Map([
  ['AuthorizationError', LOGIN],
  ['UserAuthenticationExpiredError', LOGIN],
  ['PermissionViolationError', RIGHTS],
]);

/** A server that did not hear of the client in time says so by an error of the same name as one that refuses it. */
const LATE = /authentication timeout/i;

/** What the driver says where one of the two wants TLS. */
const NO_TLS = /does not support 'tls'|'?tls'? is not available|secure connection required/i;

/** What the servers refuse for good, as {@link logRefused} has it; undefined for any other error. */
export function refusalAt(servers: string, error: unknown): DustError | undefined {
  for (const each of causesOf(error)) {
    const refusal = refusalOf(each);
    if (refusal === undefined) continue;
    const { kind, detail, cure } = refusal;
    const message = `NATS at ${servers} refuses this node: ${messageOf(each)}. ${cure}`;
    return logRefused(new DustError(kind, message, { detail, cause: error }));
  }
  return undefined;
}

function refusalOf(error: Error): Refusal | undefined {
  if (isCertificateRefused(error) || NO_TLS.test(error.message)) return TLS;
  return LATE.test(error.message) ? undefined : BY_NAME.get(error.name);
}

/** The error, what caused it, and what caused that. */
function* causesOf(error: unknown): Generator<Error, void, undefined> {
  for (let next = error; next instanceof Error; next = next.cause) yield next;
}
