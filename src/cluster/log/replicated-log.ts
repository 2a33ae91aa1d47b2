import type { LogInspection } from './inspection.js';
import type { Shelf } from './shelf.js';

/** A frame in the place that the log gave it. */
export interface LogEntry {
  /** 1, 2, 3 … without holes. */
  readonly position: number;
  /**
   * When the log took it in, in milliseconds since the Unix epoch: the same for all who read it. Of an engine whose servers date by their own
   * clocks it may be less than that of the entry before it.
   */
  readonly time: number;
  readonly bytes: Uint8Array;
}

/** An entry that somebody has seen in a log. */
export interface KnownEntry {
  readonly position: number;
  /** As `fingerprintOf` makes it. */
  readonly fingerprint: string;
}

/** Which positions a log has. */
export interface LogBounds {
  /** The oldest that was not trimmed away; 0 when there is none. */
  readonly first: number;
  /** The latest that was ever taken in, trimmed away or not; 0 before the first. */
  readonly last: number;
}

/** What an append takes. */
export interface AppendOptions {
  /**
   * An entry that must lie in the log, or be the last one that was trimmed away: nothing is appended elsewhere. So nobody writes into a log that is not the one they have followed, such as
   * that of a database which lost its last commits.
   */
  readonly after?: KnownEntry | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What a read takes. */
export interface LogReadOptions {
  /** No further entry once so many bytes are read. */
  readonly maxBytes: number;
  /** The fingerprint of the entry before these: where another one lies there, the read fails. */
  readonly follows?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What is known to whoever asks where a log ends. */
export interface LogBoundsOptions {
  /**
   * A position that was in the log for sure. An engine that says less may have asked a server which is behind the others, and fails as
   * `network` until that is certain. Where another entry lies there, it is another log. Default none.
   */
  readonly known?: KnownEntry | undefined;
  /**
   * Whether who answers must be able to acknowledge a write now: an engine whose server may have lost those who confirm its writes asks them,
   * and fails as `network` when they do not answer. Costs what a write costs. Default false.
   */
  readonly mustConfirm?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * A totally ordered, durable list of frames that several nodes append to and read: what an engine such as PostgreSQL does for a
 * cluster. It knows nothing of what frames mean.
 */
export interface ReplicatedLog {
  /** Names the engine to operators: `memory`, `postgres`, `nats`. */
  readonly name: string;
  /**
   * Resolves to the frame's position once it is durable as the engine promises. Asked again after a failure, the frame may be there
   * twice: readers tell by its session and number.
   *
   * @throws DustError `network` when it is unknown whether the frame was taken in, and with detail `other_log` when it was not, because the log
   * does not have the entry `after`; `invalid_params` with detail `write_too_large` when it is
   * certain not to be, now or later, because the engine takes none of this size; `aborted`, `closed`
   */
  append(bytes: Uint8Array, options?: AppendOptions): Promise<number>;
  /**
   * The entries from the position `from` on, in order and without holes; none when there are no newer ones.
   *
   * @throws DustError `resync_required` with detail `log_trimmed` when `from` was trimmed away; `storage` with detail `diverged` when it follows
   * another entry, where that was not trimmed away; `network`, `aborted`, `closed`
   */
  read(from: number, options: LogReadOptions): Promise<readonly LogEntry[]>;
  /** @throws DustError `storage` with detail `diverged` when another entry lies where one is known; `network`, `aborted`, `closed` */
  bounds(options?: LogBoundsOptions): Promise<LogBounds>;
  /** Hears that there may be new entries. May miss some: whoever follows a log asks now and then, too. Returns what ends it. */
  watch(listener: () => void): () => void;
  /** Drops the entries up to and including `through`. @throws DustError `network`, `closed` */
  trim(through: number): Promise<void>;
  /** Beside the log: what is too large for it. */
  readonly shelf: Shelf;
  /** What the engine says of itself to operators; left out where there is none. @throws DustError `network`, `closed` */
  inspect?(): Promise<LogInspection>;
  /** Ends all that is open. Never rejects. */
  close(): Promise<void>;
}
