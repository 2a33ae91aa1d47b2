import type { ClusterMember } from '../../protocol/requests/cluster-member.js';
import type { Path } from '../../protocol/paths/path.js';
import { isObject } from '../../protocol/values/value.js';
import type { Leaf } from '../../protocol/values/value.js';
import type { LeaseInfo, MemberInfo, StatusInfo } from './messages.js';
import type { Asking, StudioSource } from './source.js';

/** Where leases of this package lie; those of others are found in the log. */
const PLACES: readonly Path[] = ['_dust:session', '_dust:sf', '_dust:locks'];

const MIGRATIONS_LOCK = '_dust:migrations-lock';

/** Leases that are shown, and leaves of each place that are looked at. */
const MAX_LEASES = 200;

/** What runs around the store. @throws what reading it throws */
export async function statusInfo(source: StudioSource, { signal }: Asking, now: number): Promise<StatusInfo> {
  const { transport } = source;
  const [{ state, readsFrom, storeSeq, members = [] }, leases, surroundings] = await Promise.all([
    transport.status({ signal }),
    leasesIn(source, { signal }, now),
    source.surroundings(),
  ]);
  return { state, readsFrom, storeSeq, leases, members: members.map(memberInfo), ...surroundings };
}

function memberInfo({ heardAt, ...member }: ClusterMember): MemberInfo {
  return { ...member, heardAt: new Date(heardAt).toISOString() };
}

async function leasesIn({ transport }: StudioSource, { signal }: Asking, now: number): Promise<LeaseInfo[]> {
  const found = new Map<Path, Leaf>();
  const note = (leaves: Iterable<Leaf>): void => {
    for (const leaf of leaves) if (leaf.type === 'lease') found.set(leaf.path, leaf);
  };
  for (const place of PLACES) {
    note((await transport.list({ pattern: `${place}/**`, limit: MAX_LEASES, signal })).items);
  }
  const named = new Set([MIGRATIONS_LOCK]);
  if (transport.capabilities.log === true && transport.log !== undefined) {
    const { operations } = await transport.log({ order: 'desc', signal });
    for (const { op, path } of operations) if (op === 'lease' || op === 'renew') named.add(path);
  }
  note((await transport.getMany([...named].slice(0, MAX_LEASES), { signal })).values());
  return [...found.values()].flatMap((leaf) => leaseOf(leaf, now)).slice(0, MAX_LEASES);
}

/** A lease that has run out stays where it is until somebody takes it: it is not held. */
function leaseOf({ path, value }: Leaf, now: number): LeaseInfo[] {
  if (!isObject(value)) return [];
  const { expires_at: expiresAt, holder } = value;
  if (typeof expiresAt !== 'number' || expiresAt <= now) return [];
  return [
    {
      key: path,
      holder: typeof holder === 'string' ? holder : null,
      expiresAt: new Date(expiresAt).toISOString(),
    },
  ];
}
