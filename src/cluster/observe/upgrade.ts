import { randomUUID } from 'node:crypto';
import { isDustError } from '../../errors.js';
import type { LoggedOutcome } from '../../store/index.js';
import { encodeFrame } from '../frame/frame.js';
import { proposalText } from '../frame/proposal.js';
import type { ReplicatedLog } from '../log/replicated-log.js';
import { levelNotKnown, upgradeUnseen } from './errors.js';
import type { ObserverOptions } from './log-observer.js';
import { LogObserver } from './log-observer.js';

/** How often the log is asked to take the frame in. */
const ATTEMPTS = 3;

/** What an upgrade goes by. */
export interface UpgradeOptions extends ObserverOptions {
  /** The level to raise the log to. Default the greatest that is understood here. */
  readonly level?: number | undefined;
}

/**
 * Raises the level of a log, so that its frames may mean what only nodes of that level understand, when all members do. Resolves to the level
 * that it has then: a greater one stays.
 *
 * @throws DustError `conflict` with detail `members_behind`, naming who does not understand it; `invalid_options` for a level that this
 * version does not know; `indeterminate` when the log has it, perhaps, and does not answer; as {@link LogObserver.catchUp} does
 */
export async function upgradeCluster(log: ReplicatedLog, options: UpgradeOptions): Promise<number> {
  const { knownLevel, signal, level = knownLevel } = options;
  if (level > knownLevel) throw levelNotKnown(level, knownLevel);
  const observer = new LogObserver(log, options);
  const before = await observer.catchUp();
  if (before.level >= level) return before.level;
  const session = { id: randomUUID(), since: before.position };
  // It has no store to compare: of what nobody has applied there is but one digest.
  const head = { session, number: 1, level: before.level, applied: { position: 0, digest: '' } };
  await append(log, encodeFrame(head, [proposalText({ kind: 'upgrade', level })]), signal);
  let outcome: LoggedOutcome | undefined;
  const after = await observer.catchUp((id, [decided]) => {
    if (id === session.id) outcome = decided;
  });
  if (outcome === undefined) throw upgradeUnseen();
  if ('refused' in outcome) throw outcome.refused;
  return after.level;
}

/** Taken in twice, it counts once. */
async function append(log: ReplicatedLog, bytes: Uint8Array, signal: AbortSignal | undefined): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await log.append(bytes, { signal });
      return;
    } catch (error) {
      if (!isDustError(error, 'network')) throw error;
      if (attempt === ATTEMPTS) throw upgradeUnseen(error);
    }
  }
}
