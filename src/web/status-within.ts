import { systemClock } from '../clock.js';
import type { DataSource } from '../data-source/index.js';
import { DustError } from '../errors.js';
import type { TransportStatus } from '../transport/transport.js';

/** Milliseconds that a health check waits when nothing else is said. */
export const HEALTH_TIMEOUT = 1000;

/**
 * How a data source stands, asked by reading something.
 *
 * @throws DustError `timeout` after so many milliseconds, and what asking for the status throws
 */
export async function statusWithin(source: DataSource, timeout: number): Promise<TransportStatus> {
  const { clock = systemClock } = source.options;
  const controller = new AbortController();
  let cancel: (() => void) | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    cancel = clock.schedule(() => {
      reject(noAnswer(source.name, timeout));
      controller.abort();
    }, timeout);
  });
  try {
    return await Promise.race([source.transport.status({ signal: controller.signal }), late]);
  } finally {
    cancel?.();
  }
}

/** Whether reads and writes go through, be it slowly. */
export function isUsable({ state }: TransportStatus): boolean {
  return state === 'live' || state === 'degraded';
}

function noAnswer(name: string, timeout: number): DustError {
  return new DustError(
    'timeout',
    `The data source "${name}" did not answer a health check within ${timeout} ms.`,
  );
}
