import { jsonEquals } from '../../protocol/values/json.js';
import type { Path } from '../../protocol/paths/path.js';
import type { JsonValue, Leaf } from '../../protocol/values/value.js';
import { assemble, isMap } from '../../protocol/values/value.js';
import type { Command } from '../operations/commands.js';
import type { ReadableTree } from '../leaf-tree.js';
import { OverlayTree } from '../operations/overlay-tree.js';
import { leavesAt } from './past.js';
import type { IdentifiedCommand } from '../operations/planning.js';
import { MAX_CLIENT_OP_ID_LENGTH } from '../../protocol/requests/request-checks.js';
import { checkValue } from '../request-checks.js';
import type { RollbackRequest } from '../requests.js';
import type { StoreStorage } from '../storage.js';
import { leavesAtAndBelow } from '../reading/subtree.js';

/**
 * The commands that make a path, or the whole store, what it was after the operation `toSeq`; none when it is that. They
 * are logged under the ids `rollback:<toSeq>:<path>` (PROTOCOL §4).
 *
 * @throws DustError `invalid_params` with detail `invalid_seq`, `seq_not_kept`
 */
export function rollbackCommands(
  storage: StoreStorage,
  { toSeq, path, deviceId = null }: RollbackRequest,
): IdentifiedCommand[] {
  const past = leavesAt(storage, toSeq, path);
  const commands =
    path === undefined
      ? restoreLeaves([...past.range({})], storage.leaves, storage.leaves.range({}))
      : restorePath(path, leavesAtAndBelow(past, path), storage.leaves);
  return commands.map((command) => ({ command, deviceId, clientOpId: rollbackId(toSeq, command.path) }));
}

/** One operation where one can do it. */
function restorePath(path: Path, past: readonly Leaf[], tree: ReadableTree): Command[] {
  const present = leavesAtAndBelow(tree, path);
  if (isSame(past, present)) return [];
  if (past.length === 0) return [{ op: 'delete', path }];
  const value = assemble(path, past);
  const isWhole = value !== undefined && countLeaves(value) === past.length;
  if (!isWhole) return restoreLeaves(past, tree, present);
  return [{ op: 'set', path, value: checkValue(value, { path }) }];
}

/** Leaf by leaf: a path may be leaf and parent at once, and writing a leaf removes what is below it. */
function restoreLeaves(past: readonly Leaf[], tree: ReadableTree, present: Iterable<Leaf>): Command[] {
  /** What the commands leave as it is. */
  const view = new OverlayTree(tree);
  const commands: Command[] = [];
  const add = (command: Command & { readonly op: 'set' | 'delete' }): void => {
    commands.push(command);
    for (const { path } of leavesAtAndBelow(view, command.path)) view.delete(path);
  };
  const kept = new Set(past.map(({ path }) => path));
  for (const { path } of present) {
    if (!kept.has(path) && view.get(path) !== undefined) add({ op: 'delete', path });
  }
  for (const { path, value } of past) {
    if (!jsonEquals(view.get(path)?.value, value)) add({ op: 'set', path, value });
  }
  return commands;
}

function isSame(past: readonly Leaf[], present: readonly Leaf[]): boolean {
  return (
    past.length === present.length &&
    past.every(({ path, value }, i) => {
      const other = present[i];
      return other?.path === path && jsonEquals(other.value, value);
    })
  );
}

function countLeaves(value: JsonValue): number {
  if (!isMap(value)) return 1;
  return Object.values(value).reduce<number>((sum, child) => sum + countLeaves(child), 0);
}

/** Cut to the length that an id may have. */
function rollbackId(toSeq: number, path: Path): string {
  return `rollback:${toSeq}:${path}`.slice(0, MAX_CLIENT_OP_ID_LENGTH).toWellFormed();
}
