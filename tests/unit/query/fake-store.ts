import { DustError } from '../../../src/errors.js';
import type { HydrateResult, StoredRecord } from '../../../src/mapping/types.js';
import { comparePaths } from '../../../src/protocol/paths/order.js';
import { isBelow } from '../../../src/protocol/paths/path.js';
import { Pattern } from '../../../src/protocol/paths/pattern.js';
import type { JsonValue, Leaf } from '../../../src/protocol/values/value.js';
import type { Hydrator } from '../../../src/query/read/record-guard.js';
import type { ListPage, ListQuery, RequestOptions } from '../../../src/transport/transport.js';
import { Thing, thingMetadata } from './metadata.js';

/** A store that hands out small pages, lets a test step in before each, and counts what was asked of it. */
export class FakeStore {
  readonly #leaves = new Map<string, Leaf>();
  #seq = 0;
  /** No page holds more leaves than this, whatever is asked for. */
  pageLimit = 1000;
  /** Called before each page, with its number from 1. */
  beforePage: (page: number) => void = () => undefined;
  /** Called after each page, before the reader gets it. */
  afterPage: (page: number) => void = () => undefined;
  readonly listed: number[] = [];
  readonly subtreesRead: string[] = [];

  /** Writes leaves in one operation; undefined deletes. */
  write(values: Readonly<Record<string, JsonValue | undefined>>): this {
    this.#seq++;
    for (const [path, value] of Object.entries(values)) {
      if (value === undefined) this.#leaves.delete(path);
      else this.#leaves.set(path, { path, value, type: 'string', revision: this.#seq });
    }
    return this;
  }

  list(query: ListQuery): Promise<ListPage> {
    return answer(query, () => {
      if (!('pattern' in query)) throw new Error('only patterns are expected');
      const limit = query.limit ?? 1000;
      this.listed.push(limit);
      this.beforePage(this.listed.length);
      const pattern = Pattern.parse(query.pattern);
      const { after, order = 'asc' } = query;
      const sign = order === 'asc' ? 1 : -1;
      const rest = this.#sorted(
        (path) => pattern.matches(path) && (after === undefined || sign * comparePaths(path, after) > 0),
      );
      if (order === 'desc') rest.reverse();
      const items = rest.slice(0, Math.min(limit, this.pageLimit));
      const last = items.at(-1);
      this.afterPage(this.listed.length);
      return { items, nextCursor: items.length < rest.length && last !== undefined ? last.path : null };
    });
  }

  subtree(path: string, options: RequestOptions = {}): Promise<readonly Leaf[]> {
    return answer(options, () => {
      this.subtreesRead.push(path);
      return this.#sorted((other) => other === path || isBelow(other, path));
    });
  }

  #sorted(selects: (path: string) => boolean): Leaf[] {
    const selected = [...this.#leaves.values()].filter(({ path }) => selects(path));
    return selected.sort((a, b) => comparePaths(a.path, b.path));
  }
}

async function answer<T>({ signal }: RequestOptions, work: () => T): Promise<T> {
  await Promise.resolve();
  if (signal?.aborted === true) throw new DustError('aborted', 'The request was called off.');
  return work();
}

/** Makes things of records: a record needs a title, and a count must be a number. */
export function fakeMapper(metadata = thingMetadata()): Hydrator<Thing> {
  return {
    metadata,
    hydrate(record: StoredRecord): HydrateResult<Thing> {
      const start = metadata.prefixPath.length + 2 + record.slug.length;
      const values = new Map(record.leaves.map(({ path, value }) => [path.slice(start), value]));
      const unrecognised = [...values.keys()].filter((name) => !metadata.fieldByWireSegment.has(name));
      const missing = values.has('title') ? [] : ['title'];
      const malformed =
        typeof values.get('count') === 'string'
          ? [{ field: 'count', reason: 'expected an integer, found text' }]
          : [];
      if (missing.length + malformed.length > 0) {
        return { problem: { slug: record.slug, missing, unrecognised, malformed } };
      }
      const entity = Object.assign(new Thing(), Object.fromEntries(values), { slug: record.slug });
      return { entity, ...(unrecognised.length > 0 && { unrecognised }) };
    },
  };
}
