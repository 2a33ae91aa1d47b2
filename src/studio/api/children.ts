import { assertPath, isBelow, unescapeSegment } from '../../protocol/paths/path.js';
import type { Path } from '../../protocol/paths/path.js';
import { literalPattern } from '../../protocol/paths/pattern.js';
import { MAX_PAGE_SIZE } from '../../protocol/requests/listing.js';
import type { ChildInfo, ChildrenPage } from './messages.js';
import type { Asking, StudioSource } from './source.js';

/** Leaves below one child that are counted at the most. */
const COUNTED = 1000;

/** Listings that one answer may take: in this process, and over a network. */
const PAGES = { here: 40, remote: 8 } as const;

/** Sorts behind all segments that anybody writes: Unicode has no character here. */
const LAST_SEGMENT = '\u{10FFFF}';

/** Which part of a level to list. */
export interface ChildrenRequest {
  /** The path above; empty for the whole store. */
  readonly path: string;
  /** The `nextCursor` of the page before. */
  readonly after?: string | undefined;
  readonly limit: number;
}

interface Child {
  readonly path: Path;
  leaves: number;
  atLeast: boolean;
  isLeaf: boolean;
  /** Where the listing goes on behind it. */
  after: Path;
}

/**
 * What begins with one more segment than `path`. Listing skips from one child to the next as soon as it has been counted as far as
 * counting goes, so that a page costs what it shows, and not what lies below it. A page that has cost enough ends early.
 *
 * @throws StudioRefusal; DustError `invalid_params` for a malformed path; what reading the store throws
 */
export async function listChildren(
  { transport, entities, isRemote }: StudioSource,
  { path, after, limit }: ChildrenRequest,
  { signal }: Asking,
): Promise<ChildrenPage> {
  if (path !== '') assertPath(path);
  if (after !== undefined) assertPath(after);
  const pattern = path === '' ? '**' : `${literalPattern(path)}/**`;
  const start = path === '' ? 0 : path.length + 1;
  const children = new Map<Path, Child>();
  const pages = isRemote ? PAGES.remote : PAGES.here;
  let last: Child | undefined;
  let cursor = after;
  const page = (isOver: boolean): ChildrenPage => ({
    children: Array.from(children.values(), (child) => shown(child, entities)),
    nextCursor: isOver || last === undefined ? null : last.after,
  });
  for (let read = 0; read < pages; read++) {
    const { items, nextCursor } = await transport.listKeys({
      pattern,
      limit: MAX_PAGE_SIZE,
      signal,
      ...(cursor === undefined ? {} : { after: cursor }),
    });
    cursor = nextCursor ?? undefined;
    for (const key of items) {
      const at = childOf(key, start);
      const known = children.get(at);
      if (known === undefined && children.size === limit) return page(false);
      last = known ?? { path: at, leaves: 0, atLeast: false, isLeaf: false, after: at };
      children.set(at, last);
      note(last, key);
      if (last.leaves < COUNTED || key === at) continue;
      last.atLeast = true;
      cursor = last.after;
      break;
    }
    if (cursor === undefined) return page(true);
  }
  if (last !== undefined && last.after !== last.path) last.atLeast = true;
  return page(false);
}

function note(child: Child, key: Path): void {
  child.leaves++;
  if (key === child.path) child.isLeaf = true;
  // A path that is no store's is listed behind: the next one below it then.
  else child.after = nextBehind(child.path, key);
}

/** Behind all that lies below the child, also where `key` lies behind that already. */
function nextBehind(child: Path, key: Path): Path {
  const last = `${child}/${LAST_SEGMENT}`;
  return isBelow(key, child) && key.startsWith(last) ? key : last;
}

function childOf(key: Path, start: number): Path {
  const end = key.indexOf('/', start);
  return end === -1 ? key : key.slice(0, end);
}

function shown({ path, leaves, atLeast, isLeaf }: Child, entities: StudioSource['entities']): ChildInfo {
  const entity = entities.find(({ info }) => info.prefix === path)?.info.name;
  return {
    path,
    segment: unescapeSegment(path.slice(path.lastIndexOf('/') + 1)),
    leaves,
    atLeast,
    isLeaf,
    ...(entity === undefined ? {} : { entity }),
  };
}
