import type { Clock } from '../../clock.js';
import type { Logger } from '../../logging.js';
import type { WireIndex } from '../../protocol/wire/http.js';
import type { Transport } from '../../transport/transport.js';

/** What an import did. */
export interface ImportedDump {
  /** The number of leaves written. */
  readonly imported: number;
  /** The seq of the store's last operation. */
  readonly storeSeq: number;
}

/** A whole store as text, line by line (PROTOCOL §3): the header first, then a leaf on each line. */
export interface DumpPort {
  /** The lines, without their ends. */
  exportLines(): AsyncIterable<string> | Iterable<string>;
  /** Writes what one piece of a dump holds, small enough for one request. */
  importLines(lines: readonly string[]): Promise<ImportedDump>;
}

/** The indexes that a store keeps. */
export interface IndexPort {
  list(): Promise<readonly WireIndex[]>;
  /** Resolves to whether there was one. */
  drop(index: WireIndex): Promise<boolean>;
}

/** The store that a command works on, open. */
export interface Target {
  /** Names the store and where it is to the reader. */
  readonly name: string;
  readonly transport: Transport;
  /** Absent where the transport is neither a server's nor a folder's. */
  readonly dump: DumpPort | undefined;
  /** Absent where {@link dump} is. */
  readonly indexes: IndexPort | undefined;
  /** Bytes that the store takes on the disk of this machine. Absent where it does not lie there. */
  readonly storedBytes?: number | undefined;
  close(): Promise<void>;
}

/** How a target is opened. */
export interface OpenOptions {
  /** Whether a missing data folder is made: a slip in its name would otherwise read as an empty store. */
  readonly create: boolean;
  /** Calls off what waits for a server. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** Hears what the options name no logger for. */
  readonly logger: Logger;
}
