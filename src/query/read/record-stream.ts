import { assertNotAborted } from '../../abort-listener.js';
import type { StoredRecord } from '../../mapping/types.js';
import type { LocalRecords } from '../../protocol/values/record-access.js';
import type { Leaf } from '../../protocol/values/value.js';
import type { RequestOptions } from '../../transport/transport.js';
import type { AccessPath } from '../plan/plan.js';
import { compareSlugs } from '../values/slug-order.js';
import { storedRecordOf } from './local-read.js';
import { PathCursor } from './path-cursor.js';
import type { RecordReads } from './record-reads.js';

/** A read of records one after the other, in store order. */
export interface RecordStream {
  /** Where they lie. In store order, and found without an index. */
  readonly path: AccessPath;
  /** How many are likely to be consumed; reading goes on as they are. */
  readonly needed: number;
  readonly options: RequestOptions;
  readonly onStray: (leaf: Leaf) => void;
}

const FIRST = 16;
const GROWTH = 4;
const MOST = 256;

/**
 * The records of a path as they are consumed, in pieces of one moment each. A piece is read in this process while the
 * transport answers there, and by requests from the moment it does not. Gives the event loop back in between: a consumer that waits for
 * nothing would never.
 */
export async function* streamRecords(
  reads: RecordReads,
  stream: RecordStream,
): AsyncGenerator<StoredRecord, void, undefined> {
  const { path, options } = stream;
  const cursor = new PathCursor(path, stream.onStray);
  const { turns } = reads;
  let isOver = turns.begin();
  let last: string | undefined;
  for (let size = FIRST; ; size = Math.min(size * GROWTH, MOST)) {
    const records = reads.local(options);
    if (records === undefined) break;
    const piece = nextPiece(cursor, records, size);
    for (const record of piece) {
      yield record;
      assertNotAborted(options.signal);
      last = record.slug;
      if (!isOver()) continue;
      await turns.pause();
      assertNotAborted(options.signal);
      isOver = turns.begin();
    }
    if (piece.length < size) return;
  }
  for await (const record of reads.source.stream(stream)) {
    if (last === undefined || compareSlugs(record.slug, last) > 0) yield record;
  }
}

function nextPiece(cursor: PathCursor, records: LocalRecords, size: number): StoredRecord[] {
  const piece: StoredRecord[] = [];
  for (const record of cursor.read(records)) {
    if (record !== undefined) piece.push(storedRecordOf(record));
    if (piece.length === size) break;
  }
  return piece;
}
