import type { DustError } from '../errors.js';
import { duplicateEntry } from './errors.js';
import type { BatchOperation } from './requests.js';
import { readEntry } from './indexes/unique-entries.js';
import type { Subject } from '../protocol/requests/request-errors.js';
import type { Path } from '../protocol/paths/path.js';
import { isBelow, unescapeSegment } from '../protocol/paths/path.js';
import type { IndexDefinition } from '../protocol/values/record-access.js';
import type { Leaf } from '../protocol/values/value.js';
import { flatten } from '../protocol/values/value.js';
import { CompiledIndex } from './indexes/compiled-index.js';
import type { StoredIndex } from './indexes/definitions.js';
import type { ByteText } from './indexes/keys/byte-text.js';
import { slugKey } from './indexes/keys/entry-keys.js';
import { viewOfLeaves } from './indexes/part-values.js';
import { StoreIndexes } from './indexes/store-indexes.js';
import { createMemoryStorage } from './memory/memory-storage.js';
import { writeCommand } from './operations/commands.js';
import { applyChanges } from './operations/operation-effects.js';
import { planOperations } from './operations/planning.js';
import { getSubtree } from './reading/reading.js';
import type { StoreStorage } from './storage.js';

/** The values that a record has in a unique index, none of them null. */
export interface UniqueValues {
  readonly definition: IndexDefinition;
  /** The same text for the same values and no others. */
  readonly key: ByteText;
  /** Of the record, unescaped. */
  readonly slug: string;
}

/** Whose values operations can change. */
export interface Touched {
  /** Records, by their paths. */
  readonly records: ReadonlySet<Path>;
  /** Prefixes of which all records are replaced or removed. */
  readonly prefixes: ReadonlySet<Path>;
}

/** What operations will do to unique values. */
export interface Foreseen {
  /** Values that records have now. */
  readonly before: readonly UniqueValues[];
  /** Values that they have then. */
  readonly after: readonly UniqueValues[];
  /**
   * Refuses what a store would refuse that holds the records of `held` too.
   *
   * @throws DustError `exists` with detail `duplicate`
   */
  assertUnique(held: readonly UniqueValues[]): void;
}

/** The error of a store that refuses a record's values because the record `slug` has the same. Kind `exists`. */
export function duplicateOf(subject: Subject, { definition, key }: UniqueValues, slug: string): DustError {
  const index = new CompiledIndex({ number: 0, definition, state: { name: 'complete' } });
  return duplicateEntry({
    ...subject,
    parts: definition.parts,
    ...readEntry(index, index.key + key + slugKey(slug)),
  });
}

/** Says what writes will do to unique values, as the store's own commits do it, for those who keep them unique from outside. */
export class UniqueForesight {
  readonly #stored: readonly StoredIndex[];
  readonly #byPrefix = new Map<Path, CompiledIndex[]>();

  constructor(definitions: readonly IndexDefinition[]) {
    this.#stored = definitions.map((definition, number) => ({
      number,
      definition,
      state: { name: 'complete' },
    }));
    for (const stored of this.#stored) {
      const { prefix } = stored.definition;
      const present = this.#byPrefix.get(prefix);
      const index = new CompiledIndex(stored);
      if (present === undefined) this.#byPrefix.set(prefix, [index]);
      else present.push(index);
    }
  }

  /** Whether nothing is unique. */
  get isEmpty(): boolean {
    return this.#stored.length === 0;
  }

  /** Whether a record's values are told by the leaves at exactly {@link partsOf}, without those beside and below them. */
  isToldByParts(prefix: Path): boolean {
    return this.#indexesOf(prefix).every(({ definition: { parts } }) =>
      parts.every(({ path, absent = null }) => !path.includes('/') && absent === null),
    );
  }

  /** The paths of the leaves that a record's values lie in. */
  partsOf(record: Path): Path[] {
    const paths = this.#indexesOf(prefixOf(record)).flatMap(({ definition }) => definition.parts);
    return [...new Set(paths.map(({ path }) => `${record}/${path}`))];
  }

  /** Whose values these can change. */
  touchedBy(operations: readonly BatchOperation[]): Touched {
    const records = new Set<Path>();
    const prefixes = new Set<Path>();
    for (const operation of operations) {
      if (operation.op === 'check') continue;
      for (const [prefix, indexes] of this.#byPrefix) {
        const isAbove = operation.path === prefix || isBelow(prefix, operation.path);
        if (isAbove && operation.op !== 'merge') prefixes.add(prefix);
        else for (const path of leavesWritten(operation)) addRecord(path, prefix, indexes, records);
      }
    }
    return { records, prefixes };
  }

  /** The values of one record. */
  valuesOf(record: Path, leaves: readonly Leaf[]): UniqueValues[] {
    const below = leaves.filter(({ path }) => isBelow(path, record));
    if (below.length === 0) return [];
    const view = viewOfLeaves(below);
    const slug = unescapeSegment(record.slice(prefixOf(record).length + 1));
    return this.#indexesOf(prefixOf(record)).flatMap((index) => {
      const { key, arePresent } = index.valuesOf(record, view);
      return arePresent ? [{ definition: index.definition, key: key.slice(index.key.length), slug }] : [];
    });
  }

  /**
   * What these operations do, made at once. Whether a store admits them is not looked at but for what it makes of the values.
   *
   * @param leaves all that count of the touched records
   * @param isBatch whether an error is to tell the place of an operation
   * @throws DustError `invalid_params`, `invalid_value` for what no store takes
   */
  foresee(operations: readonly BatchOperation[], leaves: Iterable<Leaf>, isBatch: boolean): Foreseen {
    const storage = createMemoryStorage();
    storage.indexes.define(this.#stored);
    for (const leaf of leaves) storage.leaves.put(leaf);
    const { records, prefixes } = this.touchedBy(operations);
    const commands = operations.flatMap((operation, i) =>
      operation.op === 'check' ? [] : [writeCommand(unconditional(operation), isBatch ? i : undefined)],
    );
    const identified = commands.map((command) => ({ command, deviceId: null, clientOpId: '' }));
    const planned = planOperations(identified, storage.leaves, { storeSeq: 1, now: 0, steadyNow: 0 });
    const indexes = new StoreIndexes(storage);
    const changes = indexes.plan(planned, storage.leaves);
    const before = [...records].flatMap((path) => this.#valuesIn(storage, path));
    for (const { changes: made } of planned) applyChanges(made, storage.leaves);
    const all = new Set([...records, ...[...prefixes].flatMap((prefix) => recordsBelow(storage, prefix))]);
    const after = [...all].flatMap((path) => this.#valuesIn(storage, path));
    return {
      before,
      after,
      assertUnique: (held) => {
        if (changes === undefined) return;
        for (const { definition, key, slug } of held) {
          const index = this.#indexesOf(definition.prefix).find((each) => each.definition === definition);
          if (index !== undefined) storage.indexes.keys.add(index.key + key + slugKey(slug));
        }
        indexes.assertUnique(changes, (operation) => commands[operation]?.opIndex);
      },
    };
  }

  #valuesIn({ leaves }: StoreStorage, record: Path): UniqueValues[] {
    return this.valuesOf(record, getSubtree(leaves, record));
  }

  #indexesOf(prefix: Path): readonly CompiledIndex[] {
    return this.#byPrefix.get(prefix) ?? [];
  }
}

/** The paths of the leaves that an operation writes or removes, as far as they can be told without the store. */
function leavesWritten(operation: Exclude<BatchOperation, { op: 'check' }>): readonly Path[] {
  if (operation.op !== 'merge') return [operation.path];
  return flatten(operation.path, operation.value).map(({ path }) => path);
}

/** Adds the record that a leaf belongs to, unless what is written there has no say in its values. */
function addRecord(path: Path, prefix: Path, indexes: readonly CompiledIndex[], records: Set<Path>): void {
  if (!isBelow(path, prefix)) return;
  const [slug = '', field] = path.slice(prefix.length + 1).split('/');
  const hasSay =
    field === undefined ||
    indexes.some(({ definition: { parts } }) =>
      parts.some((part) => (part.absent ?? null) !== null || part.path.split('/')[0] === field),
    );
  if (hasSay) records.add(`${prefix}/${slug}`);
}

function recordsBelow({ leaves }: StoreStorage, prefix: Path): Path[] {
  return getSubtree(leaves, prefix).flatMap(({ path }) => {
    const end = path.indexOf('/', prefix.length + 1);
    return end === -1 ? [] : [path.slice(0, end)];
  });
}

function unconditional(
  operation: Exclude<BatchOperation, { op: 'check' }>,
): Exclude<BatchOperation, { op: 'check' }> {
  if (operation.op === 'set') return { op: 'set', path: operation.path, value: operation.value };
  if (operation.op === 'delete') return { op: 'delete', path: operation.path };
  return operation;
}

function prefixOf(record: Path): Path {
  return record.slice(0, record.lastIndexOf('/'));
}
