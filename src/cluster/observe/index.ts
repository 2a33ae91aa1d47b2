import type { ReplicatedLog } from '../log/replicated-log.js';
import type { ObservedMark, ObserverOptions } from './log-observer.js';
import { LogObserver } from './log-observer.js';

export type { ObservedMark, ObserverOptions } from './log-observer.js';
export { upgradeCluster } from './upgrade.js';

/** What the nodes of a log know of each other now. @throws DustError as {@link LogObserver.catchUp} does */
export function observe(log: ReplicatedLog, options: ObserverOptions): Promise<ObservedMark> {
  return new LogObserver(log, options).catchUp();
}
