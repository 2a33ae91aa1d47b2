import type { Feature } from '../../protocol/wire/features.js';
import { featuresIn } from '../../protocol/wire/features.js';
import { comparePaths } from '../../protocol/paths/order.js';
import type { JsonObject, JsonValue, Leaf } from '../../protocol/values/value.js';
import { isLeafType } from '../../protocol/values/value.js';
import { WireFault, readValue } from './read-value.js';
import { isRecord, readPath, readSeq } from './read-operation.js';

/** What a join told. */
export interface JoinReply {
  /** The seq of the store's last operation. */
  readonly storeSeq: number;
  readonly permissions: { readonly read: boolean; readonly write: boolean };
  /** What the server can do beyond version 0.1. */
  readonly features: ReadonlySet<Feature>;
}

/** The state of a store at one seq. The leaves are in store order; their revisions are upper bounds. */
export interface Snapshot {
  readonly storeSeq: number;
  readonly leaves: readonly Leaf[];
}

/** @throws WireFault */
export function readJoinReply(reply: unknown): JoinReply {
  if (!isRecord(reply)) throw new WireFault('a join reply that is not an object');
  const permissions = isRecord(reply.permissions) ? reply.permissions : {};
  return {
    storeSeq: readSeq(reply.store_seq),
    permissions: { read: permissions.read !== false, write: permissions.write !== false },
    features: featuresIn(reply.features),
  };
}

/** @throws WireFault */
export function readThroughSeq(payload: unknown): number {
  if (!isRecord(payload)) throw new WireFault('a catch_up_complete that is not an object');
  return readSeq(payload.through_seq);
}

/** A snapshot, its storage wrappers taken off (PROTOCOL §5.6). @throws WireFault */
export function readSnapshot(payload: unknown): Snapshot {
  if (!isRecord(payload) || !isRecord(payload.entries)) throw new WireFault('a snapshot that is none');
  const storeSeq = readSeq(payload.snapshot_seq, 1);
  const leaves = Object.entries(payload.entries).map(([path, entry]): Leaf => {
    if (!isRecord(entry) || !isLeafType(entry.type)) throw new WireFault('a snapshot entry that is none');
    return { path: readPath(path), value: unwrap(entry.value), type: entry.type, revision: storeSeq };
  });
  leaves.sort((a, b) => comparePaths(a.path, b.path));
  return { storeSeq, leaves };
}

/** The answer to a push, frozen: it reaches the caller. @throws WireFault for what is not a JSON object */
export function readResponse(response: unknown): JsonObject {
  if (!isRecord(response)) throw new WireFault('a reply that is not an object');
  // An array keeps what is inside it from being read as envelopes of the store's.
  const [whole] = readValue([response]) as readonly JsonObject[];
  return whole!;
}

function unwrap(value: unknown): JsonValue {
  if (!isRecord(value)) return readValue(value);
  const keys = Object.keys(value);
  return keys.length === 1 && keys[0] === '_scalar' ? readLeafValue(value._scalar) : readValue(value);
}

/** A wrapped value is a leaf whatever it looks like. */
function readLeafValue(value: unknown): JsonValue {
  const [leaf] = readValue([value]) as readonly JsonValue[];
  return leaf!;
}
