import { jsonEquals } from '../../protocol/values/json.js';
import type { JsonObject, JsonValue, Leaf } from '../../protocol/values/value.js';
import type { Command, FileContent, WritingCommand } from './commands.js';
import { incrementOutOfRange, incrementRequiresNumberLeaf } from '../errors.js';
import type { ReadableTree } from '../leaf-tree.js';
import { assertLeasable, assertTaken, leaseEnvelope, liveLease } from './leases.js';

/** The moment a command is committed. */
export interface CommitMoment {
  readonly storeSeq: number;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  /** The same by a clock that is never set back: what leases go by. */
  readonly steadyNow: number;
}

/**
 * The value a command is logged and broadcast with: totals and whole sets instead of what is added, envelopes instead
 * of what they are made of.
 *
 * @throws DustError where the leaf at the path does not admit the command: `invalid_params` with detail
 * `increment_requires_number_leaf` or `increment_out_of_range`, `held`, `occupied`, `not_held`
 */
export function resolveValue(
  command: WritingCommand,
  tree: ReadableTree,
  { storeSeq, now, steadyNow }: CommitMoment,
): JsonValue {
  const { path } = command;
  switch (command.op) {
    case 'set':
    case 'merge':
      return command.value;
    case 'delete':
      return null;
    case 'increment':
      return total(command, tree.get(path), command.value);
    case 'add':
      return Object.freeze([command.value, ...without(tree.get(path), command.value)]);
    case 'remove':
      return Object.freeze(without(tree.get(path), command.value));
    case 'put_file':
      return fileEnvelope(command.file, now);
    case 'lease':
      assertLeasable(tree, path, steadyNow);
      return leaseEnvelope({ token: storeSeq, expiresAt: steadyNow + command.ttl, holder: command.holder });
    case 'renew': {
      const lease = liveLease(tree, path, command.token, steadyNow);
      return leaseEnvelope({ ...lease, expiresAt: steadyNow + command.ttl });
    }
    case 'release':
      assertTaken(tree, path, command.token);
      return null;
  }
}

function total(command: Command, leaf: Leaf | undefined, delta: number): number {
  const before = leaf === undefined ? 0 : leaf.value;
  if (typeof before !== 'number') throw incrementRequiresNumberLeaf(command);
  const sum = before + delta;
  if (!Number.isFinite(sum)) throw incrementOutOfRange(command);
  return sum;
}

/** The members of a set but one. An array counts as a set whatever wrote it, anything else as an empty one. */
function without(leaf: Leaf | undefined, member: JsonValue): JsonValue[] {
  const value = leaf?.value;
  return isArray(value) ? value.filter((present) => !jsonEquals(present, member)) : [];
}

function isArray(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function fileEnvelope({ hash, filename, contentType, size }: FileContent, now: number): JsonObject {
  return Object.freeze({
    _type: 'file',
    hash,
    size,
    filename,
    content_type: contentType,
    uploaded_at: new Date(now).toISOString(),
  });
}
