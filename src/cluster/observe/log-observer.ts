import { assertNotAborted } from '../../abort-listener.js';
import type { LoggedOutcome } from '../../store/index.js';
import type { ClusterMark } from '../apply/cluster-mark.js';
import { NOTHING_APPLIED, readMark } from '../apply/cluster-mark.js';
import { keepHouse } from '../apply/housekeeping.js';
import { standingOf, withFrame } from '../apply/sessions.js';
import { holeInLog, unknownLevel } from '../errors.js';
import { decodeFrame } from '../frame/frame.js';
import type { Proposal } from '../frame/proposal.js';
import type { LogEntry, ReplicatedLog } from '../log/replicated-log.js';
import { trimmedThrough } from '../log/trimmed-through.js';
import { isUnreadable, noSnapshot } from '../snapshots/errors.js';
import { readSnapshot } from '../snapshots/snapshot-format.js';
import { snapshotName, snapshotPositions } from '../snapshots/snapshot-name.js';

/** How much of the log is read at once, in bytes. */
const READ_BYTES = 4_194_304;

/** What nodes know of each other. There is no digest without a copy of the store, and nobody who writes by this. */
export type ObservedMark = Omit<ClusterMark, 'digest' | 'fingerprint'> & {
  /** When the last frame was taken in, by the log; 0 for none. */
  readonly time: number;
};

/** What an {@link LogObserver} goes by. */
export interface ObserverOptions {
  /** The greatest level that is understood here. */
  readonly knownLevel: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads of a log what its nodes know of each other, without a copy of the store: from the newest snapshot on, or from the beginning. Writes
 * nothing.
 */
export class LogObserver {
  readonly #log: ReplicatedLog;
  readonly #options: ObserverOptions;
  #mark: ObservedMark | undefined;

  constructor(log: ReplicatedLog, options: ObserverOptions) {
    this.#log = log;
    this.#options = options;
  }

  /**
   * Reads the log to its end as it is now. Resolves to what there is to know there.
   *
   * @param onFrame hears of each frame that counts, with the outcomes that do not come from the store
   * @throws DustError `storage` with detail `no_snapshot` when the log has no beginning and no snapshot can be read, `unknown_level` when this
   * version does not understand it, and for a log that is damaged; `network`, `aborted`, `closed`
   */
  async catchUp(onFrame: OnFrame = () => undefined): Promise<ObservedMark> {
    const { signal } = this.#options;
    this.#mark ??= await this.#beginning();
    const { last } = await this.#log.bounds();
    while (this.#mark.position < last) {
      assertNotAborted(signal);
      const entries = await this.#log.read(this.#mark.position + 1, { maxBytes: READ_BYTES, signal });
      if (entries.length === 0) throw holeInLog(this.#mark.position + 1, last);
      for (const entry of entries) this.#mark = this.#after(entry, this.#mark, onFrame);
    }
    return this.#mark;
  }

  #after(entry: LogEntry, mark: ObservedMark, onFrame: OnFrame): ObservedMark {
    const { position, time, bytes } = entry;
    if (position !== mark.position + 1) throw holeInLog(mark.position + 1, position);
    const frame = decodeFrame(bytes, position);
    const standing = standingOf(frame, mark);
    const { snapshots, members } = mark;
    const { outcomes, marks } = keepHouse(
      standing === 'new' ? frame.proposals : [],
      {
        snapshots: { ...snapshots, bytes: snapshots.bytes + bytes.byteLength },
        members,
        level: Math.max(mark.level, frame.level),
      },
      { position, time, storeSeq: 0 },
    );
    this.#assertKnown(marks.level, position);
    if (standing === 'new') onFrame(frame.session.id, outcomes, position, frame.proposals);
    const sessions = standing === 'new' ? withFrame(frame, time, mark) : mark;
    return { ...marks, position, time, sessions: sessions.sessions, forgotten: sessions.forgotten };
  }

  /** What the newest snapshot says that can be read, else nothing. */
  async #beginning(): Promise<ObservedMark> {
    const trimmed = trimmedThrough(await this.#log.bounds());
    for (const position of await snapshotPositions(this.#log.shelf)) {
      if (position < trimmed) break;
      const mark = await this.#markAt(position);
      if (mark !== undefined) return mark;
    }
    if (trimmed > 0) throw noSnapshot(0, trimmed);
    return { ...NOTHING_APPLIED, time: 0 };
  }

  /** What the snapshot of a position begins with; undefined when that cannot be read. */
  async #markAt(position: number): Promise<ObservedMark | undefined> {
    const bytes = await this.#log.shelf.get(snapshotName(position));
    if (bytes === null) return undefined;
    try {
      for await (const piece of readSnapshot(bytes, position)) {
        const logged = piece.kind === 'head' ? piece.counters.logged : undefined;
        const mark = readMark(logged?.mark);
        if (mark === undefined || logged === undefined) return undefined;
        this.#assertKnown(mark.level, position);
        return { ...mark, time: logged.time };
      }
    } catch (error) {
      if (isUnreadable(error)) return undefined;
      throw error;
    }
    return undefined;
  }

  #assertKnown(level: number, position: number): void {
    const { knownLevel } = this.#options;
    if (level > knownLevel) throw unknownLevel(position, level, knownLevel);
  }
}

/** Hears of a frame, by the session it belongs to. */
export type OnFrame = (
  session: string,
  outcomes: readonly (LoggedOutcome | undefined)[],
  position: number,
  proposals: readonly Proposal[],
) => void;

/** What the nodes of a log know of each other now. @throws DustError as {@link LogObserver.catchUp} does */
export function observe(log: ReplicatedLog, options: ObserverOptions): Promise<ObservedMark> {
  return new LogObserver(log, options).catchUp();
}
