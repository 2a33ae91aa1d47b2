import type { CliContext } from '../context.js';
import { loggerTo } from '../output/logger.js';
import type { Target } from './target.js';
import type { TargetFlags } from '../input/target-flags.js';

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
  // Loaded when needed, so that --help and mistyped flags are answered at once.
  const [{ findOptions }, { openTarget }] = await Promise.all([
    import('../config/find-options.js'),
    import('./open-target.js'),
  ]);
  const found = await findOptions(flags, io);
  const target = await openTarget(found, { create, signal, clock: io.clock, logger: loggerTo(err) });
  try {
    return await work(target);
  } finally {
    await target.close();
  }
}
