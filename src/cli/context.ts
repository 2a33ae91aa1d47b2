import type { CliIo } from './io.js';
import type { Output } from './output/output.js';
import type { Style } from './output/style.js';

/** What every command works with. */
export interface CliContext {
  readonly io: CliIo;
  /** Results. */
  readonly out: Output;
  /** Errors and progress. */
  readonly err: Output;
  /** For what goes to {@link CliContext.out}. */
  readonly style: Style;
  /** Fires when the command is to stop. */
  readonly signal: AbortSignal;
  /** Sets the exit code of a command that ends without an error. */
  readonly setExitCode: (code: number) => void;
}
