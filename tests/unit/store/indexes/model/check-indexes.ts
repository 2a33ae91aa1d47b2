import type { LocalRecords } from '../../../../../src/protocol/values/record-access.js';
import type { StoreStorage } from '../../../../../src/store/index.js';
import { naiveOrder, naiveRecords } from './naive-index.js';

/**
 * Holds every complete index of a storage to what all of its leaves together give.
 *
 * @throws where it says something else
 */
export function checkIndexes(storage: StoreStorage, recordsOf: (prefix: string) => LocalRecords): void {
  const leaves = [...storage.leaves.range({})];
  for (const { definition, state } of storage.indexes.definitions) {
    if (state.name !== 'complete') continue;
    const records = recordsOf(definition.prefix);
    const expected = naiveRecords(leaves, definition.prefix);
    const access = { by: 'index', index: definition, ranges: [{ equal: [] }] } as const;
    const by = definition.parts.map(({ path }) => path).join(', ');
    const walked = [...records.walk(access)];
    same(`entries by ${by}`, slugsOf(walked), naiveOrder(definition, expected));
    const falling = slugsOf(records.walk({ ...access, reverse: true }));
    same(`entries by falling ${by}`, falling, naiveOrder(definition, expected, true));
    same(`number of entries by ${by}`, records.count(access), expected.length);
    const leavesBySlug = new Map(expected.map((record) => [record.slug, record.leaves]));
    for (const { slug, leaves: read } of walked) same(`leaves of ${slug}`, read, leavesBySlug.get(slug));
  }
  const known = new Set(storage.indexes.definitions.map(({ number }) => number.toString(36)));
  for (const key of storage.indexes.keys.range({ from: '0', to: '~' })) {
    if (!known.has(key.slice(0, key.indexOf(':')))) throw new Error(`an entry of no index: ${key}`);
  }
}

const slugsOf = (records: Iterable<{ readonly slug: string }>): string[] =>
  Array.from(records, ({ slug }) => slug);

function same(what: string, found: unknown, expected: unknown): void {
  const [left, right] = [JSON.stringify(found), JSON.stringify(expected)];
  if (left !== right) throw new Error(`${what}: found ${left}, expected ${right}`);
}
