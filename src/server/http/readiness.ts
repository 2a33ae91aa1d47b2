import { isDustError, messageOf } from '../../errors.js';
import type { Logger } from '../../logging.js';
import type { Store } from '../../store/index.js';

/**
 * Why a store cannot be read, as its kind and detail; undefined when all can. Reads something from each. Messages, which
 * name folders, go to the log: whoever asks for this needs no token.
 *
 * @param ask whether it is enough that a store can be read, or what is read must be up to date, too
 */
export function readFault(
  stores: ReadonlyMap<string, Store>,
  logger: Logger,
  ask: 'probe' | 'assertCurrent' = 'probe',
): string | undefined {
  const faults = [...stores].map(([name, store]) => faultOf(name, store, logger, ask));
  return faults.find((fault) => fault !== undefined);
}

function faultOf(
  name: string,
  store: Store,
  logger: Logger,
  ask: 'probe' | 'assertCurrent',
): string | undefined {
  try {
    store[ask]();
    return undefined;
  } catch (error) {
    logger.error(`the store ${name} cannot be read: ${messageOf(error)}`);
    if (!isDustError(error)) return 'unknown';
    return error.detail === undefined ? error.kind : `${error.kind} (${error.detail})`;
  }
}
