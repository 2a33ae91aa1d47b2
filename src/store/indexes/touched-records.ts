import type { LeafChange } from '../../protocol/requests/operation.js';
import type { Path } from '../../protocol/paths/path.js';

/** Changes of leaves that one operation made at and below its path. */
export interface OperationChanges {
  readonly operation: { readonly path: Path };
  readonly changes: readonly LeafChange[];
}

/** A record that a commit touched. */
export interface TouchedRecord<Prefix> {
  readonly prefix: Prefix;
  /** `<prefix>/<slug>`. */
  readonly path: Path;
  /** Of each leaf below it that was changed, what it was before the commit and what it is behind it. */
  changes: LeafChange[];
  /** The place of the operation that made the change of the same place. */
  operations: number[];
}

/** Which prefixes records are looked for below. */
export interface PrefixLookup<Prefix> {
  /** How many slashes their paths have. */
  readonly depths: readonly number[];
  find(path: Path): Prefix | undefined;
}

/** The records below the prefixes that operations changed a leaf of, a record's own path aside. Undefined: none. */
export function touchedRecords<Prefix>(
  applied: Iterable<OperationChanges>,
  lookup: PrefixLookup<Prefix>,
): TouchedRecord<Prefix>[] | undefined {
  let touched: Map<Path, TouchedRecord<Prefix>> | undefined;
  const repeated = new Set<TouchedRecord<Prefix>>();
  let operation = -1;
  for (const { operation: at, changes } of applied) {
    operation++;
    for (const depth of lookup.depths) {
      const record = recordAt(at.path, depth);
      if (record === undefined) {
        touched = eachByItself(changes, operation, depth, lookup, touched, repeated);
        continue;
      }
      const prefix = lookup.find(record.slice(0, record.lastIndexOf('/')));
      if (prefix === undefined) continue;
      touched ??= new Map();
      let present = touched.get(record);
      if (present === undefined) {
        touched.set(record, (present = { prefix, path: record, changes: [], operations: [] }));
      } else {
        repeated.add(present);
      }
      for (const change of changes) {
        if (change.path.length > record.length) note(present, change, operation);
      }
    }
  }
  if (touched === undefined) return undefined;
  for (const record of repeated) mergeChanges(record);
  return [...touched.values()].filter(({ changes }) => changes.length > 0);
}

function eachByItself<Prefix>(
  changes: readonly LeafChange[],
  operation: number,
  depth: number,
  lookup: PrefixLookup<Prefix>,
  known: Map<Path, TouchedRecord<Prefix>> | undefined,
  repeated: Set<TouchedRecord<Prefix>>,
): Map<Path, TouchedRecord<Prefix>> | undefined {
  let touched = known;
  let recent: TouchedRecord<Prefix> | undefined;
  for (const change of changes) {
    const { path } = change;
    if (recent === undefined || !path.startsWith(recent.path) || path.charAt(recent.path.length) !== '/') {
      const record = recordAt(path, depth);
      // A leaf at a record's own path is no part of it.
      if (record === undefined || record.length === path.length) continue;
      const prefix = lookup.find(record.slice(0, record.lastIndexOf('/')));
      if (prefix === undefined) continue;
      touched ??= new Map();
      recent = touched.get(record);
      if (recent === undefined) {
        touched.set(record, (recent = { prefix, path: record, changes: [], operations: [] }));
      } else {
        repeated.add(recent);
      }
    }
    note(recent, change, operation);
  }
  return touched;
}

function note(record: TouchedRecord<unknown>, change: LeafChange, operation: number): void {
  record.changes.push(change);
  record.operations.push(operation);
}

/** The path with its first `depth` slashes and the segment behind the next one; undefined when it has no such. */
function recordAt(path: Path, depth: number): Path | undefined {
  let slash = -1;
  for (let i = 0; i <= depth; i++) {
    slash = path.indexOf('/', slash + 1);
    if (slash === -1) return undefined;
  }
  const end = path.indexOf('/', slash + 1);
  return end === -1 ? path : path.slice(0, end);
}

/** Of several changes of one leaf, what it was before the first one and what it is behind the last. */
function mergeChanges(record: TouchedRecord<unknown>): void {
  const merged = new Map<Path, { change: LeafChange; operation: number }>();
  record.changes.forEach((change, i) => {
    const { path, after } = change;
    const before = merged.get(path)?.change ?? change;
    const both = {
      path,
      ...(before.before && { before: before.before }),
      ...(after && { after }),
    };
    merged.set(path, { change: both, operation: record.operations[i]! });
  });
  record.changes = Array.from(merged.values(), ({ change }) => change);
  record.operations = Array.from(merged.values(), ({ operation }) => operation);
}
