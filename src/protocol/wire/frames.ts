import type { Feature } from './features.js';
import type { CommitRange, CommittedOperation, OperationKind } from '../requests/operation.js';
import type { Path } from '../paths/path.js';
import { parsePath } from '../paths/path.js';
import type { JsonValue, LeafType } from '../values/value.js';

/** A Phoenix message as it travels, in either serialisation (PROTOCOL §4). */
export type Frame = readonly [
  joinRef: string | null,
  ref: string | null,
  topic: string,
  event: string,
  payload: unknown,
];

/** The version of the channel protocol this package speaks; servers refuse less (PROTOCOL §4). */
export const CHANNEL_CAPABILITY_VERSION = 3;

/** A committed operation as it is broadcast and caught up on. */
export interface WireEvent {
  readonly store_seq: number;
  readonly op: OperationKind;
  readonly path: Path;
  readonly path_segments: readonly string[];
  readonly value: JsonValue;
  readonly device_id: string | null;
  readonly client_op_id: string | null;
  /** The commit it belongs to; left out where it is one of its own, and by servers that do not tell ({@link Feature}). */
  readonly commit?: CommitRange;
}

/** The answer to a join that succeeded. */
export interface WireJoinReply {
  /** The seq of the store's last operation. */
  readonly store_seq: number;
  readonly capver: number;
  readonly capver_min: number;
  readonly permissions: { readonly read: boolean; readonly write: boolean };
  readonly scopes: readonly string[];
  readonly store_access: { readonly mode: string; readonly store_ids: readonly string[] };
  /** What the server can do beyond version 0.1; left out by those that announce nothing. */
  readonly features?: readonly Feature[];
}

/** A leaf of a snapshot. Its value is wrapped (PROTOCOL §5.6). */
export interface WireSnapshotEntry {
  readonly value: JsonValue;
  readonly type: LeafType;
}

/** The state of a store in place of the operations up to it. */
export interface WireSnapshot {
  readonly snapshot_seq: number;
  readonly entries: Readonly<Record<Path, WireSnapshotEntry>>;
}

/** What a client asks a store to do. */
export interface WireWrite {
  readonly op: OperationKind;
  readonly path: Path;
  readonly path_segments?: readonly string[];
  readonly value?: JsonValue;
  readonly client_op_id: string;
  readonly if_match?: number;
  readonly if_absent?: boolean;
  readonly fence?: { readonly key: Path; readonly token: number };
  readonly ttl_ms?: number;
  readonly holder?: string | null;
  readonly token?: number;
}

/** The topic of a store, `org/name`. */
export function topicOf(store: string): string {
  return `store:${store}`;
}

/** A committed operation as a server sends it. */
export function toWireEvent(operation: CommittedOperation): WireEvent {
  const { storeSeq, op, path, value, deviceId, clientOpId, commit } = operation;
  return {
    store_seq: storeSeq,
    op,
    path,
    path_segments: parsePath(path),
    value,
    device_id: deviceId,
    client_op_id: clientOpId,
    ...(commit === undefined ? {} : { commit }),
  };
}
