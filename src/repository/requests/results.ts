/** The outcome of `delete`. `affected` counts the records that were there. */
export interface DeleteResult {
  /**
   * The seq of the last operation this call committed, null when there was nothing to write. Every read through the
   * same data source that starts afterwards sees the write.
   */
  readonly storeSeq: number | null;
  /** How many records were written or deleted. */
  readonly affected: number;
  /** The slugs of those records, in that order. */
  readonly slugs: readonly string[];
}

/** The outcome of `insert`, `upsert` and `update`. */
export interface WriteResult extends DeleteResult {
  /** The revision each record has after the write, in the order of `slugs`. */
  readonly revisions: readonly number[];
  /** The revision of the last record written, null when none was: what `ifMatch` takes next. */
  readonly revision: number | null;
}

/** The outcome of `insert` and `upsert`. */
export type InsertResult = WriteResult;

/** The outcome of `update`, `increment`, `decrement`, `addTo`, `removeFrom` and `putFile`. `affected` is 0 when no record met the criteria. */
export type UpdateResult = WriteResult;

/** The outcome of `clear`, which does not look at what it deletes. */
export type ClearResult = Pick<DeleteResult, 'storeSeq'>;

/** The outcome of `insertMany`. Slugs are not repeated: the input may be larger than memory. */
export interface BulkInsertResult {
  /** The seq of the last operation; null when there was no record. */
  readonly storeSeq: number | null;
  /** How many records were written. */
  readonly affected: number;
}

/** The outcome of `batch`. */
export interface BatchResult {
  /** The seq of the last operation; null when every entity to save was unchanged. */
  readonly storeSeq: number | null;
  /** The operations committed: an insert or update may take several. */
  readonly operations: number;
}

/** One record as a write left it. */
export interface WrittenRecord {
  readonly slug: string;
  readonly revision: number;
}

/** @internal */
export function writeResult(records: readonly WrittenRecord[]): WriteResult {
  const last = records.at(-1);
  return {
    storeSeq: records.reduce<number | null>(
      (greatest, { revision }) => (greatest === null ? revision : Math.max(greatest, revision)),
      null,
    ),
    affected: records.length,
    slugs: records.map((record) => record.slug),
    revisions: records.map((record) => record.revision),
    revision: last === undefined ? null : last.revision,
  };
}
