import type { Clock } from '../clock.js';
import type { DustErrorKind } from '../errors.js';
import { isDustError, messageOf } from '../errors.js';
import type { Logger } from '../logging.js';

const RETRY_ATTEMPTS = 10;
const RETRY_DELAY = 3000;

/** What can pass by itself, beside errors that are `retryable` anyway. */
const PASSING: ReadonlySet<DustErrorKind> = new Set(['network', 'timeout', 'rate_limited']);

/** How often something is tried, and when. */
export interface ConnectOptions {
  readonly retryAttempts?: number | undefined;
  /** Milliseconds. */
  readonly retryDelay?: number | undefined;
  readonly toRetry?: ((error: unknown) => boolean) | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * What `open` resolves to, which is called again and again while that may help.
 *
 * @param name the data source's, for the log
 * @throws what the last attempt threw
 */
export async function connect<T>(name: string, open: () => Promise<T>, options: ConnectOptions): Promise<T> {
  const { retryAttempts = RETRY_ATTEMPTS, retryDelay = RETRY_DELAY, toRetry = mayPass } = options;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await open();
    } catch (error) {
      if (attempt >= retryAttempts || !toRetry(error)) throw error;
      options.logger.error(
        `The data source "${name}" did not open: ${messageOf(error)} ` +
          `This was attempt ${attempt} of ${retryAttempts}, the next one is in ${retryDelay} ms.`,
      );
      await elapsed(retryDelay, options.clock);
    }
  }
}

function mayPass(error: unknown): boolean {
  if (!isDustError(error)) return false;
  return error.retryable || PASSING.has(error.kind) || isLocked(error.kind, error.detail);
}

/** A folder that another process has: the one that this one replaces, in most cases. */
function isLocked(kind: DustErrorKind, detail: string | undefined): boolean {
  return kind === 'storage' && detail === 'locked';
}

function elapsed(ms: number, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    clock.schedule(resolve, ms, { keepAlive: true });
  });
}
