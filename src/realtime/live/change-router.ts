import { toStoredRecord } from '../../mapping/index.js';
import type { RecordChange, RecordCommit } from '../../protocol/requests/operation.js';
import type { Property } from '../../query/index.js';
import type { RealtimeContext } from '../context.js';
import type { Pin } from './interest.js';
import { keyIn } from './interest.js';

/** A record that a commit changed. */
export interface RoutedChange {
  readonly commit: RecordCommit;
  readonly change: RecordChange;
}

/** Where a record was last seen: by what was told, and by reads, which may have been ahead of that. Mostly both say one thing. */
type Seen = string | readonly string[];

/** Who watches records by the value of one property. */
interface PinnedProperty<List> {
  readonly property: Property;
  readonly lists: Map<string, Set<List>>;
  /** The keys that a record was last seen under, for those somebody watches: only there it can leave a list. */
  readonly keys: Map<string, Seen>;
}

/**
 * Finds the lists that a change of a record can concern: those that watch its slug, the value it had or the value it has, and those
 * that watch everything. What a change costs does not depend on the others.
 */
export class ChangeRouter<T extends object, List> {
  readonly #context: Pick<RealtimeContext<T>, 'mapper' | 'metadata'>;
  readonly #everything = new Set<List>();
  readonly #bySlug = new Map<string, Set<List>>();
  readonly #byProperty = new Map<string, PinnedProperty<List>>();

  constructor(context: Pick<RealtimeContext<T>, 'mapper' | 'metadata'>) {
    this.#context = context;
  }

  /** Has the list told of every change. */
  watchAll(list: List): void {
    this.#everything.add(list);
  }

  /** From now on the list is told of what its pins say. */
  pin(list: List, pins: readonly Pin[]): void {
    this.#everything.delete(list);
    for (const pin of pins) {
      if ('slugs' in pin) for (const slug of pin.slugs) addTo(this.#bySlug, slug, list);
      else this.#pinProperty(list, pin);
    }
  }

  /** Takes note of records that a list with these pins has read: from there they can leave it. */
  noteFound(pins: readonly Pin[], entities: Iterable<readonly [slug: string, entity: object]>): void {
    const properties = pins.flatMap((pin) =>
      'slugs' in pin ? [] : (this.#byProperty.get(pin.leafPath) ?? []),
    );
    if (properties.length === 0) return;
    for (const [slug, entity] of entities) {
      for (const pinned of properties) seeAlsoUnder(pinned, slug, keyIn(pinned.property, entity));
    }
  }

  /** Tells the list of nothing any more. */
  remove(list: List, pins: readonly Pin[] | undefined): void {
    this.#everything.delete(list);
    for (const pin of pins ?? []) {
      if ('slugs' in pin) for (const slug of pin.slugs) removeFrom(this.#bySlug, slug, list);
      else this.#unpinProperty(list, pin);
    }
  }

  /** The changes by the lists they can concern, in the order they came. */
  route(commits: readonly RecordCommit[]): ReadonlyMap<List, readonly RoutedChange[]> {
    const routed = new Map<List, RoutedChange[]>();
    for (const commit of commits) {
      for (const change of commit.records) {
        const told = new Set([...this.#everything, ...(this.#bySlug.get(change.slug) ?? [])]);
        if (this.#byProperty.size > 0) this.#addPinned(change, told);
        for (const list of told) {
          const present = routed.get(list);
          if (present === undefined) routed.set(list, [{ commit, change }]);
          else present.push({ commit, change });
        }
      }
    }
    return routed;
  }

  #addPinned({ slug, leaves }: RecordChange, told: Set<List>): void {
    const { mapper, metadata } = this.#context;
    const record = toStoredRecord(metadata.prefixPath, slug, leaves);
    const entity = record && mapper.hydrate(record).entity;
    for (const pinned of this.#byProperty.values()) {
      const before = pinned.keys.get(slug);
      const after = entity && keyIn(pinned.property, entity);
      if (typeof before !== 'object') addUnder(pinned, before, told);
      else for (const key of before) addUnder(pinned, key, told);
      addUnder(pinned, after, told);
      if (after !== undefined && pinned.lists.has(after)) pinned.keys.set(slug, after);
      else pinned.keys.delete(slug);
    }
  }

  #pinProperty(list: List, { property, leafPath, keys }: Extract<Pin, { leafPath: string }>): void {
    let pinned = this.#byProperty.get(leafPath);
    if (pinned === undefined) {
      pinned = { property, lists: new Map(), keys: new Map() };
      this.#byProperty.set(leafPath, pinned);
    }
    for (const key of keys) addTo(pinned.lists, key, list);
  }

  #unpinProperty(list: List, { leafPath, keys }: Extract<Pin, { leafPath: string }>): void {
    const pinned = this.#byProperty.get(leafPath);
    if (pinned === undefined) return;
    for (const key of keys) removeFrom(pinned.lists, key, list);
    if (pinned.lists.size === 0) this.#byProperty.delete(leafPath);
  }
}

/** What was seen before counts on, until the record is told of: those who were told of less hold it there. */
function seeAlsoUnder<List>(
  { keys, lists }: PinnedProperty<List>,
  slug: string,
  key: string | undefined,
): void {
  if (key === undefined || !lists.has(key)) return;
  const before = keys.get(slug);
  const all = new Set(typeof before === 'object' ? before : before === undefined ? [] : [before]).add(key);
  keys.set(slug, all.size === 1 ? key : [...all]);
}

function addUnder<List>({ lists }: PinnedProperty<List>, key: string | undefined, told: Set<List>): void {
  if (key !== undefined) for (const list of lists.get(key) ?? []) told.add(list);
}

function addTo<Key, Item>(sets: Map<Key, Set<Item>>, key: Key, item: Item): void {
  const present = sets.get(key);
  if (present === undefined) sets.set(key, new Set([item]));
  else present.add(item);
}

function removeFrom<Key, Item>(sets: Map<Key, Set<Item>>, key: Key, item: Item): void {
  const present = sets.get(key);
  present?.delete(item);
  if (present?.size === 0) sets.delete(key);
}
