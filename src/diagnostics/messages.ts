/** What a repository or the manager can be asked to do that reads or writes the store. */
export type DustOperation =
  | 'find'
  | 'findOne'
  | 'findAndCount'
  | 'findPage'
  | 'exists'
  | 'count'
  | 'sum'
  | 'average'
  | 'minimum'
  | 'maximum'
  | 'getMany'
  | 'preload'
  | 'stream'
  | 'save'
  | 'insert'
  | 'upsert'
  | 'insertMany'
  | 'update'
  | 'remove'
  | 'delete'
  | 'softRemove'
  | 'softDelete'
  | 'recover'
  | 'restore'
  | 'clear'
  | 'increment'
  | 'decrement'
  | 'addTo'
  | 'removeFrom'
  | 'putFile'
  | 'openFile'
  | 'batch'
  | 'lease'
  | 'singleFlight';

/** What a finished operation comes to. */
export interface DustOperationResult {
  /**
   * The records it answered, wrote or counted; of `batch` the operations it committed. Undefined where nobody counted:
   * `clear`, `lease`, `singleFlight`.
   */
  readonly records: number | undefined;
}

/** How the records of an operation were looked for: without values, as `explain` tells them. */
export interface DustOperationRead {
  /** By their slugs, in ranges of slugs, by an index, by all records of the class, in several of these ways, or not at all. */
  readonly path: 'slugs' | 'slug range' | 'index' | 'scan' | 'several' | 'nothing';
  /** The parts of the index that was used, by their names on the wire; undefined for other paths. */
  readonly index?: string | undefined;
  /** How many records were looked at. */
  readonly examined: number;
}

/**
 * One operation of a repository or manager, on `tracing:dust-orm:operation:start`, `end`, `asyncStart`, `asyncEnd` and
 * `error`: the same object on each, so that a subscriber may keep what it knows in a `WeakMap`. Holds slugs, and no other
 * value of a record.
 */
export interface DustOperationMessage {
  /** What was asked for. `findBy`, `findOneOrFail` and the like are told as the `find` or `findOne` they are. */
  readonly operation: DustOperation;
  /** The name of the entity class; undefined for `batch`, `lease`, `singleFlight`, and for a `save`, `remove`, `softRemove` or `recover` of several classes. */
  readonly entity: string | undefined;
  /** Where the records of the class lie, such as `reading/links`. Undefined where `entity` is. */
  readonly prefix: string | undefined;
  /** The store, `org/name`. */
  readonly store: string;
  /** The name of the data source. */
  readonly dataSource: string;
  /** The slug, when the operation names one record by it. */
  readonly slug: string | undefined;
  /** How many records the operation was given or asked for by slug; undefined when it does not say. */
  readonly count: number | undefined;
  /** On `asyncEnd` at the latest, of a read with find options: how it was carried out. */
  read?: DustOperationRead;
  /** On `asyncEnd`, when it succeeded. */
  result?: DustOperationResult;
  /** On `error` and after it: what was thrown, a `DustError` as a rule. */
  error?: unknown;
}

/** The engine of a channel changed its state, on `dust-orm:connection`. */
export interface DustConnectionMessage {
  /** The store, `org/name`. Data sources that share an engine share its messages. */
  readonly store: string;
  /** Scheme, host and port of the server; undefined where it is in no place of its own, as with a folder that is shared. */
  readonly origin: string | undefined;
  /** The same in all messages of one engine, and in those of no other; made up at random. */
  readonly connection: string;
  /**
   * `connecting` opens a socket, `joining` asks for the store, `catchingUp` takes in what was missed, `live` is whole,
   * `repairing` fills a hole while it stays usable, `reconnecting` waits for the next attempt, `closed` is final.
   */
  readonly state: 'connecting' | 'joining' | 'catchingUp' | 'live' | 'repairing' | 'reconnecting' | 'closed';
  /** The state before. The first message comes from `connecting`. */
  readonly previous: DustConnectionMessage['state'];
  /** The mirror holds every operation up to this one. */
  readonly storeSeq: number;
  /** Why the connection was lost, when it was. */
  readonly reason: string | undefined;
  /** Milliseconds until the next attempt, when there is one to wait for. */
  readonly delay: number | undefined;
}

/** The mirror of a channel was mended, or is to be, on `dust-orm:repair`. */
export type DustRepairMessage = {
  /** The store, `org/name`. */
  readonly store: string;
  /** The mirror holds every operation up to this one. */
  readonly storeSeq: number;
} & (
  | {
      /** An operation is missing and did not come by itself: it is being fetched. Or it was, and the hole is closed. */
      readonly kind: 'gap_found' | 'gap_filled';
      /** The last operation that was heard of. */
      readonly highestKnown: number;
    }
  | {
      /** Fetching what is missing failed; it is tried again. */
      readonly kind: 'gap_left_open';
      /** Why it failed. */
      readonly reason: string;
      /** Milliseconds until the next attempt. */
      readonly delay: number;
    }
  | {
      /** A silent server was asked where the store stands, and it stands further than the mirror. */
      readonly kind: 'behind_when_idle';
      /** Where the store stands. */
      readonly currentSeq: number;
    }
  | {
      /** The store stands at less than the mirror did: it was restored from a backup. The mirror begins again. */
      readonly kind: 'regression';
      /** Where the store stands. */
      readonly currentSeq: number;
    }
  | {
      /** Values of counters or sets are read from the server again, because a catch-up may tell them wrong. */
      readonly kind: 'values_reread';
      /** How many. */
      readonly values: number;
      /** `outdated`: the server answered an older state than its channel had told. All but `read` is tried again. */
      readonly outcome: 'read' | 'outdated' | 'failed';
      /** What went wrong, when something did. */
      readonly reason: string | undefined;
    }
);

/** What became of a write whose acknowledgement did not come, on `dust-orm:resend`. */
export interface DustResendMessage {
  /** The store, `org/name`. */
  readonly store: string;
  /** What is written, such as `set` or `increment`. */
  readonly op: string;
  /** Where it is written. */
  readonly path: string;
  /** What the store knows this write by; the same each time it is sent. */
  readonly clientOpId: string;
  /**
   * `resent`: it will be sent again. `found`: its own event told that it had been committed. `unknown`: nobody knows
   * whether it was, and its caller is told `indeterminate`.
   */
  readonly outcome: 'resent' | 'found' | 'unknown';
  /** Why there was no acknowledgement; `fenced`: the session had run out, so the server had refused it. */
  readonly reason: 'connection_lost' | 'fenced' | 'rate_limited' | 'channel_gone';
  /** The seq it was found at. */
  readonly storeSeq: number | undefined;
}

/** A request over HTTP failed and will be sent again, on `dust-orm:retry`. */
export interface DustRetryMessage {
  /** Scheme, host and port of the server. */
  readonly origin: string;
  /** The method of the request, such as `GET`. */
  readonly method: string;
  /** The path of the leaf or record it is about, where it is about one. */
  readonly path: string | undefined;
  /** How often it has been sent so far. */
  readonly attempt: number;
  /** How often it is sent at most. */
  readonly maxAttempts: number;
  /** Milliseconds until it is sent again. */
  readonly delay: number;
  /** Why it failed, a `DustError`. */
  readonly error: unknown;
}
