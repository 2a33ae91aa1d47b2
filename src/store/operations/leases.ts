import type { Path } from '../../protocol/paths/path.js';
import type { JsonObject, Leaf } from '../../protocol/values/value.js';
import { isObject } from '../../protocol/values/value.js';
import { MAX_LEASE_TTL } from '../../protocol/requests/request-checks.js';
import type { Fence } from '../../protocol/requests/operation.js';
import { fenced, held, notHeld, occupied } from '../errors.js';
import type { ReadableTree } from '../leaf-tree.js';

/** What a lease's envelope says. */
export interface Lease {
  readonly token: number;
  /** Milliseconds since the Unix epoch. Expiry is lazy: the leaf stays until it is taken over (PROTOCOL §6). */
  readonly expiresAt: number;
  readonly holder: string | null;
}

/** The lease that a value is the envelope of; undefined for anything else, malformed envelopes included. */
export function parseLease(value: Leaf['value'] | undefined): Lease | undefined {
  if (!isObject(value) || value._type !== 'lease') return undefined;
  const { token, expires_at: expiresAt, holder = null } = value;
  if (!isToken(token) || typeof expiresAt !== 'number') return undefined;
  return { token, expiresAt, holder: typeof holder === 'string' ? holder : null };
}

function isToken(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

/** The envelope of a lease, as it is stored. */
export function leaseEnvelope({ token, expiresAt, holder }: Lease): JsonObject {
  return Object.freeze({ _type: 'lease', token, expires_at: expiresAt, holder });
}

/** @throws DustError `held` for a live lease, `occupied` for anything that is not a lease */
export function assertLeasable(tree: ReadableTree, path: Path, now: number): void {
  const leaf = tree.get(path);
  if (leaf === undefined) return;
  const lease = parseLease(leaf.value);
  if (lease === undefined) throw occupied(path);
  if (isLive(lease, now)) throw held(path, lease.expiresAt);
}

/** The live lease that `token` holds. @throws DustError `not_held` */
export function liveLease(tree: ReadableTree, path: Path, token: number, now: number): Lease {
  const lease = parseLease(tree.get(path)?.value);
  if (lease?.token === token && isLive(lease, now)) return lease;
  throw notHeld(path, token);
}

/** @throws DustError `not_held` unless `path` holds the lease that `token` took, expired or not */
export function assertTaken(tree: ReadableTree, path: Path, token: number): void {
  if (parseLease(tree.get(path)?.value)?.token !== token) throw notHeld(path, token);
}

/** @throws DustError `fenced` unless the fence's key holds a live lease with its token */
export function assertFence(tree: ReadableTree, { key, token }: Fence, now: number): void {
  const lease = parseLease(tree.get(key)?.value);
  if (lease?.token !== token || !isLive(lease, now)) throw fenced(key, token);
}

/** What would end later than any lease can was written by other means, or under another time. */
function isLive(lease: Lease, now: number): boolean {
  return lease.expiresAt > now && lease.expiresAt - now <= MAX_LEASE_TTL;
}
