import type { Path } from '../../protocol/paths/path.js';
import type { IndexDefinition } from '../../protocol/values/record-access.js';
import type { LeafType } from '../../protocol/values/value.js';
import type { Command, LoggedRequest } from '../../store/index.js';

/** Unique indexes decide what is refused: they are there on every node, or on none, from the same place of the log on. */
export type IndexProposal =
  | { readonly kind: 'keepIndexes'; readonly prefix: Path; readonly definitions: readonly IndexDefinition[] }
  | { readonly kind: 'dropIndex'; readonly prefix: Path; readonly definition: IndexDefinition };

/** Does nothing: whoever sees it applied has seen all that was acknowledged before it was asked for. */
export interface Barrier {
  readonly kind: 'barrier';
}

/**
 * Who takes a snapshot: `claim` asks to take one of the state right behind its frame, `renew` for more time, and `taken` tells that the
 * one at a position is on the shelf and was read back.
 */
export type SnapshotProposal =
  | { readonly kind: 'snapshot'; readonly step: 'claim'; readonly node: string }
  | { readonly kind: 'snapshot'; readonly step: 'renew'; readonly node: string; readonly position: number }
  | {
      readonly kind: 'snapshot';
      readonly step: 'taken';
      readonly node: string;
      readonly position: number;
      /** In bytes, as it lies there. */
      readonly size: number;
    };

/** A node makes itself known to the others. */
export interface MemberProposal {
  readonly kind: 'member';
  /** Of its process. */
  readonly id: string;
  /** For operators to read. */
  readonly name: string;
  /** The greatest level that it understands. */
  readonly level: number;
  /** What it has applied. */
  readonly position: number;
  /** It ends, and is to be forgotten. */
  readonly leaves?: boolean | undefined;
}

/** From here on frames may mean what only nodes of this level understand, if all members do. */
export interface UpgradeProposal {
  readonly kind: 'upgrade';
  readonly level: number;
}

/** What concerns the nodes, and not the store. */
export type HouseProposal = SnapshotProposal | MemberProposal | UpgradeProposal | Barrier;

/** What a node asks all nodes to do, in the order of the log. */
export type Proposal = LoggedRequest | IndexProposal | HouseProposal;

const HOUSE: ReadonlySet<Proposal['kind']> = new Set(['barrier', 'snapshot', 'member', 'upgrade']);

export function isHouse(proposal: Proposal): proposal is HouseProposal {
  return HOUSE.has(proposal.kind);
}

/** Whether a proposal has a frame of its own: it takes more than a moment to apply. */
export function isAlone(proposal: Proposal): proposal is IndexProposal {
  return proposal.kind === 'keepIndexes' || proposal.kind === 'dropIndex';
}

/** How many operations of the store a proposal comes to, about. */
export function weightOf(proposal: Proposal): number {
  return proposal.kind === 'commit' ? proposal.commands.length : 1;
}

/** A proposal as it is sent. The types of leaves are pairs there: JSON has no maps. */
export function proposalText(proposal: Proposal): string {
  return JSON.stringify(proposal.kind === 'commit' ? withPairs(proposal) : proposal);
}

/** A proposal as it was before it became JSON. */
export function proposalOf(parsed: Proposal): Proposal {
  if (parsed.kind !== 'commit' || !parsed.commands.some(hasTypes)) return parsed;
  return {
    ...parsed,
    commands: parsed.commands.map((command) =>
      hasTypes(command) ? { ...command, leafTypes: new Map(command.leafTypes) } : command,
    ),
  };
}

function withPairs(proposal: LoggedRequest & { readonly kind: 'commit' }): unknown {
  if (!proposal.commands.some(hasTypes)) return proposal;
  return {
    ...proposal,
    commands: proposal.commands.map((command) =>
      hasTypes(command) ? { ...command, leafTypes: [...command.leafTypes] } : command,
    ),
  };
}

function hasTypes(command: Command): command is Command & { readonly leafTypes: Iterable<[Path, LeafType]> } {
  return command.op === 'set' && command.leafTypes !== undefined;
}
