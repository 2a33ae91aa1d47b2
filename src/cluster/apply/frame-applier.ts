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
  readonly #digests: RecentDigests;

  /**
   * @throws DustError `storage` with detail `not_a_copy` for a store that holds something and follows no log, `unknown_level` for one that
   * followed it with a later version
   */
  constructor(copy: StoreCopy, parts: ClusterParts = defaultClusterParts) {
    this.#copy = copy;
    this.#parts = parts;
    const mark = readMark(copy.logged?.mark);
    const { storeSeq } = copy;
    if (mark === undefined && storeSeq > 0) throw notACopy(storeSeq);
    this.#mark = mark ?? NOTHING_APPLIED;
    const { position, level } = this.#mark;
    if (level > KNOWN_LEVEL) throw unknownLevel(position, level, KNOWN_LEVEL);
    this.#digests = new RecentDigests(this.#mark);
  }

  /** How far the node has come. */
  get mark(): ClusterMark {
    return this.#mark;
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
    let next: ClusterMark | undefined;
    const outcomes = await this.#copy.apply({
      time,
      requests: decided === undefined ? toStore(requests) : [],
      markOf: (done) => {
        const all = decided ?? withBarriers(requests, done);
        next = this.#markAfter(frame, standing, { position, time, bytes, outcomes: all });
        return storedMark(next);
      },
    });
    if (next === undefined) throw brokenFrame(position);
    this.#mark = next;
    this.#digests.note(next);
    return { frame, standing, outcomes: decided ?? withBarriers(requests, outcomes) };
  }

  #markAfter(
    frame: Frame,
    standing: Standing,
    entry: LogEntry & { readonly outcomes: readonly LoggedOutcome[] },
  ): ClusterMark {
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

function toStore(proposals: readonly Proposal[]): LoggedRequest[] {
  return proposals.filter(
    (proposal): proposal is LoggedRequest => !isAlone(proposal) && proposal.kind !== 'barrier',
  );
}

/** One outcome for each proposal: those that do nothing are done where they stand. */
function withBarriers(
  proposals: readonly Proposal[],
  outcomes: readonly LoggedOutcome[],
): readonly LoggedOutcome[] {
  if (proposals.length === outcomes.length) return outcomes;
  let next = 0;
  return proposals.map((proposal): LoggedOutcome => {
    const outcome = proposal.kind === 'barrier' ? undefined : outcomes[next++];
    return outcome ?? { done: { operations: [], storeSeq: 0 } };
  });
}
