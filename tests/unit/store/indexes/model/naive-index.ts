import type {
  IndexDefinition,
  IndexPart,
  RecordLeaves,
} from '../../../../../src/protocol/values/record-access.js';
import type { JsonValue, Leaf } from '../../../../../src/protocol/values/value.js';

/** What an index should say, worked out anew from all leaves and by nothing that the store works it out by. */

const bytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
const unescape = (segment: string): string => segment.replaceAll('~1', '/').replaceAll('~0', '~');

/** The records below a prefix, in store order. */
export function naiveRecords(leaves: readonly Leaf[], prefix: string): RecordLeaves[] {
  const records = new Map<string, Leaf[]>();
  for (const leaf of leaves) {
    if (!leaf.path.startsWith(`${prefix}/`)) continue;
    const [segment = '', ...rest] = leaf.path.slice(prefix.length + 1).split('/');
    if (rest.length === 0) continue;
    records.set(segment, [...(records.get(segment) ?? []), leaf]);
  }
  return [...records]
    .sort(([a], [b]) => bytes(`${a}/`, `${b}/`))
    .map(([segment, own]) => ({ slug: unescape(segment), leaves: own }));
}

/** A value with the rank of what it is: something, null, garbage. */
type Ranked = readonly [rank: 0 | 1 | 2, value: number | string];

function read({ type }: IndexPart, stored: JsonValue): Ranked {
  if (stored === null) return [1, 0];
  const of = (value: number | string | undefined): Ranked => (value === undefined ? [2, 0] : [0, value]);
  switch (type) {
    case 'string':
      return of(typeof stored === 'string' ? stored : undefined);
    case 'number':
      return of(typeof stored === 'number' ? stored : undefined);
    case 'boolean':
      return of(typeof stored === 'boolean' ? Number(stored) : undefined);
    case 'date': {
      const bare: any = (stored as any)._type === 'datetime' ? (stored as any)._typed : stored;
      return of(typeof bare === 'string' && /^\d{4}-\d\d-\d\d/.test(bare) ? Date.parse(bare) : undefined);
    }
    default:
      throw new Error(`the model knows no ${type}`);
  }
}

function valueAt(record: string, path: string, leaves: readonly Leaf[]): JsonValue | undefined {
  const own = leaves.find((leaf) => leaf.path === `${record}/${path}`);
  if (own !== undefined) return own.value;
  const segments = path.split('/');
  for (let i = segments.length - 1; i > 0; i--) {
    const above = `${record}/${segments.slice(0, i).join('/')}`;
    const holder: any = leaves.find((leaf) => leaf.path === above)?.value;
    if (holder === undefined || (typeof holder !== 'object' && holder !== null)) continue;
    if (leaves.some((leaf) => leaf.path.startsWith(`${above}/`))) return undefined;
    if (holder === null) return null;
    if (holder._type !== 'json') return undefined;
    let at: any = holder;
    for (const segment of segments.slice(i)) {
      if (at?._type === 'json') at = at._typed;
      at = at?.[segment];
    }
    return at;
  }
  return undefined;
}

/** The values of the parts, ranked. */
export function naiveValues(
  { prefix, parts }: IndexDefinition,
  { slug, leaves }: RecordLeaves,
): readonly Ranked[] {
  const record = `${prefix}/${slug.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  return parts.map((part) => read(part, valueAt(record, part.path, leaves) ?? missing(part, record, leaves)));
}

function missing(part: IndexPart, record: string, leaves: readonly Leaf[]): JsonValue {
  return valueAt(record, part.path, leaves) === null ? null : (part.absent ?? null);
}

export function compareRanked(a: readonly Ranked[], b: readonly Ranked[]): number {
  for (const [i, [rank, value]] of a.entries()) {
    const [otherRank, other] = b[i]!;
    if (rank !== otherRank) return rank - otherRank;
    if (rank !== 0 || value === other) continue;
    return typeof value === 'string' ? bytes(value, String(other)) : value - Number(other);
  }
  return 0;
}

/** The slugs of records in the order of an index, or by falling values. */
export function naiveOrder(
  definition: IndexDefinition,
  records: readonly RecordLeaves[],
  falling = false,
): string[] {
  const keyed = records.map((record) => ({ slug: record.slug, values: naiveValues(definition, record) }));
  const sign = falling ? -1 : 1;
  // Stable: records come in store order.
  return keyed.sort((a, b) => sign * compareRanked(a.values, b.values)).map(({ slug }) => slug);
}
