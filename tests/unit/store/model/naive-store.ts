import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type {
  CommitRange,
  CommittedOperation,
  OperationKind,
} from '../../../../src/protocol/requests/operation.js';
import type { JsonValue } from '../../../../src/protocol/values/value.js';
import type { Preconditions } from '../../../../src/protocol/requests/request-checks.js';
import type { WriteContext } from '../../../../src/store/index.js';
import type { NaiveLeaf } from './naive-paths.js';
import { byBytes, isAtOrBelow, isBelow, isMap, render, segmentsOf, typeOf } from './naive-paths.js';

/** One operation as the model takes it. */
export interface NaiveCommand extends Preconditions {
  readonly op: OperationKind | 'check';
  readonly path: string;
  readonly value?: JsonValue | undefined;
  readonly revision?: number | undefined;
  readonly token?: number | undefined;
  readonly ttl?: number | undefined;
  readonly holder?: string | null | undefined;
  readonly content?: Uint8Array | undefined;
  readonly filename?: string | undefined;
  readonly contentType?: string | undefined;
}

type NaiveWrite = NaiveCommand & { readonly op: OperationKind };

/** A committed operation with the leaves before and after it. */
export interface NaiveStep {
  readonly operation: CommittedOperation;
  readonly before: readonly NaiveLeaf[];
  readonly after: readonly NaiveLeaf[];
}

/** What one request committed. */
export interface NaiveCommit {
  /** None when nothing was written now. */
  readonly steps: readonly NaiveStep[];
  readonly operations: readonly CommittedOperation[];
  /** For each command the seq of its operation, for a check the one before it. */
  readonly seqs: readonly number[];
}

/** Stands for a client id the store made up. */
export const MADE_UP = '(made up)';

/** The model's way to refuse a command. */
export class Refusal extends Error {
  constructor(readonly facts: Record<string, unknown>) {
    super(JSON.stringify(facts));
  }
}

interface LeaseValue {
  readonly token: number;
  readonly expires_at: number;
  readonly holder: string | null;
}

/** A store that does everything the slow and obvious way: what the real one is held to. */
export class NaiveStore {
  leaves: NaiveLeaf[] = [];
  seq = 0;
  log: CommittedOperation[] = [];
  snapshot: { seq: number; leaves: NaiveLeaf[] } = { seq: 0, leaves: [] };
  /** The leaves after each seq, from 0. */
  readonly history: NaiveLeaf[][] = [[]];
  readonly #limits: { keep: number; limit: number };

  constructor(limits: { keep: number; limit: number }) {
    this.#limits = limits;
  }

  commit(commands: readonly NaiveCommand[], context: WriteContext, now: number, batch: boolean): NaiveCommit {
    const idOf = (i: number): string =>
      context.clientOpId === undefined ? MADE_UP : batch ? `${context.clientOpId}:${i}` : context.clientOpId;
    commands.forEach((command, i) => this.#checkForm(command, batch ? i : undefined));
    const writing = commands
      .map((command, i) => ({ command, i }))
      .filter(({ command: { op } }) => op !== 'check');
    const known = this.log.findIndex((operation) => operation.clientOpId === idOf(0));
    if (context.clientOpId !== undefined && writing.length > 0 && known !== -1) {
      const operations = this.log.slice(known, known + writing.length);
      writing.forEach(({ command, i }, place) => {
        const operation = operations[place];
        if (
          operation?.op !== command.op ||
          operation.path !== command.path ||
          operation.clientOpId !== idOf(place)
        ) {
          throw new Refusal({
            kind: 'invalid_params',
            detail: 'client_op_id_reused',
            path: command.path,
            ...at(batch, i),
          });
        }
      });
      return { steps: [], operations, seqs: seqsOf(commands, Number(operations[0]?.storeSeq)) };
    }
    if (context.fence !== undefined && !this.#holds(context.fence.key, context.fence.token, now)) {
      throw new Refusal({ kind: 'fenced', path: context.fence.key });
    }
    const saved = { leaves: this.leaves, seq: this.seq };
    const commit = { first: this.seq + 1, last: this.seq + writing.length };
    const of = writing.length > 1 ? { commit } : {};
    try {
      const steps: NaiveStep[] = [];
      commands.forEach((command, i) => {
        const names = { deviceId: context.deviceId ?? null, clientOpId: idOf(steps.length), ...of };
        if (command.op === 'check') this.#check(command, at(batch, i));
        else steps.push(this.#step({ ...command, op: command.op }, names, now, at(batch, i)));
      });
      steps.forEach(({ operation, after }) => {
        this.log.push(operation);
        this.history.push([...after]);
      });
      if (this.log.length > this.#limits.limit) this.compact(this.#limits.keep);
      const operations = steps.map(({ operation }) => operation);
      return { steps, operations, seqs: seqsOf(commands, commit.first) };
    } catch (error) {
      Object.assign(this, saved);
      throw error;
    }
  }

  compact(keep: number = this.#limits.keep): void {
    this.snapshot = { seq: this.seq, leaves: [...this.leaves] };
    this.log = this.log.filter((operation) => operation.storeSeq > this.seq - keep);
  }

  #checkForm({ op, path, ifMatch, ifAbsent, value = null }: NaiveCommand, opIndex: number | undefined): void {
    const refuse = (detail: string): never => {
      throw new Refusal({
        kind: 'invalid_params',
        detail,
        path,
        ...(opIndex === undefined ? {} : { opIndex }),
      });
    };
    if (ifMatch !== undefined && ifAbsent === true) refuse('invalid_precondition');
    if (ifMatch !== undefined && op !== 'set' && op !== 'delete') refuse('if_match_unsupported_op');
    if (ifAbsent === true && op !== 'set') refuse('if_absent_unsupported_op');
    if (op === 'set' && isMap(value) && ifMatch !== undefined) refuse('if_match_multi_leaf');
    if (op === 'set' && isMap(value) && ifAbsent === true) refuse('if_absent_multi_leaf');
  }

  #check({ path, revision }: NaiveCommand, where: { opIndex?: number }): void {
    const present = revisionAt(this.leaves, path);
    if (present === revision) return;
    if (revision === 0) throw new Refusal({ kind: 'exists', path, currentRevision: present, ...where });
    throw new Refusal({ kind: 'conflict', path, currentRevision: present === 0 ? null : present, ...where });
  }

  #step(
    command: NaiveWrite,
    names: { deviceId: string | null; clientOpId: string; commit?: CommitRange },
    now: number,
    where: { opIndex?: number },
  ): NaiveStep {
    const before = this.leaves;
    const { op, path } = command;
    const leaf = before.find((each) => each.path === path);
    if (command.ifMatch !== undefined && leaf?.revision !== command.ifMatch) {
      const revisions = before.filter((each) => isBelow(each.path, path)).map((each) => each.revision);
      const currentRevision = leaf?.revision ?? (revisions.length === 0 ? null : Math.max(...revisions));
      throw new Refusal({ kind: 'conflict', path, currentRevision, ...where });
    }
    if (command.ifAbsent === true && leaf !== undefined) {
      throw new Refusal({ kind: 'exists', path, currentRevision: leaf.revision, ...where });
    }
    this.seq++;
    const value = this.#apply(command, leaf, now, where);
    this.leaves = [...this.leaves].sort(byBytes);
    return { operation: { storeSeq: this.seq, op, path, value, ...names }, before, after: this.leaves };
  }

  #apply(
    command: NaiveWrite,
    leaf: NaiveLeaf | undefined,
    now: number,
    where: { opIndex?: number },
  ): JsonValue {
    const { op, path, value = null } = command;
    const members = Array.isArray(leaf?.value) ? (leaf.value as JsonValue[]) : [];
    const others = members.filter((member) => !isDeepStrictEqual(member, value));
    switch (op) {
      case 'set':
        this.#remove((each) => isAtOrBelow(each, path));
        this.#write(path, value);
        return value;
      case 'delete':
        this.#remove((each) => isAtOrBelow(each, path));
        return null;
      case 'merge':
        for (const [key, child] of Object.entries(value as Record<string, JsonValue>)) {
          const childPath = `${path}/${render([key])}`;
          this.#remove((each) => each === childPath || (isMap(child) && isBelow(each, childPath)));
          this.#write(childPath, child);
        }
        return value;
      case 'increment': {
        const old = leaf === undefined ? 0 : leaf.value;
        if (typeof old !== 'number') {
          throw new Refusal({
            kind: 'invalid_params',
            detail: 'increment_requires_number_leaf',
            path,
            ...where,
          });
        }
        return this.#replace(path, old + Number(value), 'counter');
      }
      case 'add':
        return this.#replace(path, [value, ...others], 'set');
      case 'remove':
        return this.#replace(path, others, 'set');
      case 'put_file':
        return this.#replace(path, fileValue(command, now), 'file');
      case 'lease': {
        const lease = this.#leaseAt(path);
        if (leaf !== undefined && (lease === undefined || lease.expires_at > now)) {
          throw new Refusal({ kind: lease === undefined ? 'occupied' : 'held', path });
        }
        return this.#grant(path, this.seq, command.holder ?? null, now + (command.ttl ?? 30_000));
      }
      case 'renew':
        if (!this.#holds(path, command.token, now)) {
          throw new Refusal({ kind: 'not_held', path });
        }
        return this.#grant(
          path,
          Number(command.token),
          this.#leaseAt(path)?.holder ?? null,
          now + (command.ttl ?? 30_000),
        );
      case 'release':
        if (this.#leaseAt(path)?.token !== command.token) {
          throw new Refusal({ kind: 'not_held', path });
        }
        this.#remove((each) => each === path);
        return null;
    }
  }

  #remove(which: (path: string) => boolean): void {
    this.leaves = this.leaves.filter((leaf) => !which(leaf.path));
  }

  #write(path: string, value: JsonValue): void {
    if (isMap(value)) {
      for (const [key, child] of Object.entries(value as Record<string, JsonValue>)) {
        this.#write(render([...segmentsOf(path), key]), child);
      }
    } else {
      this.leaves = [...this.leaves, { path, value, type: typeOf(value), revision: this.seq }];
    }
  }

  #replace(path: string, value: JsonValue, type: string): JsonValue {
    this.#remove((each) => each === path);
    this.leaves = [...this.leaves, { path, value, type, revision: this.seq }];
    return value;
  }

  #grant(path: string, token: number, holder: string | null, expiresAt: number): JsonValue {
    return this.#replace(path, { _type: 'lease', token, holder, expires_at: expiresAt }, 'lease');
  }

  #leaseAt(path: string): LeaseValue | undefined {
    const value = this.leaves.find((leaf) => leaf.path === path)?.value;
    const lease = value as unknown as LeaseValue & { _type: string };
    return typeof value === 'object' &&
      value !== null &&
      lease._type === 'lease' &&
      Number.isInteger(lease.token)
      ? lease
      : undefined;
  }

  #holds(path: string, token: number | undefined, now: number): boolean {
    const lease = this.#leaseAt(path);
    return lease !== undefined && lease.token === token && lease.expires_at > now;
  }
}

/** The greatest revision at and below a path; 0 where nothing is. */
export function revisionAt(leaves: readonly NaiveLeaf[], path: string): number {
  return Math.max(
    0,
    ...leaves.filter((leaf) => isAtOrBelow(leaf.path, path)).map(({ revision }) => revision),
  );
}

function seqsOf(commands: readonly NaiveCommand[], first: number): number[] {
  let seq = first - 1;
  return commands.map(({ op }) => (op === 'check' ? seq : ++seq));
}

function fileValue(
  { content = new Uint8Array(), filename, contentType }: NaiveCommand,
  now: number,
): JsonValue {
  return {
    _type: 'file',
    hash: `sha256:${createHash('sha256').update(content).digest('hex')}`,
    size: content.length,
    filename: filename ?? '',
    content_type: contentType ?? 'application/octet-stream',
    uploaded_at: new Date(now).toISOString(),
  };
}

const at = (batch: boolean, opIndex: number): { opIndex?: number } => (batch ? { opIndex } : {});
