import type { CommitRange, CommittedOperation, LeafChange } from '../../protocol/requests/operation.js';
import type { Command, WritingCommand } from './commands.js';
import type { ReadableTree } from '../leaf-tree.js';
import { applyChanges, changesOf } from './operation-effects.js';
import { OverlayTree } from './overlay-tree.js';
import { assertPreconditions } from './preconditions.js';
import type { CommitMoment } from './resolve-value.js';
import { resolveValue } from './resolve-value.js';

/** A command with the name it is logged under. */
export interface IdentifiedCommand {
  readonly command: Command;
  readonly deviceId: string | null;
  readonly clientOpId: string;
}

/** The commands of a batch. Only what is logged is numbered, so that the ids of a commit have no hole. */
export function identifyBatch(
  commands: readonly Command[],
  { deviceId, clientOpId }: Pick<IdentifiedCommand, 'deviceId' | 'clientOpId'>,
): readonly IdentifiedCommand[] {
  let logged = 0;
  return commands.map((command) => ({
    command,
    deviceId,
    clientOpId: `${clientOpId}:${command.op === 'check' ? logged : logged++}`,
  }));
}

/** An operation that is certain to succeed, with all it will do. */
export interface PlannedOperation {
  readonly operation: CommittedOperation;
  readonly changes: readonly LeafChange[];
}

/** What was committed: its operations in order, those that only checked left out, and the store's last seq then. */
export interface CommitOutcome {
  readonly operations: readonly CommittedOperation[];
  readonly storeSeq: number;
}

/**
 * What commands will do when they are committed one after the other, the first one under the seq of `moment`. Writes
 * nothing. @throws DustError where the state of the store does not admit one of them
 */
export function planOperations(
  commands: readonly IdentifiedCommand[],
  tree: ReadableTree,
  moment: CommitMoment,
): PlannedOperation[] {
  const checks = countLeadingChecks(commands);
  for (const { command } of commands.slice(0, checks)) assertPreconditions(command, tree);
  const others = commands.slice(checks);
  const commit = commitRange(others, moment.storeSeq);
  const view = areIndependent(others) ? undefined : new OverlayTree(tree);
  const planned: PlannedOperation[] = [];
  for (const identified of others) {
    assertPreconditions(identified.command, view ?? tree);
    if (identified.command.op === 'check') continue;
    const next = { ...moment, storeSeq: moment.storeSeq + planned.length };
    const one = planOperation({ ...identified, command: identified.command }, view ?? tree, next, commit);
    if (view !== undefined) applyChanges(one.changes, view);
    planned.push(one);
  }
  return planned;
}

/** Those in front see the store as it is, and need no view of what the batch does. */
function countLeadingChecks(commands: readonly IdentifiedCommand[]): number {
  let count = 0;
  while (commands[count]?.command.op === 'check') count++;
  return count;
}

/** What the operations will belong to; undefined for one by itself. */
function commitRange(commands: readonly IdentifiedCommand[], first: number): CommitRange | undefined {
  let count = 0;
  for (const { command } of commands) if (command.op !== 'check') count++;
  return count < 2 ? undefined : { first, last: first + count - 1 };
}

/** Whether commands are of siblings, of which none can see what another one did: each reads and writes at and below its own path only. */
function areIndependent(commands: readonly IdentifiedCommand[]): boolean {
  const paths = new Set(commands.map(({ command }) => command.path));
  const parents = new Set(Array.from(paths, (path) => path.slice(0, path.lastIndexOf('/') + 1)));
  return paths.size === commands.length && parents.size === 1;
}

function planOperation(
  { command, deviceId, clientOpId }: IdentifiedCommand & { readonly command: WritingCommand },
  tree: ReadableTree,
  moment: CommitMoment,
  commit: CommitRange | undefined,
): PlannedOperation {
  const { op, path } = command;
  const value = resolveValue(command, tree, moment);
  const operation: CommittedOperation = {
    storeSeq: moment.storeSeq,
    op,
    path,
    value,
    deviceId,
    clientOpId,
    ...typesOf(command),
    ...(commit === undefined ? {} : { commit }),
  };
  return { operation, changes: changesOf(operation, tree) };
}

function typesOf(command: Command): Pick<CommittedOperation, 'leafTypes'> {
  return command.op === 'set' && command.leafTypes !== undefined ? { leafTypes: command.leafTypes } : {};
}
