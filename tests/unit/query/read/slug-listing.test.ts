import { comparePaths } from '../../../../src/protocol/paths/order.js';
import { childPath, pathFault } from '../../../../src/protocol/paths/path.js';
import type { SlugBound, SlugRange } from '../../../../src/protocol/values/record-access.js';
import { slugListing } from '../../../../src/query/read/slug-listing.js';
import { Draw } from '../plan/model/draw.js';
import { SLUGS } from '../plan/model/leaves.js';

const key = (slug: string): string => `${slug.replaceAll('~', '~0').replaceAll('/', '~1')}/`;
const bytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

function isWithin(slug: string, { from, to, startsWith = '' }: SlugRange): boolean {
  const low = from === undefined ? 1 : bytes(key(slug), key(from.slug));
  const high = to === undefined ? -1 : bytes(key(slug), key(to.slug));
  const isAbove = low > 0 || (low === 0 && from?.inclusive === true);
  const isBelow = high < 0 || (high === 0 && to?.inclusive === true);
  return slug.startsWith(startsWith) && isAbove && isBelow;
}

const sorted = [...SLUGS].sort((a, b) => bytes(key(a), key(b)));

function anyRange(draw: Draw): SlugRange {
  const bound = (): SlugBound => ({
    slug: draw.percent(80) ? draw.of(SLUGS) : draw.of(['', 'a!', 'b.', '\u{10ffff}', '\ud83d']),
    inclusive: draw.percent(50),
  });
  return {
    by: 'slug-range',
    reverse: draw.percent(50),
    ...(draw.percent(60) && { from: bound() }),
    ...(draw.percent(60) && { to: bound() }),
    ...(draw.percent(40) && { startsWith: draw.of(['a', 'b', '~', 'a/', '😀', 'c-', '\u{10ffff}']) }),
  };
}

it('a listing of a range comes past every slug in it, and tells where each other one lies', () => {
  const draw = new Draw(3);
  for (let i = 0; i < 500; i++) {
    const range = anyRange(draw);
    const { query, place } = slugListing('p', range);
    const { after, order } = query;
    const travelled = range.reverse === true ? sorted.toReversed() : sorted;
    expect(after === undefined || pathFault(after) === undefined).toBe(true);
    expect(order).toBe(range.reverse === true ? 'desc' : 'asc');
    const sign = range.reverse === true ? -1 : 1;
    const listed = travelled.filter(
      (slug) => after === undefined || sign * comparePaths(`${childPath('p', slug)}/name`, after) > 0,
    );
    const places = listed.map((slug) => place(slug));
    const found = listed.filter((_, k) => places[k] === 'within');
    expect([range, found]).toEqual([range, travelled.filter((slug) => isWithin(slug, range))]);
    // Nothing of the range comes behind what is behind it, nor anything in front of it behind that.
    const rank = places.map((each) => ['before', 'within', 'behind'].indexOf(each));
    expect(rank).toEqual([...rank].sort((a, b) => a - b));
  }
});
