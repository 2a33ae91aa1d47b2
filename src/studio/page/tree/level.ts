import type { ChildInfo, ChildrenPage } from '../../api/messages.js';

/** The children of one path, as far as they are opened. */
export interface Level {
  readonly state: 'loading' | 'ready' | 'failed';
  readonly children: readonly ChildInfo[];
  readonly nextCursor: string | null;
  /** What the first child shown comes behind; undefined at the beginning. */
  readonly after?: string | undefined;
  readonly error?: unknown;
}

/** How many children a page has, and how many of a level are kept. */
export const LEVEL_PAGE = 200;
export const MOST_CHILDREN = 1_000;

/** A level of which nothing is known yet. */
export const UNKNOWN: Level = { state: 'loading', children: [], nextCursor: null };

/** A level with one page more. Of a long level the first pages are dropped. */
export function withPage(level: Level, page: ChildrenPage, cursor: string | undefined): Level {
  const all = cursor === undefined ? page.children : [...level.children, ...page.children];
  const dropped = Math.max(0, all.length - MOST_CHILDREN);
  return {
    state: 'ready',
    children: dropped === 0 ? all : all.slice(dropped),
    nextCursor: page.nextCursor,
    // A cursor is opaque, so that a level which lost its beginning can only be shown from there again.
    after: dropped === 0 ? (cursor === undefined ? undefined : level.after) : (cursor ?? level.after),
  };
}

/** A line of the tree. */
export type TreeLine =
  | {
      readonly kind: 'node';
      readonly key: string;
      readonly level: number;
      readonly child: ChildInfo;
      readonly open: boolean;
    }
  | { readonly kind: 'more'; readonly key: string; readonly level: number; readonly parent: string }
  | { readonly kind: 'start'; readonly key: string; readonly level: number; readonly parent: string }
  | { readonly kind: 'loading'; readonly key: string; readonly level: number; readonly parent: string }
  | {
      readonly kind: 'failed';
      readonly key: string;
      readonly level: number;
      readonly parent: string;
      readonly error: unknown;
    };

/** The lines that are seen: every open level below the one it belongs to. */
export function visibleLines(levels: ReadonlyMap<string, Level>, parent = '', depth = 1): TreeLine[] {
  const found = levels.get(parent);
  if (!found) return [];
  const lines: TreeLine[] = [];
  if (found.after !== undefined) lines.push({ kind: 'start', key: `${parent}/start`, level: depth, parent });
  for (const child of found.children) {
    const open = levels.has(child.path);
    lines.push({ kind: 'node', key: child.path, level: depth, child, open });
    if (open) {
      for (const line of visibleLines(levels, child.path, depth + 1)) lines.push(line);
    }
  }
  if (found.state === 'loading') {
    lines.push({ kind: 'loading', key: `${parent}/loading`, level: depth, parent });
  } else if (found.state === 'failed') {
    lines.push({ kind: 'failed', key: `${parent}/failed`, level: depth, parent, error: found.error });
  } else if (found.nextCursor !== null) {
    lines.push({ kind: 'more', key: `${parent}/more`, level: depth, parent });
  }
  return lines;
}

/** How many leaves, such as `12` or `5,000+`. */
export function countText({ leaves, atLeast }: ChildInfo): string {
  return `${leaves.toLocaleString('en')}${atLeast ? '+' : ''}`;
}
