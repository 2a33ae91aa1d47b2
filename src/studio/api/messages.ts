import type { JsonObject, JsonValue, LeafType } from '../../protocol/values/value.js';

/**
 * What the studio's process and its page say to each other, as JSON over HTTP on loopback. The page imports these types and
 * nothing else of the package. All paths are rendered (PROTOCOL §1).
 *
 * | request | body or parameters | answer |
 * | --- | --- | --- |
 * | `GET api/store` | | {@link StoreInfo} |
 * | `GET api/children` | `path`, `after`, `limit` | {@link ChildrenPage} |
 * | `POST api/records` | {@link RecordsQuery} | {@link RecordsPage} |
 * | `GET api/record` | `path` | {@link RecordInfo} |
 * | `GET api/history` | `path`, `before`, `limit` | {@link HistoryPage} |
 * | `POST api/save` | {@link SaveRequest} | {@link WriteAnswer} |
 * | `POST api/delete` | {@link DeleteRequest} | {@link WriteAnswer} |
 * | `POST api/restore` | {@link RestoreRequest} | {@link WriteAnswer} |
 * | `GET api/file` | `path` | the bytes, as a download; with `preview=1` those of an image or of text, which run nothing |
 * | `GET api/status` | | {@link StatusInfo} |
 * | `GET api/changes` | | server-sent events, each a {@link ChangeMessage} |
 *
 * A request that cannot be met is answered with a status of 400 or above and {@link Failure}.
 */
export interface StoreInfo {
  /** `org/name`. */
  readonly store: string;
  /** Where it lies, for the reader: a folder, an address without secrets, or memory. */
  readonly place: string;
  /** The version of dust-orm. */
  readonly version: string;
  /** Whether the studio was begun with `--write`. */
  readonly writable: boolean;
  /** Whether {@link ChangeMessage}s come, and the log can be read. */
  readonly live: boolean;
  readonly history: boolean;
  /** The entities of the configuration, by prefix. Empty without one. */
  readonly entities: readonly EntityInfo[];
}

/** An entity class of the configuration. */
export interface EntityInfo {
  readonly name: string;
  /** The prefix of its records. */
  readonly prefix: string;
  readonly mode: 'flat' | 'map';
  /** The property that is the slug. */
  readonly slug: string;
  /** Whether a new record gets a slug by itself. */
  readonly slugGenerated: boolean;
  /** In the order of their declaration, the slug first. */
  readonly columns: readonly ColumnInfo[];
  /** Whether it has soft delete, so that {@link RecordsQuery.withDeleted} means something. */
  readonly softDelete: boolean;
}

/** A property of an entity; one of a nested object has a property path with dots. */
export interface ColumnInfo {
  readonly property: string;
  /**
   * `slug`, `string`, `integer`, `float`, `boolean`, `datetime`, `bigint`, `decimal`, `bytes` (in base64), `enum`, `json` (lists, and
   * nested objects that are not shown part by part, too), `counter`, `set` or `file`.
   */
  readonly type: string;
  readonly required: boolean;
  readonly nullable: boolean;
  /** Of an enum. */
  readonly values?: readonly (string | number)[] | undefined;
  /** Whether the table can be put in its order and filtered by it. */
  readonly sortable: boolean;
  /** Whether an index, or the slug, serves that without reading everything. */
  readonly indexed: boolean;
  /** Whether the page may offer to change it: not what is generated, kept by the mapper, or written once. */
  readonly editable: boolean;
}

/** One level of the tree of paths. */
export interface ChildrenPage {
  readonly children: readonly ChildInfo[];
  /** Goes into `after` for the next page; null when this is the last. */
  readonly nextCursor: string | null;
}

/** What begins with one more segment. */
export interface ChildInfo {
  /** The whole path. */
  readonly path: string;
  /** Its last segment, unescaped. */
  readonly segment: string;
  /** Leaves at and below it; `atLeast` when counting stopped at a bound. */
  readonly leaves: number;
  readonly atLeast: boolean;
  /** Whether there is a leaf at exactly this path, so that it has no children. */
  readonly isLeaf: boolean;
  /** The name of the entity whose prefix this is. */
  readonly entity?: string | undefined;
}

/** A page of an entity's records. */
export interface RecordsQuery {
  readonly entity: string;
  /** Conditions that must all hold. */
  readonly filters?: readonly Filter[] | undefined;
  /** Default: by slug. */
  readonly order?: { readonly property: string; readonly direction: 'asc' | 'desc' } | undefined;
  /** 1 to 200. Default 100. */
  readonly take?: number | undefined;
  /** The `next` of the page before, or the `previous` of the page behind. */
  readonly cursor?: string | undefined;
  /** Soft-deleted ones, too. */
  readonly withDeleted?: boolean | undefined;
  /** Records that are left out before the page begins: for a scroll bar dragged far. At most 100,000; not with `cursor`. */
  readonly skip?: number | undefined;
}

/** A condition on one property. `value` is text as a person types it; the studio reads it as the property's type. */
export interface Filter {
  readonly property: string;
  readonly operator: 'is' | 'isNot' | 'contains' | 'startsWith' | 'less' | 'greater' | 'isNull' | 'isNotNull';
  readonly value?: string | undefined;
}

/** Records in order, and how they were found. */
export interface RecordsPage {
  readonly rows: readonly RecordRow[];
  readonly next: string | null;
  readonly previous: string | null;
  /** How many there are that meet the filters, where that costs no reading of all of them; else undefined. */
  readonly total?: number | undefined;
  /** How they were looked for, as `explain` puts it: `slug`, `index …`, `scan`. */
  readonly path: string;
  /** How many records were looked at. */
  readonly examined: number;
}

/** A record as the table shows it. */
export interface RecordRow {
  readonly path: string;
  readonly slug: string;
  /** The greatest revision of its leaves. */
  readonly revision: number;
  /** By property (path), as JSON: dates as ISO text, decimals as text. Without what is `select: false`. */
  readonly values: JsonObject;
  /** The properties whose values are too long to be sent. */
  readonly cut?: readonly string[] | undefined;
}

/** A record, or any other part of the store, leaf by leaf. */
export interface RecordInfo {
  readonly path: string;
  /** At most 1,000; `more` says that there are others. */
  readonly leaves: readonly LeafInfo[];
  readonly more: boolean;
  /** The greatest of the leaves' revisions; 0 when nothing is there. */
  readonly revision: number;
  /** When the path is a record of an entity that could be read. */
  readonly row?: RecordRow | undefined;
  readonly entity?: string | undefined;
  /** Why the record could not be read as its entity. */
  readonly misfit?: string | undefined;
}

/** A leaf. */
export interface LeafInfo {
  readonly path: string;
  readonly type: LeafType;
  readonly revision: number;
  readonly value: JsonValue;
  /** Of a value longer than 64 kB as text, which is not sent: its length. */
  readonly cut?: number | undefined;
}

/** Operations that changed a path or something below it, newest first. */
export interface HistoryPage {
  readonly entries: readonly HistoryEntry[];
  /** Goes into `before` for older ones; null when the log holds none, or ends here. */
  readonly nextBefore: number | null;
  /** The log is kept from this seq on. */
  readonly firstSeq: number;
}

/** An operation of the log. */
export interface HistoryEntry {
  readonly storeSeq: number;
  readonly op: string;
  readonly path: string;
  readonly value: JsonValue;
  /** Of a value that is too long to be sent: its length as text. */
  readonly cut?: number | undefined;
  readonly deviceId: string | null;
  /** What it left other than it found it, where the log tells; at most 200. */
  readonly changes: readonly LeafDifference[];
}

/** A leaf before and after. */
export interface LeafDifference {
  readonly path: string;
  readonly before?: JsonValue | undefined;
  readonly after?: JsonValue | undefined;
  /** Whether something may have been there of which the log does not tell. `before` is left out then. */
  readonly beforeUnknown?: boolean | undefined;
}

/** Writes a record by its entity's rules, or leaves where there is no entity. */
export interface SaveRequest {
  /** Of a record of an entity: its name, and the values by property (path) that are written; text as a person types it, or JSON. */
  readonly entity?: string | undefined;
  readonly slug?: string | undefined;
  readonly values?: JsonObject | undefined;
  /** Of a leaf: its path and its value. */
  readonly path?: string | undefined;
  readonly value?: JsonValue | undefined;
  /** What the writer saw; 0 when nothing was to be there. Another revision by now is a {@link Conflict}. */
  readonly revision: number;
}

/** Removes a record, or whatever is at and below a path. */
export interface DeleteRequest {
  readonly path: string;
  readonly revision: number;
}

/** Puts a record, or a path, back to what it was after an operation. */
export interface RestoreRequest {
  readonly path: string;
  readonly storeSeq: number;
  readonly revision: number;
}

/** What came of a write. */
export type WriteAnswer =
  | {
      readonly outcome: 'written';
      readonly storeSeq: number;
      readonly record: RecordInfo;
      /** What was thrown behind the write, which is made all the same. */
      readonly warning?: string | undefined;
    }
  | { readonly outcome: 'invalid'; readonly violations: readonly Violation[] }
  | { readonly outcome: 'conflict'; readonly current: RecordInfo };

/** A rule that a value breaks. */
export interface Violation {
  /** The property (path); empty for what is about the record as a whole. */
  readonly property: string;
  readonly messages: readonly string[];
}

/** What runs around the store. */
export interface StatusInfo {
  readonly state: string;
  readonly readsFrom: string;
  readonly storeSeq: number;
  readonly leases: readonly LeaseInfo[];
  /** Bytes and counts that the place of the store tells. */
  readonly figures: readonly { readonly name: string; readonly value: number; readonly unit?: string }[];
  /** Clients of `serve --studio`. */
  readonly connections: readonly {
    readonly store: string;
    readonly device: string;
    readonly since: string;
  }[];
  /** Members of a cluster. */
  readonly members: readonly MemberInfo[];
}

/** A node of a cluster. */
export interface MemberInfo {
  readonly name: string;
  /** Whether the studio looks through it. */
  readonly isSelf: boolean;
  readonly level: number;
  /** Of the log, when it made itself known. */
  readonly position: number;
  /** ISO text. */
  readonly heardAt: string;
}

/** A lease that is held. */
export interface LeaseInfo {
  readonly key: string;
  readonly holder: string | null;
  /** ISO text. */
  readonly expiresAt: string;
}

/** A commit that has just been made, or that changes are not told for a while. */
export type ChangeMessage =
  | {
      readonly kind: 'commit';
      readonly first: number;
      readonly last: number;
      readonly operations: readonly {
        readonly storeSeq: number;
        readonly op: string;
        readonly path: string;
        readonly deviceId: string | null;
      }[];
    }
  | { readonly kind: 'behind'; readonly missed: number }
  | { readonly kind: 'state'; readonly state: string };

/** Why a request could not be met. */
export interface Failure {
  readonly error: { readonly kind: string; readonly message: string };
}
