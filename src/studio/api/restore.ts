import { jsonEquals } from '../../protocol/values/json.js';
import type { Path } from '../../protocol/paths/path.js';
import type { JsonValue, Leaf } from '../../protocol/values/value.js';
import type { BatchOperation } from '../../transport/transport.js';
import { StudioRefusal } from '../errors.js';
import { countersBehind } from './counters-then.js';
import { outcomeOf, writeGuarded } from './guarded-write.js';
import type { LogScan } from './log-scan.js';
import { scanLog } from './log-scan.js';
import type { RestoreRequest, WriteAnswer } from './messages.js';
import { Past } from './past.js';
import { readSubtree } from './record.js';
import type { Asking, StudioSource } from './source.js';

/** What was there after an operation. */
interface Then {
  readonly leaves: ReadonlyMap<Path, JsonValue>;
  /** Where there were counters, as far as the log tells. */
  readonly counters: ReadonlySet<Path>;
}

type Change = Extract<BatchOperation, { readonly op: 'set' | 'delete' | 'increment' }>;

/**
 * Puts a path back to what it was after an operation, in one commit, if it still is what the writer saw. What it was is found in the log
 * and in what has not been written since.
 *
 * @throws StudioRefusal where the log does not reach back so far; what a write may meet
 */
export async function restore(
  source: StudioSource,
  { path, storeSeq, revision }: RestoreRequest,
  asking: Asking,
): Promise<WriteAnswer> {
  const subtree = await readSubtree(source, path, asking);
  if (subtree.more) {
    throw new StudioRefusal(413, 'too_large', 'More lies there than the studio puts back in one commit.');
  }
  return outcomeOf(source, path, asking, async () => {
    if (subtree.revision !== revision) return undefined;
    const { leaves } = subtree;
    let past: Then | undefined;
    const scan = await scanLog(source, { path }, asking, (part) => {
      past = part.from <= storeSeq + 1 ? leavesAfter(part, path, storeSeq, leaves) : undefined;
      return past !== undefined;
    });
    past ??= scan.from <= storeSeq + 1 ? leavesAfter(scan, path, storeSeq, leaves) : undefined;
    if (past === undefined) throw notTold(scan, path, storeSeq);
    const { batchCounters } = source.transport.capabilities;
    return writeGuarded(source, path, subtree, changesTo(past, leaves, batchCounters));
  });
}

/** What was there after an operation; undefined where this part of the log does not tell all of it. */
function leavesAfter(
  { operations, from, firstSeq }: LogScan,
  path: Path,
  storeSeq: number,
  present: readonly Leaf[],
): Then | undefined {
  const past = new Past(path, from === 1 && firstSeq === 1);
  const since = operations.filter((operation) => operation.storeSeq > storeSeq);
  const until = operations.filter((operation) => operation.storeSeq <= storeSeq);
  for (const operation of until) past.apply(operation);
  if (!since.every((operation) => past.tells(operation))) return undefined;
  const leaves = new Map(past.leaves);
  // What nobody has written since the log begins was there all the time.
  for (const leaf of present) if (!past.knows(leaf.path)) leaves.set(leaf.path, leaf.value);
  return { leaves, counters: countersBehind(until) };
}

function changesTo(past: Then, present: readonly Leaf[], canCount: boolean): Change[] {
  const gone = present
    .filter(({ path }) => !past.leaves.has(path))
    .map(({ path }): Change => ({ op: 'delete', path }));
  const now = new Map(present.map((leaf) => [leaf.path, leaf]));
  const written = [...past.leaves].flatMap(([path, value]): Change[] => {
    const leaf = now.get(path);
    const isCounter = leaf?.type === 'counter';
    const wasCounter = canCount && Number.isSafeInteger(value) && (isCounter || past.counters.has(path));
    if (leaf !== undefined && jsonEquals(leaf.value, value) && wasCounter === isCounter) return [];
    if (!wasCounter) return [{ op: 'set', path, value }];
    // A number that is set would be a counter no more.
    if (isCounter) return [{ op: 'increment', path, value: Number(value) - Number(leaf.value) }];
    return [
      ...(leaf === undefined ? [] : [{ op: 'delete', path } as const]),
      { op: 'increment', path, value: Number(value) },
    ];
  });
  return [...gone, ...written];
}

function notTold({ from, firstSeq, isWhole }: LogScan, path: Path, storeSeq: number): StudioRefusal {
  const why = isWhole
    ? `The log is kept from seq ${firstSeq} on, and does not tell all of what ${path} was after ${storeSeq}.`
    : `What ${path} was after ${storeSeq} lies before seq ${from}, further back than the studio looks.`;
  return new StudioRefusal(409, 'seq_not_kept', why);
}
