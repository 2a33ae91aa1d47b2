import type { StoreCopy } from '../../store/index.js';
import type { ReplicatedLog } from '../log/replicated-log.js';
import { trimmedThrough } from '../log/trimmed-through.js';
import type { ClusterParts } from '../parts.js';
import { isUnreadable, noSnapshot } from './errors.js';
import { readSnapshot } from './snapshot-format.js';
import { snapshotName, snapshotPositions } from './snapshot-name.js';

/** What a {@link Restorer} works with. */
export interface RestorerParts {
  readonly log: ReplicatedLog;
  readonly copy: StoreCopy;
  /** Where in the log the copy stands. */
  readonly position: () => number;
  readonly parts: Pick<ClusterParts, 'compression'>;
  /** Hears of a snapshot that cannot be read. Must not throw. */
  readonly onFailure: (error: unknown) => void;
}

/** An empty copy takes a snapshot when that spares it so many frames of the log. */
const FAR_BEHIND = 1_000;

/** Brings a copy that cannot go on by the log to where a snapshot leads. */
export class Restorer {
  readonly #parts: RestorerParts;

  constructor(parts: RestorerParts) {
    this.#parts = parts;
  }

  /** Whether the copy is to take a snapshot before it follows the log. @throws DustError `network`, `closed` */
  async isWanted(): Promise<boolean> {
    const { log, copy, position } = this.#parts;
    if (copy.isRestoring) return true;
    if (position() > 0) return false;
    const [newest] = await snapshotPositions(log.shelf);
    return newest !== undefined && newest >= FAR_BEHIND;
  }

  /**
   * Takes the newest snapshot that can be read. Resolves to what tells watchers of it, as {@link StoreCopy.restore} does.
   *
   * @throws DustError `storage` with detail `no_snapshot` when there is none, and retryable then; what the log, the shelf and the copy fail
   * with; `aborted`
   */
  async restore(signal: AbortSignal): Promise<() => void> {
    const { log, copy, position, parts, onFailure } = this.#parts;
    const stands = copy.isRestoring ? 0 : position();
    const trimmed = trimmedThrough(await log.bounds());
    for (const at of await snapshotPositions(log.shelf)) {
      if (at <= stands || at < trimmed) break;
      const bytes = await log.shelf.get(snapshotName(at));
      if (bytes === null) continue;
      try {
        return await copy.restore(readSnapshot(bytes, at, parts), signal);
      } catch (error) {
        if (!isUnreadable(error)) throw error;
        onFailure(error);
      }
    }
    throw noSnapshot(stands, trimmed);
  }
}
