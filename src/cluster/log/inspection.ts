/** A database that follows the one which is written to. */
export interface Standby {
  /** Its `application_name`. */
  readonly name: string;
  /** `streaming` when all is well. */
  readonly state: string;
  /** Whether a write waits for it. */
  readonly isSynchronous: boolean;
  /** How much it has not replayed, in bytes. */
  readonly behind: number;
}

/** What an engine says of itself to those who look after a cluster. */
export interface LogInspection {
  /** With its version. */
  readonly engine: string;
  /** Of the frames that are kept, in bytes. */
  readonly bytes: number;
  /** By the engine, in milliseconds since the Unix epoch. */
  readonly time: number;
  /** Whether a write that was acknowledged is on the engine's disk, and on that of a synchronous standby: `on`, `off`, and what lies between. */
  readonly commit: string;
  /** Undefined when the user may not see them. */
  readonly standbys: readonly Standby[] | undefined;
}
