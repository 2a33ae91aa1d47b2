import { comparePaths } from '../../protocol/paths/order.js';
import { literalPattern } from '../../protocol/paths/pattern.js';
import type { Path } from '../../protocol/paths/path.js';
import { isTooLong } from '../../protocol/paths/path-length.js';
import { childPath, escapeSegment, pathFault } from '../../protocol/paths/path.js';
import type { SlugBound, SlugRange } from '../../protocol/values/record-access.js';
import type { ListQuery } from '../../transport/transport.js';

/** How a listing finds the records of a range of slugs. */
export interface SlugListing {
  /** What to list; it may begin a little before the range. */
  readonly query: Pick<ListQuery, 'after' | 'order'> & { readonly pattern: string };
  /** Where a slug lies, in the direction of travel. Behind the range nothing of it comes any more. */
  place(slug: string): 'before' | 'within' | 'behind';
}

/** The last of all characters: with it behind a path, what is below the path comes before. */
const LAST = '\u{10ffff}';
/** The first character that names begin with: in front of it below a path there is hardly anything. */
const FIRST = '!';

/** The listing of a range of slugs below `prefix`; by pattern and cursor, which every server takes. */
export function slugListing(prefix: Path, range: SlugRange): SlugListing {
  const { reverse = false } = range;
  const bounds = boundsOf(range);
  const after = reverse ? startFromAbove(prefix, range) : startFromBelow(prefix, range);
  return {
    query: {
      pattern: `${literalPattern(prefix)}/**`,
      order: reverse ? 'desc' : 'asc',
      ...(after === undefined ? {} : { after }),
    },
    place: (slug) => {
      const side = bounds(slug);
      if (side === 0) return 'within';
      return side < 0 === reverse ? 'behind' : 'before';
    },
  };
}

/** Negative for slugs below the range, positive for those above it. */
function boundsOf({ from, to, startsWith }: SlugRange): (slug: string) => number {
  const prefix = startsWith === undefined ? undefined : escapeSegment(startsWith);
  const low = from && keyOf(from);
  const high = to && keyOf(to);
  return (slug) => {
    const key = `${escapeSegment(slug)}/`;
    if (prefix !== undefined && !key.startsWith(prefix)) return comparePaths(key, prefix);
    if (low !== undefined && !isWithin(comparePaths(key, low), from)) return -1;
    if (high !== undefined && !isWithin(-comparePaths(key, high), to)) return 1;
    return 0;
  };
}

function keyOf({ slug }: SlugBound): string {
  return `${escapeSegment(slug)}/`;
}

/** `order`: positive on the inner side of the bound. */
function isWithin(order: number, bound: SlugBound | undefined): boolean {
  return order > 0 || (order === 0 && bound?.inclusive === true);
}

/** A cursor before everything of the range: records of slugs that only begin like the bound come before its own. */
function startFromBelow(prefix: Path, { from, startsWith }: SlugRange): Path | undefined {
  const starts: Path[] = [];
  if (startsWith !== undefined) starts.push(childPath(prefix, startsWith));
  if (from !== undefined) {
    const own = childPath(prefix, from.slug);
    // '.' is the character before '/'.
    starts.push(from.inclusive ? `${own}.${LAST}` : `${own}/${LAST}`);
  }
  return starts.filter(isPath).sort(comparePaths).at(-1);
}

/** A cursor behind everything of the range: '0' is the character behind '/'. */
function startFromAbove(prefix: Path, { to, startsWith }: SlugRange): Path | undefined {
  const starts: Path[] = [];
  if (to !== undefined) starts.push(`${childPath(prefix, to.slug)}${to.inclusive ? '0' : `/${FIRST}`}`);
  if (startsWith !== undefined) {
    starts.push(raised(childPath(prefix, startsWith)));
  }
  return starts.filter(isPath).sort(comparePaths)[0];
}

/** What is no path is no cursor, nor what is longer than any. Then the listing begins further away. */
function isPath(start: string): boolean {
  return pathFault(start) === undefined && !isTooLong(start);
}

/** The text with its last character raised by one: behind all that begin with the text. */
function raised(text: string): string {
  const characters = Array.from(text);
  const last = characters.pop()?.codePointAt(0) ?? 0;
  const next = last === 0xd7ff ? 0xe000 : Math.min(last + 1, 0x10ffff);
  return `${characters.join('')}${String.fromCodePoint(next)}`;
}
