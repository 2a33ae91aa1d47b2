import { jsonEquals } from '../../protocol/values/json.js';
import type { Path } from '../../protocol/paths/path.js';
import type { JsonValue, Leaf } from '../../protocol/values/value.js';
import type { BatchOperation } from '../../transport/transport.js';
import { StudioRefusal } from '../errors.js';
import { outcomeOf, writeGuarded } from './guarded-write.js';
import type { LogScan } from './log-scan.js';
import { scanLog } from './log-scan.js';
import type { RestoreRequest, WriteAnswer } from './messages.js';
import { Past } from './past.js';
import { readSubtree } from './record.js';
import type { Asking, StudioSource } from './source.js';

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
    let past: ReadonlyMap<Path, JsonValue> | undefined;
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
): ReadonlyMap<Path, JsonValue> | undefined {
  const past = new Past(path, from === 1 && firstSeq === 1);
  const since = operations.filter((operation) => operation.storeSeq > storeSeq);
  for (const operation of operations) if (operation.storeSeq <= storeSeq) past.apply(operation);
  if (!since.every((operation) => past.tells(operation))) return undefined;
  const leaves = new Map(past.leaves);
  // What nobody has written since the log begins was there all the time.
  for (const leaf of present) if (!past.knows(leaf.path)) leaves.set(leaf.path, leaf.value);
  return leaves;
}

function changesTo(
  past: ReadonlyMap<Path, JsonValue>,
  present: readonly Leaf[],
  counters: boolean,
): Change[] {
  const gone = present
    .filter(({ path }) => !past.has(path))
    .map(({ path }): Change => ({ op: 'delete', path }));
  const now = new Map(present.map((leaf) => [leaf.path, leaf]));
  const written = [...past].flatMap(([path, value]): Change[] => {
    const leaf = now.get(path);
    if (leaf !== undefined && jsonEquals(leaf.value, value)) return [];
    // A number that is set would be a counter no more.
    if (counters && leaf?.type === 'counter' && typeof leaf.value === 'number' && typeof value === 'number') {
      return [{ op: 'increment', path, value: value - leaf.value }];
    }
    return [{ op: 'set', path, value }];
  });
  return [...gone, ...written];
}

function notTold({ from, firstSeq, isWhole }: LogScan, path: Path, storeSeq: number): StudioRefusal {
  const why = isWhole
    ? `The log is kept from seq ${firstSeq} on, and does not tell all of what ${path} was after ${storeSeq}.`
    : `What ${path} was after ${storeSeq} lies before seq ${from}, further back than the studio looks.`;
  return new StudioRefusal(409, 'seq_not_kept', why);
}
