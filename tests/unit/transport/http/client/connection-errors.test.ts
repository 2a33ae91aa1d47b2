import {
  connectionFailed,
  faultOf,
  responseTimedOut,
} from '../../../../../src/transport/http/client/connection-errors.js';
import { reportOf } from '../../../../../src/transport/http/client/report.js';
import { wasNotCarriedOut } from '../../../../../src/transport/not-carried-out.js';
import type { Subject } from '../../../../../src/transport/http/client/subject.js';

const SUBJECT: Subject = {
  method: 'PUT',
  target: '/api',
  effect: 'once',
  path: 'links/dust',
  origin: 'https://dustlayer.io',
  scrub: (text) => text.replaceAll('hidden', '[token]'),
};
const failed = (code: string, established = false) =>
  connectionFailed(SUBJECT, { code, message: 'said hidden' }, established);

describe('faultOf', () => {
  it.each([
    ['ECONNREFUSED', 'connection_refused'],
    ['ENOTFOUND', 'dns'],
    ['EAI_AGAIN', 'dns'],
    ['EHOSTUNREACH', 'unreachable'],
    ['ENETUNREACH', 'unreachable'],
    ['CERT_HAS_EXPIRED', 'tls'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls'],
    ['HPE_INVALID_CONSTANT', 'protocol'],
    ['Z_DATA_ERROR', 'protocol'],
    ['ECONNRESET', 'connection_lost'],
    ['EPIPE', 'connection_lost'],
    ['unknown', 'connection_lost'],
  ])('%s is %s', (code, fault) => {
    expect(faultOf(code)).toBe(fault);
  });
});

describe('connectionFailed', () => {
  it.each(['once', 'idempotent', 'read'] as const)(
    'says of a request with effect %s whether it was carried out',
    (effect) => {
      const of = (code: string, established: boolean) =>
        wasNotCarriedOut(connectionFailed({ ...SUBJECT, effect }, { code, message: '' }, established));
      expect([of('ECONNREFUSED', false), of('EHOSTUNREACH', false), of('CERT_HAS_EXPIRED', false)]).toEqual([
        true,
        true,
        false,
      ]);
      expect([of('ECONNRESET', true), of('EHOSTUNREACH', true)]).toEqual([false, false]);
    },
  );
  it('knows that nothing was sent before the connection stood', () => {
    expect(failed('ECONNRESET')).toMatchObject({ kind: 'network', retryable: true });
  });
  it('knows nothing afterwards', () => {
    expect(failed('ECONNRESET', true)).toMatchObject({
      kind: 'indeterminate',
      retryable: false,
      detail: 'connection_lost',
    });
  });
  it.each([
    ['CERT_HAS_EXPIRED', /has expired.*Renew it.*NODE_EXTRA_CA_CERTS/],
    ['CERT_NOT_YET_VALID', /is not valid yet.*clock/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', /other host names.*NODE_EXTRA_CA_CERTS/],
    ['SELF_SIGNED_CERT_IN_CHAIN', /self-signed.*NODE_EXTRA_CA_CERTS/],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', /not trusted.*NODE_EXTRA_CA_CERTS/],
    ['EPROTO', /port speaks HTTPS/],
    ['EHOSTUNREACH', /cannot be reached/],
  ])('says what to do about %s', (code, message) => {
    expect(failed(code).message).toMatch(message);
    expect(failed(code).message).toContain('PUT "links/dust" at https://dustlayer.io');
  });
  it('a certificate does not get better by trying again', () => {
    expect(failed('CERT_HAS_EXPIRED').retryable).toBe(false);
  });
  it('hands out a cause of its own, scrubbed', () => {
    expect(failed('EPIPE').cause).toEqual(Object.assign(new Error('said [token]'), { code: 'EPIPE' }));
  });
});

describe('responseTimedOut', () => {
  it.each([
    ['once', { kind: 'indeterminate', detail: 'timeout' }],
    ['idempotent', { kind: 'timeout', retryable: true }],
    ['read', { kind: 'timeout', retryable: true }],
  ] as const)('%s', (effect, expected) => {
    expect(responseTimedOut({ ...SUBJECT, effect }, 5)).toMatchObject(expected);
  });
});

describe('reportOf', () => {
  const coded = (code: unknown, message: string, cause?: unknown) =>
    Object.assign(new Error(message, { cause }), { code });
  it.each([
    [coded('ERR_NETWORK', 'outer', coded('ECONNRESET', 'inner')), { code: 'ECONNRESET', message: 'inner' }],
    [coded('ECONNREFUSED', ''), { code: 'ECONNREFUSED', message: 'ECONNREFUSED' }],
    [coded('ERR_BAD_RESPONSE', 'outer', new Error('inner')), { code: 'ERR_BAD_RESPONSE', message: 'inner' }],
    [coded(5, 'odd'), { code: 'unknown', message: 'odd' }],
    ['thrown', { code: 'unknown', message: 'unknown' }],
    [undefined, { code: 'unknown', message: 'unknown' }],
  ])('%#', (error, expected) => {
    expect(reportOf(error)).toEqual(expected);
  });
});
