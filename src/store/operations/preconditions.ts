import type { Path } from '../../protocol/paths/path.js';
import type { Command } from './commands.js';
import { conflict, exists } from '../errors.js';
import type { ReadableTree } from '../leaf-tree.js';
import { greatestRevision, leavesBelow } from '../reading/subtree.js';

/** @throws DustError `conflict` or `exists` with the `currentRevision` (PROTOCOL §2) */
export function assertPreconditions(command: Command, tree: ReadableTree): void {
  if (command.op === 'check') {
    assertRevision(command, tree);
    return;
  }
  if (command.op !== 'set' && command.op !== 'delete') return;
  const { path, ifMatch } = command;
  if (ifMatch !== undefined && tree.get(path)?.revision !== ifMatch) {
    throw conflict(command, ifMatch, currentRevision(tree, path));
  }
  if (command.ifAbsent === true) {
    const present = tree.get(path);
    if (present !== undefined) throw exists(command, present.revision);
  }
}

function assertRevision(command: Command & { readonly op: 'check' }, tree: ReadableTree): void {
  const { path, revision } = command;
  const present = Math.max(tree.get(path)?.revision ?? 0, greatestRevision(leavesBelow(tree, path)));
  if (present === revision) return;
  throw revision === 0 ? exists(command, present) : conflict(command, revision, present || null);
}

/** The revision of the leaf at `path`, else the greatest one below it, else null. */
function currentRevision(tree: ReadableTree, path: Path): number | null {
  return tree.get(path)?.revision ?? (greatestRevision(leavesBelow(tree, path)) || null);
}
