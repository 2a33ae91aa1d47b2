import type { JsonValue } from '../../protocol/values/value.js';
import type { LoggedOutcome } from '../../store/index.js';
import type { MemberProposal, UpgradeProposal } from '../frame/proposal.js';
import { membersBehind } from './errors.js';

/** A node that has made itself known in the log. */
export interface Member {
  /** Of its process; random. */
  readonly id: string;
  /** For operators to read. */
  readonly name: string;
  /** The greatest level that it understands. */
  readonly level: number;
  /** What it had applied when it told so. */
  readonly position: number;
  /** When the log took that in, in milliseconds since the Unix epoch. */
  readonly time: number;
}

/** How often a node makes itself known, in milliseconds. */
export const ANNOUNCE_INTERVAL = 30_000;

/** How long a node counts that is silent, in milliseconds of the log's time. */
export const MEMBER_LIFETIME = 300_000;

/** How many are remembered at most: beyond, those go first that were silent for the longest. */
const MAX_MEMBERS = 1_000;

/** Those that count at `time`. */
export function livingMembers(members: readonly Member[], time: number): readonly Member[] {
  return members.filter((member) => time - member.time < MEMBER_LIFETIME);
}

/** The members when one has told of itself at `time`, whoever told last at the end. */
export function withMember(
  members: readonly Member[],
  { id, name, level, position, leaves }: MemberProposal,
  time: number,
): readonly Member[] {
  const others = livingMembers(members, time).filter((member) => member.id !== id);
  if (leaves === true) return others;
  return [...others.slice(1 - MAX_MEMBERS), { id, name, level, position, time }];
}

/** Whether the level is raised: when every member understands it. */
export function decideUpgrade(
  { level }: UpgradeProposal,
  marks: { readonly level: number; readonly members: readonly Member[] },
  time: number,
): { readonly outcome: LoggedOutcome; readonly level: number } {
  const behind = livingMembers(marks.members, time).filter((member) => member.level < level);
  if (behind.length > 0) return { outcome: { refused: membersBehind(level, behind) }, level: marks.level };
  return { outcome: { done: { operations: [], storeSeq: 0 } }, level: Math.max(marks.level, level) };
}

/** As a store keeps them. */
export function storedMembers(members: readonly Member[]): JsonValue {
  return members.map(({ id, name, level, position, time }) => [id, name, level, position, time]);
}

/** Those that a store keeps, none where it keeps none yet; undefined for anything else. */
export function readMembers(stored: JsonValue | undefined): readonly Member[] | undefined {
  if (stored === undefined) return [];
  if (!Array.isArray(stored)) return undefined;
  const list = stored as readonly JsonValue[];
  const members = list.flatMap((item) => memberOf(item) ?? []);
  return members.length < list.length ? undefined : members;
}

function memberOf(stored: JsonValue): Member | undefined {
  if (!Array.isArray(stored)) return undefined;
  const [id, name, level, position, time] = stored as readonly JsonValue[];
  return typeof id === 'string' &&
    typeof name === 'string' &&
    typeof level === 'number' &&
    typeof position === 'number' &&
    typeof time === 'number'
    ? { id, name, level, position, time }
    : undefined;
}
