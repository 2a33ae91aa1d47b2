import type { Path } from '../../protocol/paths/path.js';
import type { SyncEngine } from '../../sync/index.js';

/** What the channel transport asks of a sync engine. */
export type ChannelEngine = Pick<
  SyncEngine,
  | 'reads'
  | 'status'
  | 'status$'
  | 'start'
  | 'write'
  | 'putFile'
  | 'submitCommitted'
  | 'reach'
  | 'watch'
  | 'watchRecords'
  | 'useIndexes'
>;

/** An engine that runs, and what it was made with. */
export interface RunningEngine {
  readonly engine: ChannelEngine;
  /** Who it writes as. */
  readonly deviceId: string;
  /** The prefixes its mirror keeps; undefined keeps everything. */
  readonly prefixes: readonly Path[] | undefined;
  /** Ends it, and whatever it alone uses. Waits for writes under way for `patience` milliseconds at the most. */
  close(patience?: number): Promise<void>;
}

/** One of possibly several uses of an engine. */
export interface EngineLease extends Omit<RunningEngine, 'close'> {
  /** Ends this use; the last one closes the engine, which waits for writes for `patience` milliseconds at the most. */
  release(patience?: number): Promise<void>;
}
