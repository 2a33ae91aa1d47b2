import { weightOf } from '../../../protocol/weight.js';
import type { StoredEntry, StoredGroup } from './stored-group.js';

/** What lies under one key. */
export interface GroupLimits {
  /** The most leaves of a group that is not split, and of a part. */
  readonly leaves: number;
  /** About as many bytes. */
  readonly bytes: number;
  /** A leaf whose value takes more bytes than this, about, lies alone. */
  readonly large: number;
}

/**
 * A change of one leaf writes its whole group, or part, again: so they stay far smaller than a page, and a wide map costs a leaf of it
 * no more than a wide record.
 */
export const GROUP_LIMITS: GroupLimits = { leaves: 64, bytes: 2048, large: 1024 };

/** Bytes of what stands around a value: revision, type, brackets. */
const AROUND = 16;

/** How full parts are made, of eighths, where more leaves come behind the last one: mostly they are written in their order. */
const [FULL, EIGHTHS] = [7, 8];

/** Whether a leaf with this value lies alone. A leaf without a name does not: its path is the key of its group. */
export function isLarge(name: string, value: unknown, { large }: GroupLimits): boolean {
  return name !== '' && weightOf(value) > large;
}

/** The entries as parts that each stay within the limits: one when all of them do. @param isLast whether no part is behind them */
export function partsOf(entries: StoredGroup, limits: GroupLimits, isLast: () => boolean): StoredGroup[] {
  const weights = entries.map(weightOfEntry);
  const weight = weights.reduce((sum, each) => sum + each, 0);
  if (entries.length === 1 || (entries.length <= limits.leaves && weight <= limits.bytes)) return [entries];
  const share = isLast() ? (full: number) => (full * FULL) / EIGHTHS : evenShare;
  const most = { leaves: share(limits.leaves, entries.length), weight: share(limits.bytes, weight) };
  return fill(entries, weights, most);
}

/** What each part gets when as few as possible are about equally full, none of them more than three quarters. */
function evenShare(full: number, all: number): number {
  const most = (full * 3) / 4;
  return all <= most ? most : all / Math.max(2, Math.ceil(all / most));
}

function fill(
  entries: StoredGroup,
  weights: readonly number[],
  most: { readonly leaves: number; readonly weight: number },
): StoredGroup[] {
  const parts: StoredGroup[] = [];
  let start = 0;
  let weight = 0;
  for (let i = 0; i < entries.length; i++) {
    const next = weights[i] ?? 0;
    if (i > start && (i - start + 1 > most.leaves || weight + next > most.weight)) {
      parts.push(entries.slice(start, i));
      start = i;
      weight = 0;
    }
    weight += next;
  }
  parts.push(entries.slice(start));
  return parts;
}

function weightOfEntry(entry: StoredEntry): number {
  return entry[0].length + AROUND + (entry.length === 1 ? 0 : weightOf(entry[3]));
}
