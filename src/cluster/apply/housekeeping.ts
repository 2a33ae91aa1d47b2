import type { LoggedOutcome } from '../../store/index.js';
import type { Proposal } from '../frame/proposal.js';
import type { Member } from '../members/members.js';
import { decideUpgrade, withMember } from '../members/members.js';
import type { ProposedAt, SnapshotMarks } from '../snapshots/snapshot-marks.js';
import { decideSnapshot } from '../snapshots/snapshot-marks.js';

/** What the nodes know of each other, and of what they keep together beside the store. */
export interface HouseMarks {
  readonly snapshots: SnapshotMarks;
  readonly members: readonly Member[];
  /** The least level that a node must have to understand the log from here on. */
  readonly level: number;
}

/** What became of the proposals of a frame that do not concern the store. */
export interface KeptHouse {
  /** Each in its place; undefined in those of the others. */
  readonly outcomes: readonly (LoggedOutcome | undefined)[];
  readonly marks: HouseMarks;
}

const DONE: LoggedOutcome = { done: { operations: [], storeSeq: 0 } };

/** Carries out the proposals that do not concern the store: decided by the log alone, and so the same on all nodes. */
export function keepHouse(proposals: readonly Proposal[], before: HouseMarks, at: ProposedAt): KeptHouse {
  let marks = before;
  const outcomes = proposals.map((proposal): LoggedOutcome | undefined => {
    switch (proposal.kind) {
      case 'barrier':
        return DONE;
      case 'member':
        marks = { ...marks, members: withMember(marks.members, proposal, at.time) };
        return DONE;
      case 'upgrade': {
        const { outcome, level } = decideUpgrade(proposal, marks, at.time);
        marks = { ...marks, level };
        return outcome;
      }
      case 'snapshot': {
        const { outcome, marks: snapshots } = decideSnapshot(proposal, marks.snapshots, at);
        marks = { ...marks, snapshots };
        return outcome;
      }
      default:
        return undefined;
    }
  });
  return { outcomes, marks };
}

/** One outcome for each proposal. */
export function withHousekeeping(
  decided: readonly (LoggedOutcome | undefined)[],
  byStore: readonly LoggedOutcome[],
): readonly LoggedOutcome[] {
  if (decided.length === byStore.length) return byStore;
  let next = 0;
  return decided.map((outcome) => outcome ?? byStore[next++] ?? DONE);
}
