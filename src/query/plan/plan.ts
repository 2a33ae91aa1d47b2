import type {
  IndexDefinition,
  RecordAccess,
  RecordPosition,
  SlugRange,
} from '../../protocol/values/record-access.js';

/** Where the records that may meet a query are looked for. */
export type AccessPath =
  /** Nothing can meet it. */
  | { readonly by: 'nothing' }
  /** Records with these slugs, distinct and in store order. */
  | { readonly by: 'slugs'; readonly slugs: readonly string[] }
  /** Parts of the class's records, in the order of the walk; they do not overlap. */
  | { readonly by: 'slug-ranges'; readonly ranges: readonly SlugRange[] }
  /** Entries of an index. */
  | {
      readonly by: 'index';
      readonly access: Extract<RecordAccess, { by: 'index' }>;
      /** Only those behind this place. */
      readonly after?: RecordPosition | undefined;
    }
  /** All records of the class, from one end or from the other. */
  | { readonly by: 'scan'; readonly reverse: boolean }
  /** Several of these, which may have records in common. */
  | { readonly by: 'several'; readonly paths: readonly AccessPath[] };

/** How a query is to be carried out. */
export interface Plan {
  readonly path: AccessPath;
  /** As many of the leading terms of the query's order decide on the path as they should. */
  readonly sortedBy: number;
  /** Whether the path is in the whole order of the query, so that the first records that match are its first results. */
  readonly isOrdered: boolean;
  /** Whether the path has the records that match and no others: they can be counted without being read. */
  readonly isExact: boolean;
  /** Whether nearly every record of the path matches: what it does not know of leaves out but a few. */
  readonly isNearlyExact?: boolean;
}

/** The parts of a store that a path walks through, one after the other; undefined for paths that are no walk. */
export function walksOf(path: AccessPath): readonly RecordAccess[] | undefined {
  switch (path.by) {
    case 'nothing':
      return [];
    case 'slug-ranges':
      return path.ranges;
    case 'index':
      return [path.access];
    case 'scan':
      return [{ by: 'slug-range', reverse: path.reverse }];
    default:
      return undefined;
  }
}

/** The ranges of slugs that a path walks through, where there is no index to walk through; none for other paths. */
export function rangesOf(path: AccessPath): readonly SlugRange[] {
  if (path.by === 'slug-ranges') return path.ranges;
  return path.by === 'scan' ? [{ by: 'slug-range', reverse: path.reverse }] : [];
}

/** The indexes that a path goes by. */
export function indexesOf(path: AccessPath): readonly IndexDefinition[] {
  if (path.by === 'several') return path.paths.flatMap(indexesOf);
  return path.by === 'index' ? [path.access.index] : [];
}
