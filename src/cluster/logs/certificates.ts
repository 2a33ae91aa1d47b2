/** Codes by which Node refuses the certificate of a server. */
const REFUSED =
  /^(CERT_|ERR_TLS_CERT|DEPTH_ZERO_SELF_SIGNED_CERT$|SELF_SIGNED_CERT_IN_CHAIN$|UNABLE_TO_(VERIFY|GET_ISSUER)|HOSTNAME_MISMATCH$)/;

/** Whether an error says that a server's certificate is not accepted. */
export function isCertificateRefused(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    typeof error.code === 'string' &&
    REFUSED.test(error.code)
  );
}
