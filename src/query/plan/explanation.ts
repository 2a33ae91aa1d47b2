import type { IndexRange, RecordAccess, SlugRange } from '../../protocol/values/record-access.js';
import type { Query } from '../criteria/query.js';
import type { ReadCost } from '../criteria/read-cost.js';
import { describeCriteria } from '../operators/describe-criteria.js';
import { nameOfIndex } from './choose-plan.js';
import type { AccessPath, Plan } from './plan.js';

/** How a find is carried out, and what it cost. */
export interface QueryExplanation extends ReadCost {
  /** What is looked for on the path, such as `state = "open", createdAt from 5`; empty where nothing bounds it. */
  readonly bounds: string;
  /** Whether records that are found are still tested against the where. */
  readonly tested: boolean;
  /** Whether they come in the order that was asked for, are sorted in groups as they come, or all together. */
  readonly order: 'as found' | 'sorted in groups' | 'sorted';
  /** Whether they were read in this process. */
  readonly local: boolean;
  /** Indexes that were not considered, each by the names of its parts with the reason; absent where all of them were. */
  readonly passedOver?: readonly string[];
  /** How many were returned. */
  readonly returned: number;
}

/** What a plan says of itself. */
export function explain<T extends object>(
  query: Query<T>,
  { path, isExact, isOrdered, sortedBy }: Plan,
): Omit<QueryExplanation, 'local' | 'examined' | 'returned' | 'passedOver'> {
  return {
    ...nameOfPath(path),
    bounds: boundsOf(path),
    tested: query.alternatives !== undefined && !isExact,
    order: isOrdered ? 'as found' : sortedBy > 0 ? 'sorted in groups' : 'sorted',
  };
}

/** A path by its name, and the name of its index. */
export function nameOfPath(path: AccessPath): Omit<ReadCost, 'examined'> {
  return {
    path: NAMES[path.by],
    ...(path.by === 'index' ? { index: nameOfIndex(path.access.index) } : {}),
  };
}

const NAMES = {
  slugs: 'slugs',
  'slug-ranges': 'slug range',
  index: 'index',
  scan: 'scan',
  several: 'several',
  nothing: 'nothing',
} as const;

/** So many ranges are written out. */
const SHOWN = 3;

function boundsOf(path: AccessPath): string {
  switch (path.by) {
    case 'slugs':
      return listed(path.slugs.map((slug) => JSON.stringify(slug)));
    case 'slug-ranges':
      return listed(path.ranges.map(slugBounds));
    case 'index':
      return listed(path.access.ranges.map((range) => indexBounds(path.access, range)));
    case 'several':
      return path.paths.map((each) => `${NAMES[each.by]} ${boundsOf(each)}`.trim()).join('; ');
    default:
      return '';
  }
}

function listed(texts: readonly string[]): string {
  const shown = texts.slice(0, SHOWN).filter((text) => text !== '');
  const more = texts.length - SHOWN;
  return more > 0 ? `${shown.join(' or ')} or ${more} more` : shown.join(' or ');
}

function slugBounds({ from, to, startsWith }: SlugRange): string {
  const bounds = [
    ...(startsWith === undefined ? [] : [`begins with ${JSON.stringify(startsWith)}`]),
    ...(from === undefined ? [] : [`${from.inclusive ? 'from' : 'after'} ${JSON.stringify(from.slug)}`]),
    ...(to === undefined ? [] : [`${to.inclusive ? 'to' : 'before'} ${JSON.stringify(to.slug)}`]),
  ];
  return bounds.join(' ');
}

function indexBounds(
  { index }: Extract<RecordAccess, { by: 'index' }>,
  { equal, from, to, present }: IndexRange,
): string {
  const pathOf = (part: number): string => index.parts[part]?.path ?? '';
  const texts = equal.map((value, part) => `${pathOf(part)} = ${describeCriteria(value)}`);
  const bounds = [
    ...(from === undefined ? [] : [`${from.inclusive ? 'from' : 'after'} ${describeCriteria(from.value)}`]),
    ...(to === undefined ? [] : [`${to.inclusive ? 'to' : 'before'} ${describeCriteria(to.value)}`]),
    ...(present === true ? ['not null'] : []),
  ];
  if (bounds.length > 0) texts.push(`${pathOf(equal.length)} ${bounds.join(' ')}`);
  return texts.join(', ');
}
