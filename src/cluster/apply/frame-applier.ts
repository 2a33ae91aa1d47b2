import { isDustError } from '../../errors.js';
import type { LoggedOutcome, LoggedRequest, StoreCopy } from '../../store/index.js';
import { isRefusal } from '../../store/index.js';
import { brokenFrame, diverged, holeInLog, notACopy, unknownLevel } from '../errors.js';
import type { Frame } from '../frame/frame.js';
import { decodeFrame } from '../frame/frame.js';
import type { IndexProposal, Proposal } from '../frame/proposal.js';
import { isAlone, isHouse, proposalOf } from '../frame/proposal.js';
import { fingerprintOf } from '../log/fingerprint.js';
import type { LogEntry } from '../log/replicated-log.js';
import type { ClusterParts } from '../parts.js';
import { defaultClusterParts } from '../parts.js';
import type { ClusterMark } from './cluster-mark.js';
import { NOTHING_APPLIED, readMark, storedMark } from './cluster-mark.js';
import { nextDigest } from './digest.js';
import type { HouseMarks } from './housekeeping.js';
import { keepHouse, withHousekeeping } from './housekeeping.js';
import { RecentDigests } from './recent-digests.js';
import type { SnapshotMarks } from '../snapshots/snapshot-marks.js';
import type { Standing } from './sessions.js';

/** What became of a frame. */
export interface AppliedFrame {
  readonly frame: Frame;
  readonly standing: Standing;
  /** One for each proposal of a new frame; none for a frame that was passed over. */
  readonly outcomes: readonly LoggedOutcome[];
}

/** Applies the frames of a log to a store, each once, in their order. */
export class FrameApplier {
  readonly #copy: StoreCopy;
  readonly #parts: ClusterParts;
  #mark: ClusterMark;
  #digests: RecentDigests;
  /** Up to here the log is history, and is believed more than who wrote it. */
  #historyEnd = 0;

  /**
   * @throws DustError `storage` with detail `not_a_copy` for a store that holds something and follows no log, `unknown_level` for one that
   * followed it with a later version
   */
  constructor(copy: StoreCopy, parts: ClusterParts = defaultClusterParts) {
    this.#copy = copy;
    this.#parts = parts;
    this.#mark = markOf(copy, parts);
    this.#digests = new RecentDigests(this.#mark);
  }

  /** How far the node has come. */
  get mark(): ClusterMark {
    return this.#mark;
  }

  /**
   * This copy is made of the log and of nothing else, which ended at `position` when that began. Frames up to there whose senders had another store
   * are applied as all: what was written cannot be taken back, and whoever has begun anew is not the one who is damaged.
   */
  replay(position: number): void {
    this.#historyEnd = position;
  }

  /** Goes on from where the copy stands, after its state was replaced. @throws as the constructor does */
  beginAgain(): void {
    this.#mark = markOf(this.#copy, this.#parts);
    this.#digests = new RecentDigests(this.#mark);
  }

  /**
   * Applies the next entry of the log. To be called again only when it has resolved.
   *
   * @throws DustError `storage`, after which the node must not go on: with detail `hole_in_log`, `broken_frame`, `unknown_frame`,
   * `unknown_level`, `diverged`, or what the medium of its copy fails with
   */
  async apply({ position, time: told, bytes }: LogEntry): Promise<AppliedFrame> {
    const { position: applied } = this.#mark;
    // Kept with the copy, and so the same wherever a node begins.
    const time = Math.max(told, this.#copy.logged?.time ?? 0);
    if (position !== applied + 1) throw holeInLog(applied + 1, position);
    const frame = decodeFrame(bytes, position);
    this.#assertKnown(frame.level, position);
    // A sender that had applied what lies behind its own frame has followed another log.
    const isOfAnother = frame.applied.position >= position || this.#digests.contradicts(frame.applied);
    if (isOfAnother && position > this.#historyEnd) throw diverged(frame.applied.position, position);
    const standing = this.#parts.standingOf(frame, this.#mark);
    const requests = standing === 'new' ? frame.proposals.map(proposalOf) : [];
    const decided = await this.#decideAlone(requests, position);
    const { snapshots, members, level } = this.#mark;
    const house = keepHouse(
      requests,
      { snapshots: withBytes(snapshots, bytes), members, level: Math.max(level, frame.level) },
      { position, time, storeSeq: this.#copy.storeSeq },
    );
    // What is behind an upgrade must not be applied by those who do not understand it, and what is before it may be served no longer.
    this.#assertKnown(house.marks.level, position);
    let next: ClusterMark | undefined;
    const outcomes = await this.#copy.apply({
      time,
      requests: decided === undefined ? toStore(requests) : [],
      markOf: (done) => {
        const all = decided ?? withHousekeeping(house.outcomes, done);
        const entry = { position, time, bytes, outcomes: all };
        const fingerprint = fingerprintOf({ time: told, bytes });
        next = { ...this.#markAfter(frame, standing, entry), fingerprint, ...house.marks };
        return storedMark(next);
      },
    });
    if (next === undefined) throw brokenFrame(position);
    this.#mark = next;
    this.#digests.note(next);
    return { frame, standing, outcomes: decided ?? withHousekeeping(house.outcomes, outcomes) };
  }

  #markAfter(
    frame: Frame,
    standing: Standing,
    entry: LogEntry & { readonly outcomes: readonly LoggedOutcome[] },
  ): Omit<ClusterMark, keyof HouseMarks | 'fingerprint'> {
    const marks = standing === 'new' ? this.#parts.withFrame(frame, entry.time, this.#mark) : this.#mark;
    const { sessions, forgotten } = marks;
    return {
      position: entry.position,
      digest: nextDigest(this.#mark.digest, entry),
      sessions,
      forgotten,
    };
  }

  /** @throws DustError `storage` with detail `unknown_level` */
  #assertKnown(level: number, position: number): void {
    const { knownLevel } = this.#parts;
    if (level > knownLevel) throw unknownLevel(position, level, knownLevel);
  }

  /**
   * What a proposal comes to that is not applied in one moment; undefined for others. When the node ends in the middle, it does it again:
   * the second time finds what is there.
   */
  async #decideAlone(
    proposals: readonly Proposal[],
    position: number,
  ): Promise<readonly LoggedOutcome[] | undefined> {
    const alone = proposals.find(isAlone);
    if (alone === undefined) return undefined;
    if (proposals.length > 1) throw brokenFrame(position);
    return [await this.#changeIndexes(alone)];
  }

  async #changeIndexes(proposal: IndexProposal): Promise<LoggedOutcome> {
    try {
      let wasThere: boolean | undefined;
      if (proposal.kind === 'keepIndexes') {
        await this.#copy.keepIndexes(proposal.prefix, proposal.definitions);
      } else {
        wasThere = await this.#copy.dropIndex(proposal.prefix, proposal.definition);
      }
      return { done: { operations: [], storeSeq: this.#copy.storeSeq }, wasThere };
    } catch (error) {
      if (!isDustError(error) || !isRefusal(error)) throw error;
      return { refused: error };
    }
  }
}

/** @throws DustError `storage`, see {@link FrameApplier} */
function markOf({ logged, storeSeq, isRestoring }: StoreCopy, { knownLevel }: ClusterParts): ClusterMark {
  const mark = readMark(logged?.mark);
  if (mark === undefined && storeSeq > 0 && !isRestoring) throw notACopy(storeSeq);
  const { position, level } = mark ?? NOTHING_APPLIED;
  if (level > knownLevel) throw unknownLevel(position, level, knownLevel);
  return mark ?? NOTHING_APPLIED;
}

function toStore(proposals: readonly Proposal[]): LoggedRequest[] {
  return proposals.filter((proposal): proposal is LoggedRequest => !isAlone(proposal) && !isHouse(proposal));
}

function withBytes(snapshots: SnapshotMarks, { byteLength }: Uint8Array): SnapshotMarks {
  return { ...snapshots, bytes: snapshots.bytes + byteLength };
}
