import { isDustError } from '../../errors.js';
import { jsonEquals } from '../../protocol/values/json.js';
import type { Path } from '../../protocol/paths/path.js';
import { isBelow } from '../../protocol/paths/path.js';
import type { Leaf } from '../../protocol/values/value.js';
import type { MirrorReads } from '../../sync/index.js';
import type { BatchOperation, RequestOptions, Transport } from '../transport.js';

/** Leaves as the mirror has them and as the store has them. */
interface Both {
  readonly known: readonly Leaf[];
  readonly stored: readonly Leaf[];
}

/**
 * What to write in place of a batch that `error` refused, when it was guarded or checked with revisions that the mirror
 * knows only as bounds: a leaf that came in a snapshot has the snapshot's seq for its revision (PROTOCOL §5.6), at which no
 * server has it. Where the store has the mirror's values at a lower revision, nobody has written since, and that revision
 * takes its place. Undefined when that is not what the batch was refused for.
 */
export async function withExactRevisions(
  operations: readonly BatchOperation[],
  error: unknown,
  mirror: MirrorReads,
  http: Transport,
  { signal }: RequestOptions,
): Promise<readonly BatchOperation[] | undefined> {
  if (!wasGuardedTooHigh(operations, error)) return undefined;
  const guarded = operations.flatMap((each) =>
    'ifMatch' in each && each.ifMatch !== undefined ? each.path : [],
  );
  const exact = { known: mirror.getMany(guarded), stored: await http.getMany(guarded, { signal }) };
  const below: Both[] = [];
  for (const path of outermostChecked(operations)) {
    below.push({ known: mirror.subtree(path), stored: await http.subtree(path, { signal }) });
  }
  return operations.map((operation) => {
    const guard = guardOf(operation);
    if (guard === undefined) return operation;
    if (operation.op === 'check') {
      return { ...operation, revision: revisionBehind(guard, atAndBelow(operation.path, below)) ?? guard };
    }
    const ifMatch = revisionBehind(guard, {
      known: listOf(exact.known.get(operation.path)),
      stored: listOf(exact.stored.get(operation.path)),
    });
    return ifMatch === undefined ? operation : { ...operation, ifMatch };
  });
}

function wasGuardedTooHigh(operations: readonly BatchOperation[], error: unknown): boolean {
  if (!isDustError(error, 'conflict')) return false;
  const { opIndex, currentRevision } = error;
  const refused = opIndex === undefined ? undefined : operations[opIndex];
  const guard = refused && guardOf(refused);
  return typeof currentRevision === 'number' && guard !== undefined && currentRevision < guard;
}

function guardOf(operation: BatchOperation): number | undefined {
  if (operation.op === 'check') return operation.revision === 0 ? undefined : operation.revision;
  return 'ifMatch' in operation ? operation.ifMatch : undefined;
}

/** The checked paths that no other one lies above: what is read of them tells of the others. */
function outermostChecked(operations: readonly BatchOperation[]): Path[] {
  const outermost: Path[] = [];
  for (const operation of operations) {
    if (operation.op !== 'check' || guardOf(operation) === undefined) continue;
    const { path } = operation;
    if (!outermost.some((other) => other === path || isBelow(path, other))) outermost.push(path);
  }
  return outermost;
}

function atAndBelow(path: Path, trees: readonly Both[]): Both {
  const within = (leaf: Leaf): boolean => leaf.path === path || isBelow(leaf.path, path);
  return {
    known: trees.flatMap(({ known }) => known.filter(within)),
    stored: trees.flatMap(({ stored }) => stored.filter(within)),
  };
}

/** The revision that `guard` stands for, when it is the mirror's for what the store still holds. */
function revisionBehind(guard: number, { known, stored }: Both): number | undefined {
  if (known.length === 0 || greatest(known) !== guard) return undefined;
  const isSame =
    known.length === stored.length &&
    known.every(({ path, value }, i) => stored[i]?.path === path && jsonEquals(value, stored[i].value));
  return isSame && greatest(stored) < guard ? greatest(stored) : undefined;
}

function greatest(leaves: readonly Leaf[]): number {
  return leaves.reduce((revision, leaf) => Math.max(revision, leaf.revision), 0);
}

function listOf(leaf: Leaf | undefined): readonly Leaf[] {
  return leaf === undefined ? [] : [leaf];
}
