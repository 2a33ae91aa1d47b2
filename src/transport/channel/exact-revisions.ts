import { isDustError } from '../../errors.js';
import { jsonEquals } from '../../protocol/json.js';
import type { Leaf } from '../../protocol/value.js';
import type { MirrorReads } from '../../sync/index.js';
import type { BatchOperation, RequestOptions, Transport } from '../transport.js';

/**
 * What to write in place of a batch that `error` refused, when it was guarded with revisions that the mirror knows only
 * as bounds: a leaf that came in a snapshot has the snapshot's seq for its revision (PROTOCOL §5.6), at which no server
 * has it. Where the store has the mirror's value at a lower revision, nobody has written it since, and that revision
 * guards it. Undefined when that is not what the batch was refused for.
 */
export async function withExactRevisions(
  operations: readonly BatchOperation[],
  error: unknown,
  mirror: MirrorReads,
  http: Transport,
  { signal }: RequestOptions,
): Promise<readonly BatchOperation[] | undefined> {
  if (!wasGuardedTooHigh(operations, error)) return undefined;
  const paths = operations.flatMap((operation) => (guardOf(operation) === undefined ? [] : operation.path));
  const known = mirror.getMany(paths);
  const stored = await http.getMany(paths, { signal });
  return operations.map((operation) => {
    if (operation.op !== 'set' && operation.op !== 'delete') return operation;
    const { path } = operation;
    const ifMatch = revisionBehind(guardOf(operation), known.get(path), stored.get(path));
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
  return 'ifMatch' in operation ? operation.ifMatch : undefined;
}

/** The revision that `guard` stands for, when it is the mirror's for what the store still holds. */
function revisionBehind(
  guard: number | undefined,
  known: Leaf | undefined,
  stored: Leaf | undefined,
): number | undefined {
  if (guard === undefined || known?.revision !== guard || stored === undefined) return undefined;
  return stored.revision < guard && jsonEquals(known.value, stored.value) ? stored.revision : undefined;
}
