import { isDustError } from '../../errors.js';
import type { LoggedOutcome, LoggedRequest, StoreCopy } from '../../store/index.js';
import { isRefusal } from '../../store/index.js';
import { brokenFrame, diverged, holeInLog, notACopy, unknownLevel } from '../errors.js';
import type { Frame } from '../frame/frame.js';
import { decodeFrame } from '../frame/frame.js';
import type { IndexProposal, Proposal } from '../frame/proposal.js';
import { isAlone, proposalOf } from '../frame/proposal.js';
import type { LogEntry } from '../log/replicated-log.js';
import type { ClusterParts } from '../parts.js';
import { defaultClusterParts } from '../parts.js';
import type { ClusterMark } from './cluster-mark.js';
import { NOTHING_APPLIED, readMark, storedMark } from './cluster-mark.js';
import { nextDigest } from './digest.js';
import { RecentDigests } from './recent-digests.js';
import type { ProposedAt, SnapshotMarks } from '../snapshots/snapshot-marks.js';
import { decideSnapshot } from '../snapshots/snapshot-marks.js';
import type { Standing } from './sessions.js';

/** The greatest level whose frames this version understands. */
export const KNOWN_LEVEL = 1;

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

  /**
   * @throws DustError `storage` with detail `not_a_copy` for a store that holds something and follows no log, `unknown_level` for one that
   * followed it with a later version
   */
  constructor(copy: StoreCopy, parts: ClusterParts = defaultClusterParts) {
    this.#copy = copy;
    this.#parts = parts;
    this.#mark = markOf(copy);
    this.#digests = new RecentDigests(this.#mark);
  }

  /** How far the node has come. */
  get mark(): ClusterMark {
    return this.#mark;
  }

  /** Goes on from where the copy stands, after its state was replaced. @throws as the constructor does */
  beginAgain(): void {
    this.#mark = markOf(this.#copy);
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
    if (frame.level > KNOWN_LEVEL) throw unknownLevel(position, frame.level, KNOWN_LEVEL);
    // A sender that had applied what lies behind its own frame has followed another log.
    if (frame.applied.position >= position || this.#digests.contradicts(frame.applied)) {
      throw diverged(frame.applied.position, position);
    }
    const standing = this.#parts.standingOf(frame, this.#mark);
    const requests = standing === 'new' ? frame.proposals.map(proposalOf) : [];
    const decided = await this.#decideAlone(requests, position);
    const house = housekeeping(requests, withBytes(this.#mark.snapshots, bytes), {
      position,
      time,
      storeSeq: this.#copy.storeSeq,
    });
    let next: ClusterMark | undefined;
    const outcomes = await this.#copy.apply({
      time,
      requests: decided === undefined ? toStore(requests) : [],
      markOf: (done) => {
        const all = decided ?? withHousekeeping(house.outcomes, done);
        const entry = { position, time, bytes, outcomes: all };
        next = { ...this.#markAfter(frame, standing, entry), snapshots: house.snapshots };
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
  ): Omit<ClusterMark, 'snapshots'> {
    const marks = standing === 'new' ? this.#parts.withFrame(frame, entry.time, this.#mark) : this.#mark;
    const { sessions, forgotten } = marks;
    return {
      position: entry.position,
      digest: nextDigest(this.#mark.digest, entry),
      level: Math.max(this.#mark.level, frame.level),
      sessions,
      forgotten,
    };
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
      if (proposal.kind === 'keepIndexes') {
        await this.#copy.keepIndexes(proposal.prefix, proposal.definitions);
      } else {
        await this.#copy.dropIndex(proposal.prefix, proposal.definition);
      }
      return { done: { operations: [], storeSeq: this.#copy.storeSeq } };
    } catch (error) {
      if (!isDustError(error) || !isRefusal(error)) throw error;
      return { refused: error };
    }
  }
}

/** @throws DustError `storage`, see {@link FrameApplier} */
function markOf({ logged, storeSeq, isRestoring }: StoreCopy): ClusterMark {
  const mark = readMark(logged?.mark);
  if (mark === undefined && storeSeq > 0 && !isRestoring) throw notACopy(storeSeq);
  const { position, level } = mark ?? NOTHING_APPLIED;
  if (level > KNOWN_LEVEL) throw unknownLevel(position, level, KNOWN_LEVEL);
  return mark ?? NOTHING_APPLIED;
}

function toStore(proposals: readonly Proposal[]): LoggedRequest[] {
  return proposals.filter(
    (proposal): proposal is LoggedRequest =>
      !isAlone(proposal) && proposal.kind !== 'barrier' && proposal.kind !== 'snapshot',
  );
}

function withBytes(snapshots: SnapshotMarks, { byteLength }: Uint8Array): SnapshotMarks {
  return { ...snapshots, bytes: snapshots.bytes + byteLength };
}

const NOTHING: LoggedOutcome = { done: { operations: [], storeSeq: 0 } };

/** What becomes of the proposals that do not concern the store, each in its place; undefined in those of the others. */
function housekeeping(
  proposals: readonly Proposal[],
  before: SnapshotMarks,
  at: ProposedAt,
): { readonly outcomes: readonly (LoggedOutcome | undefined)[]; readonly snapshots: SnapshotMarks } {
  let snapshots = before;
  const outcomes = proposals.map((proposal) => {
    if (proposal.kind === 'barrier') return NOTHING;
    if (proposal.kind !== 'snapshot') return undefined;
    const { outcome, marks } = decideSnapshot(proposal, snapshots, at);
    snapshots = marks;
    return outcome;
  });
  return { outcomes, snapshots };
}

/** One outcome for each proposal. */
function withHousekeeping(
  decided: readonly (LoggedOutcome | undefined)[],
  byStore: readonly LoggedOutcome[],
): readonly LoggedOutcome[] {
  if (decided.length === byStore.length) return byStore;
  let next = 0;
  return decided.map((outcome) => outcome ?? byStore[next++] ?? NOTHING);
}
