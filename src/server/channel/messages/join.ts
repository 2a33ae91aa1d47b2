import type { WireJoinReply } from '../../../protocol/wire/frames.js';
import { CHANNEL_CAPABILITY_VERSION } from '../../../protocol/wire/frames.js';
import { isReadable } from '../../http/is-readable.js';
import type { Access } from '../../access/tokens.js';
import type { Membership } from './membership.js';
import { refusalOf } from './membership.js';
import { fieldsOf, isSeq } from './payload.js';
import type { Reply } from './replies.js';
import { done, refused } from './replies.js';

const TOPIC_PREFIX = 'store:';

/** A join that was let in. */
export interface Admission {
  readonly membership: Membership;
  /** What the client has seen already. */
  readonly lastStoreSeq: number;
  readonly reply: Reply;
}

/** A join that was not. */
export interface Refusal {
  readonly membership: undefined;
  readonly reply: Reply;
}

/** Whether a topic is a store's, be there one or not. */
export function isStoreTopic(topic: string): boolean {
  return topic.startsWith(TOPIC_PREFIX);
}

/** This copy of the store did not come to what the client has seen elsewhere. The client asks again. */
export const NOT_REACHED: Reply = refused('join crashed');

/**
 * Of a client that has seen more of a shared store than this copy of it shows, because it comes from another node: whether the copy
 * has read all that was acknowledged before it came. Undefined for all others: what a store of one process does not have, it has lost.
 */
export function whenReached(
  { parts, access }: Pick<Membership, 'parts' | 'access'>,
  topic: string,
  payload: unknown,
): Promise<boolean> | undefined {
  const name = topic.slice(TOPIC_PREFIX.length);
  const store = access.opens(name) ? parts.stores.get(name) : undefined;
  const { last_store_seq: lastStoreSeq } = fieldsOf(payload);
  if (store?.isShared !== true || !isSeq(lastStoreSeq) || !isReadable(store)) return undefined;
  if (lastStoreSeq <= store.status().storeSeq) return undefined;
  return store.barrier().then(
    () => true,
    () => false,
  );
}

/** Lets a client into the channel of a store, which counts as a read, or says why not (PROTOCOL §4). */
export function admit(who: Omit<Membership, 'store'>, topic: string, payload: unknown): Admission | Refusal {
  const refuse = (reply: Reply): Refusal => ({ membership: undefined, reply });
  const { parts, access } = who;
  const { last_store_seq: lastStoreSeq } = fieldsOf(payload);
  if (!isSeq(lastStoreSeq)) return refuse(refused('join crashed'));
  const name = topic.slice(TOPIC_PREFIX.length);
  if (!access.opens(name)) {
    return refuse(refused('store_not_allowed', { message: `The token does not open ${name}.` }));
  }
  const store = parts.stores.get(name);
  if (store === undefined) return refuse(refused('unauthorized'));
  // The client tries again, on this connection or on one to a server that stays.
  if (parts.phase.isDraining) return refuse(refused('join crashed'));
  const refusal = refusalOf(who, 'entries:read', 'reads');
  if (refusal !== undefined) return refuse(refusal);
  if (!isReadable(store)) return refuse(refused('join crashed'));
  const reply: WireJoinReply = {
    store_seq: store.status().storeSeq,
    capver: CHANNEL_CAPABILITY_VERSION,
    capver_min: CHANNEL_CAPABILITY_VERSION,
    ...rightsOf(access),
    ...(parts.features.length === 0 ? {} : { features: parts.features }),
  };
  return { membership: { ...who, store }, lastStoreSeq, reply: done(reply) };
}

/** What a token may do, as a join and a status tell it. */
export function rightsOf(access: Access): Pick<WireJoinReply, 'permissions' | 'scopes' | 'store_access'> {
  const { scopes, stores } = access;
  return {
    permissions: { read: scopes.has('entries:read'), write: scopes.has('entries:write') },
    scopes: [...scopes].sort(),
    store_access: { mode: stores === undefined ? 'all' : 'selected', store_ids: stores ?? [] },
  };
}
