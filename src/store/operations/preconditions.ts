import type { Path } from '../../protocol/path.js';
import type { Command } from './commands.js';
import { conflict, exists } from '../errors.js';
import type { ReadableTree } from '../leaf-tree.js';
import { leavesBelow } from '../reading/subtree.js';

/** @throws DustError `conflict` or `exists` with the `currentRevision` (PROTOCOL §2) */
export function assertPreconditions(command: Command, tree: ReadableTree): void {
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

/** The revision of the leaf at `path`, else the greatest one below it, else null. */
function currentRevision(tree: ReadableTree, path: Path): number | null {
  const leaf = tree.get(path);
  if (leaf !== undefined) return leaf.revision;
  let greatest: number | null = null;
  for (const { revision } of leavesBelow(tree, path)) {
    if (greatest === null || revision > greatest) greatest = revision;
  }
  return greatest;
}
