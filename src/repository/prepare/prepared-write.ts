import type { DeleteOperation, SetOperation, StoredRecord, WritePlan } from '../../mapping/index.js';
import type { EntityMetadata } from '../../metadata/types.js';
import type { Path } from '../../protocol/paths/path.js';
import type { Leaf } from '../../protocol/values/value.js';
import type { AfterWrite } from '../lifecycle/after-write.js';
import type { BatchOperation, RequestOptions, Transport } from '../../transport/transport.js';

/** The write of one record, checked, encoded and planned; nothing has been sent. */
export interface PreparedWrite {
  readonly transport: Transport;
  /** What the record is of, for messages. */
  readonly metadata: EntityMetadata;
  readonly slug: string;
  readonly path: Path;
  /** How the write is sent on its own: one step after the other. */
  readonly steps: () => readonly WriteStep[];
  /** The write as a part of an atomic batch; undefined where the transport's batches cannot express it. Of no operation is a write of nothing, which settles nothing. */
  readonly operations: readonly BatchOperation[] | undefined;
  /** What is to be done once the write was committed with this revision. */
  readonly settle: (revision: number) => void;
  /** What is to be called when it was settled. */
  readonly after?: AfterWrite | undefined;
  /** Where the write stands in what the caller gave, from 0: among the parts of a batch, or in a list of several. */
  readonly position?: number;
  /** Undoes the first step, as long as nobody has touched what it wrote at this revision: for when the next one is refused. */
  readonly takeBack?: ((revision: number) => Promise<unknown>) | undefined;
  /** What is to be done first with a record that an older class wrote; undefined where there is nothing of the kind. */
  readonly renewal?: Renewal | undefined;
  /** Makes the write of its record as that lies in the store when it is sent. Where an earlier write of the same commit goes to the record, the write is as it stands. */
  readonly decision?: Decision | undefined;
  /** The error to throw for one that stopped this write: the same, or one that says more. */
  readonly explain: (error: unknown) => Promise<unknown>;
}

/** How records that an older class wrote are brought up to date together with the writes that go to them. */
export interface Renewal {
  /** Those with these slugs, as they lie in the store. */
  readonly read: (
    slugs: readonly string[],
    options: RequestOptions,
  ) => Promise<ReadonlyMap<string, StoredRecord>>;
  /**
   * What brings a record up to date; undefined when it is.
   *
   * @throws DustError `invalid_record` when it cannot be
   */
  readonly operations: (record: StoredRecord) => readonly (SetOperation | DeleteOperation)[] | undefined;
}

/** What a write comes to that is made of its record when it is sent; it applies only while nobody else writes to the record. */
export interface Decision {
  readonly read: Renewal['read'];
  /**
   * What is written to the record; undefined when nothing is.
   *
   * @throws DustError such as `not_found`
   */
  readonly decide: (record: StoredRecord | undefined) => DecidedChange | undefined;
}

/** A change of a record that was read. */
export interface DecidedChange {
  readonly record: StoredRecord;
  readonly operations: readonly BatchOperation[];
  /** What must stand as it was read, where a store cannot compare the record as a whole; undefined where all of it must. */
  readonly anchor?: Anchor | undefined;
}

/** One leaf for all of a record. */
export interface Anchor {
  readonly leaf: Leaf;
  /** What is set on a store that takes but one write after the other. */
  readonly sets: readonly SetOperation[];
  /** Where there must be nothing still on such a store; undefined where the leaf itself is set. */
  readonly absent: Path | undefined;
}

/** A change of a counter or a set. */
export type ChangeOperation = Extract<BatchOperation, { op: 'increment' | 'add' | 'remove' }>;

/** A part of a write that is sent in one go, or a sequence of sets. */
export type WriteStep =
  | WritePlan
  | { readonly kind: 'change'; readonly operation: ChangeOperation }
  | { readonly kind: 'delete'; readonly path: Path }
  | { readonly kind: 'batch'; readonly operations: readonly BatchOperation[] };
