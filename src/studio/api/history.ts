import type { CommittedOperation } from '../../protocol/requests/operation.js';
import type { JsonValue } from '../../protocol/values/value.js';
import type { Path } from '../../protocol/paths/path.js';
import type { LogScan } from './log-scan.js';
import { scanLog } from './log-scan.js';
import type { HistoryEntry, HistoryPage, LeafDifference } from './messages.js';
import { Past } from './past.js';
import { Room } from './shown.js';
import type { Asking, StudioSource } from './source.js';

/** Differences of one operation that are shown. */
const MAX_CHANGES = 200;

/** Which part of a path's history to tell. */
export interface HistoryRequest {
  readonly path: Path;
  readonly before?: number | undefined;
  readonly limit: number;
}

/**
 * The operations that changed a path or something below it, newest first, with what each left other than it found it. The log holds what
 * was written and not what was there before: that is found among older operations, as far as one answer looks.
 *
 * @throws StudioRefusal where the store hands out no log; what reading it throws
 */
export async function historyOf(
  source: StudioSource,
  { path, before, limit }: HistoryRequest,
  asking: Asking,
): Promise<HistoryPage> {
  const isTold = (scan: LogScan): boolean =>
    scan.operations.length >= limit &&
    entriesOf(scan, path, limit).every(({ changes }) => !changes.some(isUnknown));
  const scan = await scanLog(source, { path, before }, asking, isTold);
  const room = new Room();
  const entries = entriesOf(scan, path, limit).map((entry) => shown(entry, room));
  const oldest = scan.operations.at(-limit)?.storeSeq;
  const isCut = scan.operations.length > limit;
  return {
    entries,
    nextBefore: isCut ? (oldest ?? null) : scan.isWhole ? null : scan.from,
    firstSeq: scan.firstSeq,
  };
}

interface Told {
  readonly operation: CommittedOperation;
  readonly changes: readonly LeafDifference[];
}

function entriesOf({ operations, from, firstSeq }: LogScan, path: Path, limit: number): Told[] {
  const past = new Past(path, from === 1 && firstSeq === 1);
  const told = operations.map((operation) => ({ operation, changes: past.apply(operation) }));
  return told.slice(-limit).reverse();
}

function isUnknown({ beforeUnknown }: LeafDifference): boolean {
  return beforeUnknown === true;
}

function shown({ operation, changes }: Told, room: Room): HistoryEntry {
  const { storeSeq, op, path, value, deviceId } = operation;
  const cut = room.refused(value);
  return {
    storeSeq,
    op,
    path,
    value: cut === undefined ? value : null,
    ...(cut === undefined ? {} : { cut }),
    deviceId,
    changes: changes.slice(0, MAX_CHANGES).map((change) => shownChange(change, room)),
  };
}

function shownChange({ path, before, after, beforeUnknown }: LeafDifference, room: Room): LeafDifference {
  const value = (name: 'before' | 'after', given: JsonValue | undefined) =>
    given === undefined ? {} : { [name]: room.refused(given) === undefined ? given : '…' };
  return {
    path,
    ...value('before', before),
    ...value('after', after),
    ...(beforeUnknown === true ? { beforeUnknown } : {}),
  };
}
