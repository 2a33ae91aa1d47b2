import type { RecordRow } from '../../api/messages.js';

/** What of a page's rows is other than it is shown. */
export interface RowChanges {
  /** The rows that are shown, each as it is now. */
  readonly rows: readonly RecordRow[];
  /** Slugs of the shown rows that have another revision. */
  readonly changed: readonly string[];
  /** Slugs that are new on this page. */
  readonly added: readonly string[];
  /** Slugs that were written and are on this page no more: removed, or moved by the order. */
  readonly gone: readonly string[];
}

/**
 * Compares a page that was read again with what is shown, without moving any row. `touched` are the slugs that were written since:
 * what only slid over the page's end is neither new nor gone.
 */
export function compareRows(
  before: readonly RecordRow[],
  now: readonly RecordRow[],
  touched: ReadonlySet<string>,
): RowChanges {
  const current = new Map(now.map((row) => [row.slug, row]));
  const shown = new Set(before.map((row) => row.slug));
  const changed: string[] = [];
  const rows = before.map((row) => {
    const fresh = current.get(row.slug);
    if (!fresh || fresh.revision === row.revision) return row;
    changed.push(row.slug);
    return fresh;
  });
  return {
    rows,
    changed,
    added: now.map((row) => row.slug).filter((slug) => !shown.has(slug) && touched.has(slug)),
    gone: before.map((row) => row.slug).filter((slug) => !current.has(slug) && touched.has(slug)),
  };
}
