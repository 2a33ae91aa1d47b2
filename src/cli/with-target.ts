import type { CliContext } from './context.js';
import { findOptions } from './find-options.js';
import { loggerTo } from './logger.js';
import { openTarget } from './open-target.js';
import type { Target } from './target.js';
import type { TargetFlags } from './target-flags.js';

/** What a command does to the store it opens. */
export interface TargetUse {
  /** Whether a missing data folder is made. Default false. */
  readonly create?: boolean;
}

/**
 * Runs `work` on the store that the flags lead to, and closes it whatever comes of that.
 *
 * @throws DustError `invalid_options`, what opening the store throws, and what `work` throws
 */
export async function withTarget<T>(
  { io, err, signal }: CliContext,
  flags: TargetFlags,
  { create = false }: TargetUse,
  work: (target: Target) => Promise<T>,
): Promise<T> {
  const found = await findOptions(flags, io);
  const target = await openTarget(found, { create, signal, clock: io.clock, logger: loggerTo(err) });
  try {
    return await work(target);
  } finally {
    await target.close();
  }
}
