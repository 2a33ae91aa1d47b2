import type { DustErrorKind } from '../../../errors.js';
import { DustError, isDustError, messageOf } from '../../../errors.js';
import { logRefused, refusalIn } from '../../log/refusal.js';
import { isCertificateRefused } from '../certificates.js';
import { statementFailed } from './errors.js';

/** What stands until somebody changes something, and what that is. */
interface Refusal {
  readonly kind: DustErrorKind;
  readonly detail: string;
  readonly cure: string;
}

const LOGIN: Refusal = {
  kind: 'unauthorized',
  detail: 'login_refused',
  cure: 'Check the user and the password in the address, and pg_hba.conf of the server.',
};

/** The form of an SQLSTATE. */
const STATE = /^[0-9A-Z]{5}$/;

/** By SQLSTATE, or its class. */
const BY_STATE: ReadonlyMap<string, Refusal> = new Map([
  ['28', LOGIN],
  [
    '3D',
    {
      kind: 'invalid_options',
      detail: 'no_such_database',
      cure: 'Check the database in the address, or create it.',
    },
  ],
  [
    '3F',
    { kind: 'invalid_options', detail: 'no_such_schema', cure: 'Somebody removed it: restore the database.' },
  ],
  [
    '42501',
    {
      kind: 'forbidden',
      detail: 'rights_missing',
      cure:
        'Grant the user CREATE on the database, so that it makes the schema dust_orm; or where that is there already, USAGE on it, and SELECT, INSERT, ' +
        'UPDATE and DELETE on its tables.',
    },
  ],
]);

const TLS: Refusal = {
  kind: 'invalid_options',
  detail: 'tls_refused',
  cure: 'Check sslmode in the address, the certificate of the server, and the authority that Node knows (sslrootcert, NODE_EXTRA_CA_CERTS).',
};

/** What the driver says without a code of a server that has no TLS. */
const NO_TLS = 'The server does not support SSL connections';

/** Who was to connect where. */
export interface LoginPlace {
  /** `host:port`. */
  readonly address: string;
  readonly user: string;
}

/** What failed at a server, for those who asked something of it: see {@link asRefusal}; else a request that failed. */
export function failureAt(place: LoginPlace, error: unknown): DustError {
  const seen = asRefusal(place, error);
  return isDustError(seen) ? seen : statementFailed(seen);
}

/** What a server refuses for good, as {@link logRefused} has it; any other error as it is. */
export function asRefusal({ address, user }: LoginPlace, error: unknown): unknown {
  const refusal = isDustError(error) ? undefined : refusalOf(error);
  if (refusal === undefined) return error;
  const { kind, detail, cure } = refusal;
  const message = `PostgreSQL at ${address} refuses the user ${JSON.stringify(user)}: ${messageOf(error)}. ${cure}`;
  return logRefused(new DustError(kind, message, { detail, cause: error }));
}

/**
 * What several servers refuse for good, so that none of them is to be asked again; undefined when one may answer otherwise. Passwords,
 * databases and rights are the same on a standby as on its primary; who may come in from where is each server's own, and an old primary that
 * is fenced refuses all.
 */
export function commonRefusal(failures: readonly unknown[]): DustError | undefined {
  const refused = failures.filter((failure) => refusalIn(failure) !== undefined);
  const [first] = refused;
  if (!isDustError(first)) return undefined;
  if (refused.length === failures.length) return first;
  return refused.find((failure): failure is DustError => isDustError(failure) && !isOfServer(failure));
}

/** Whether another server may know better. */
function isOfServer(failure: DustError): boolean {
  const refusal = refusalIn(failure);
  return refusal?.detail === TLS.detail || codeOf(refusal?.cause) === '28000';
}

function refusalOf(error: unknown): Refusal | undefined {
  if (messageOf(error) === NO_TLS || isCertificateRefused(error)) return TLS;
  const code = codeOf(error) ?? '';
  return STATE.test(code) ? (BY_STATE.get(code) ?? BY_STATE.get(code.slice(0, 2))) : undefined;
}

function codeOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
}
