import { CommanderError } from 'commander';
import type { DustErrorKind } from '../../errors.js';
import { isDustError } from '../../errors.js';
import type { StopSignal } from '../io.js';
import { isBrokenPipe } from './output.js';

/** What the command leaves with: 128 and the signal's number where a signal stopped it, as shells have it. */
export const EXIT = { ok: 0, failed: 1, usage: 2, notFound: 3, SIGINT: 130, SIGTERM: 143 } as const;

/** Faults of what was asked for, and not of carrying it out. */
const USAGE_KINDS: ReadonlySet<DustErrorKind> = new Set([
  'invalid_options',
  'invalid_params',
  'invalid_value',
]);

/** The exit code that an error leads to; `stoppedBy` is the signal that came while the command ran. */
export function exitCodeOf(error: unknown, stoppedBy: StopSignal | undefined): number {
  // The reader of a pipe has seen enough: that is no failure.
  if (isBrokenPipe(error)) return EXIT.ok;
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (stoppedBy !== undefined) return EXIT[stoppedBy];
  if (!isDustError(error)) return EXIT.failed;
  if (error.kind === 'not_found') return EXIT.notFound;
  return USAGE_KINDS.has(error.kind) ? EXIT.usage : EXIT.failed;
}
