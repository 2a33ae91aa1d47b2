import { leaseEnvelope, parseLease } from '../../../../src/store/operations/leases.js';

const ENVELOPE = { _type: 'lease', token: 7, expires_at: 1_000, holder: 'me' };
const LEASE = { token: 7, expiresAt: 1_000, holder: 'me' };

test('a lease is read as it was stored', () => {
  expect(leaseEnvelope(LEASE)).toEqual(ENVELOPE);
  expect(parseLease(leaseEnvelope(LEASE))).toEqual(LEASE);
  expect(parseLease({ ...ENVELOPE, holder: null })).toEqual({ ...LEASE, holder: null });
  expect(parseLease({ ...ENVELOPE, holder: 7 })).toEqual({ ...LEASE, holder: null });
  const { holder: _, ...nobody } = ENVELOPE;
  expect(parseLease(nobody)).toEqual({ ...LEASE, holder: null });
});

test.each([
  undefined,
  null,
  'lease',
  7,
  [],
  {},
  { ...ENVELOPE, _type: 'file' },
  { ...ENVELOPE, token: '7' },
  { ...ENVELOPE, token: 7.5 },
  { ...ENVELOPE, token: null },
  { ...ENVELOPE, expires_at: '1000' },
  { ...ENVELOPE, expires_at: null },
])('%j is none', (value) => {
  expect(parseLease(value)).toBeUndefined();
});
