import type { ChangeMessage } from '../../api/messages.js';

/** A line of the tail: an operation, or that some are missing. */
export type TailLine =
  | {
      readonly kind: 'operation';
      readonly key: string;
      readonly storeSeq: number;
      readonly op: string;
      readonly path: string;
      readonly deviceId: string | null;
    }
  | { readonly kind: 'gap'; readonly key: string };

/** How many lines are kept. */
export const MOST_LINES = 300;

/** The lines with a commit's operations in front, the last one first. */
export function withCommit(
  lines: readonly TailLine[],
  { operations }: Extract<ChangeMessage, { kind: 'commit' }>,
): TailLine[] {
  const newest = operations
    .slice(-MOST_LINES)
    .map(({ storeSeq, op, path, deviceId }, i): TailLine => ({
      kind: 'operation',
      key: `${storeSeq}-${i}`,
      storeSeq,
      op,
      path,
      deviceId,
    }))
    .reverse();
  return [...newest, ...lines].slice(0, MOST_LINES);
}
