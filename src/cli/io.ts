import type { Writable } from 'node:stream';
import type { Clock } from '../clock.js';

/** The signals that stop a command. */
export type StopSignal = 'SIGINT' | 'SIGTERM';

/** Where a command writes to. */
export type CliStream = Writable & {
  /** Whether a person may be looking. */
  readonly isTTY?: boolean | undefined;
  /** Of a terminal: the characters of a line. It changes with the window. */
  readonly columns?: number | undefined;
};

/** Everything the command has of the world around it, so that tests can put a world of their own there. */
export interface CliIo {
  readonly stdout: CliStream;
  readonly stderr: CliStream;
  readonly stdin: AsyncIterable<string | Uint8Array>;
  /**
   * Hears of each line that a person types from now on; the returned function ends that. Left out where standard input is no
   * terminal.
   */
  readonly onLine?: ((listener: () => void) => () => void) | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder that relative paths begin at. */
  readonly cwd: string;
  readonly clock: Clock;
  /** What `--version` answers. */
  readonly version: string;
  /** Hears of each signal from now on; the returned function ends that. */
  readonly onSignal: (listener: (signal: StopSignal) => void) => () => void;
}
