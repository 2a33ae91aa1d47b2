import type { GroupText, Line } from './group-text.js';

/** What lies under one key. */
export interface GroupLimits {
  /** The most leaves of a group that is not split, and of a part. */
  readonly leaves: number;
  /** Their most characters, which are about as many bytes. */
  readonly length: number;
  /** A leaf whose value is written in more characters than this lies alone. */
  readonly large: number;
}

/**
 * A change of one leaf writes its whole group, or part, again: so they stay far smaller than a page, and a wide map costs a leaf of it
 * no more than a wide record.
 */
export const GROUP_LIMITS: GroupLimits = { leaves: 64, length: 2048, large: 1024 };

/** How full parts are made where no part is behind them: mostly leaves are written in their order. */
const FULL = 7 / 8;

/** How full others are made: they get more from all sides. */
const HALF_FULL = 3 / 4;

/** Whether a leaf with a value of this length lies alone. A leaf without a name does not: its path is the key of its group. */
export function isLarge(name: string, json: string, { large }: GroupLimits): boolean {
  return json.length > large && name !== '';
}

/** Whether a group or a part may have this text and so many lines. */
export function fits(text: GroupText, lines: number, limits: GroupLimits): boolean {
  return lines <= limits.leaves && text.length <= limits.length;
}

/** Lines that are too many as parts that each stay within the limits. @param isLast whether no part is behind them */
export function partsOf(lines: readonly Line[], limits: GroupLimits, isLast: boolean): Line[][] {
  const length = lines.reduce((sum, line) => sum + line.length + 1, 0);
  const most = isLast
    ? { leaves: limits.leaves * FULL, length: limits.length * FULL }
    : { leaves: evenShare(limits.leaves, lines.length), length: evenShare(limits.length, length) };
  const parts: Line[][] = [];
  let part: Line[] = [];
  let used = 0;
  for (const line of lines) {
    if (part.length > 0 && (part.length + 1 > most.leaves || used + line.length + 1 > most.length)) {
      parts.push(part);
      part = [];
      used = 0;
    }
    part.push(line);
    used += line.length + 1;
  }
  parts.push(part);
  return parts;
}

/** What each part gets of `all` when as few as possible are about equally full. */
function evenShare(full: number, all: number): number {
  const most = full * HALF_FULL;
  return all <= most ? most : all / Math.max(2, Math.ceil(all / most));
}
