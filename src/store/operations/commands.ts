import { types } from 'node:util';
import { checkFileLabels } from '../../protocol/requests/file-labels.js';
import { MAX_BATCH_OPERATIONS } from '../../protocol/requests/listing.js';
import type { Path } from '../../protocol/paths/path.js';
import type { Preconditions } from '../../protocol/requests/request-checks.js';
import {
  checkBatchOperation,
  checkOperationList,
  checkDelta,
  checkPreconditions,
  checkRevision,
  checkTtl,
} from '../../protocol/requests/request-checks.js';
import { invalidCall, invalidParams } from '../../protocol/requests/request-errors.js';
import type { JsonObject, JsonValue, LeafType } from '../../protocol/values/value.js';
import { leafCount } from '../../protocol/values/value.js';
import {
  checkLeafCount,
  checkLeavesOf,
  checkMap,
  checkMember,
  checkPath,
  checkValue,
} from '../request-checks.js';
import type {
  BatchRequest,
  CheckOperation,
  LeaseRequest,
  PutFileRequest,
  ReleaseRequest,
  RenewRequest,
  WriteOperation,
} from '../requests.js';
import { contentHash } from '../content-hash.js';
import type { StoredBlob } from '../storage.js';

/** PROTOCOL §6. */
const DEFAULT_LEASE_TTL = 30_000;

const DEFAULT_CONTENT_TYPE = 'application/octet-stream';

type LeafTypes = ReadonlyMap<Path, LeafType>;

/** An operation whose parameters are all in order: what remains to be seen is whether the store's state admits it. */
export type Command = { readonly path: Path; readonly opIndex?: number | undefined } & (
  | ({
      readonly op: 'set';
      readonly value: JsonValue;
      readonly leafTypes?: LeafTypes | undefined;
    } & Preconditions)
  | ({ readonly op: 'delete' } & Preconditions)
  | { readonly op: 'merge'; readonly value: JsonObject }
  | { readonly op: 'increment'; readonly value: number }
  | { readonly op: 'add' | 'remove'; readonly value: JsonValue }
  | { readonly op: 'put_file'; readonly file: FileContent }
  | { readonly op: 'lease'; readonly ttl: number; readonly holder: string | null }
  | { readonly op: 'renew'; readonly ttl: number; readonly token: number }
  | { readonly op: 'release'; readonly token: number }
  | { readonly op: 'check'; readonly revision: number }
);

/** A command that is logged as an operation. */
export type WritingCommand = Exclude<Command, { readonly op: 'check' }>;

/** What is known of a file without its content. */
export interface FileFacts {
  readonly path: Path;
  /** `sha256:` and 64 hexadecimal digits. */
  readonly hash: string;
  readonly filename: string;
  readonly contentType: string;
  /** In bytes. */
  readonly size: number;
}

/** A file to be stored: what its envelope says of it, and its content unless that is kept elsewhere, under its hash. */
export interface FileContent extends Omit<FileFacts, 'path'> {
  readonly blob?: StoredBlob | undefined;
}

/** @throws DustError `invalid_params`, `invalid_value` */
export function writeCommand(operation: WriteOperation, opIndex?: number): Command {
  const { op, path, ifMatch, ifAbsent } = operation;
  checkPath(path, opIndex);
  const subject = { path, opIndex };
  const value = 'value' in operation ? operation.value : null;
  checkLeavesOf(value, subject);
  switch (op) {
    case 'set': {
      const checked = checkValue(value, subject);
      checkPreconditions(op, operation, checked, subject);
      return { op, path, opIndex, value: checked, ifMatch, ifAbsent, leafTypes: operation.leafTypes };
    }
    case 'delete':
      checkPreconditions(op, operation, null, subject);
      return { op, path, opIndex, ifMatch };
    case 'merge':
      checkPreconditions(op, operation, null, subject);
      return { op, path, opIndex, value: checkMap(value, subject) };
    case 'increment':
      checkPreconditions(op, operation, null, subject);
      return { op, path, opIndex, value: checkDelta(value, subject) };
    case 'add':
    case 'remove':
      checkPreconditions(op, operation, null, subject);
      return { op, path, opIndex, value: checkMember(op, value, subject) };
    default:
      throw invalidParams(subject, 'invalid_op', `there is no operation ${JSON.stringify(op)}.`);
  }
}

/** @throws DustError as {@link writeCommand} does, and `invalid_params` with detail `batch_size`, `unsupported_batch_op` */
export function batchCommands({ operations }: BatchRequest): Command[] {
  checkOperationList(operations);
  return boundedBatch(operations, (operation, opIndex) => {
    checkBatchOperation(operation, opIndex);
    return operation.op === 'check' ? checkCommand(operation, opIndex) : writeCommand(operation, opIndex);
  });
}

/** The commands of a batch that is no larger than a store takes. @throws DustError `invalid_params` with detail `batch_size`, `too_many_leaves` */
function boundedBatch<T>(items: readonly T[], commandOf: (item: T, opIndex: number) => Command): Command[] {
  if (items.length === 0 || items.length > MAX_BATCH_OPERATIONS) {
    throw invalidCall(
      'batch_size',
      `A batch holds 1 to ${MAX_BATCH_OPERATIONS} operations, and this one has ${items.length}. Split it.`,
    );
  }
  let leaves = 0;
  return items.map((item, opIndex) => {
    const command = commandOf(item, opIndex);
    checkLeafCount((leaves += leavesMadeBy(command)), command);
    return command;
  });
}

/** @throws DustError `invalid_params` */
function checkCommand({ path, revision }: CheckOperation, opIndex: number | undefined): Command {
  checkPath(path, opIndex);
  return { op: 'check', path, revision: checkRevision(revision, { path, opIndex }), opIndex };
}

/** Leaves that are removed count for nothing: what a store holds must be removable. */
function leavesMadeBy(command: Command): number {
  return command.op === 'set' || command.op === 'merge' ? leafCount(command.value) : 0;
}

/** @throws DustError `invalid_params` */
export function putFileCommand({
  path,
  content,
  filename,
  contentType = DEFAULT_CONTENT_TYPE,
}: PutFileRequest): Command {
  checkPath(path);
  checkFileLabels({ filename, contentType }, path);
  if (!types.isUint8Array(content)) {
    throw invalidParams({ path }, 'put_file_requires_bytes', 'a file takes its content as a Uint8Array.');
  }
  const blob = {
    content: new Uint8Array(content),
    contentType,
    filename,
  };
  const hash = contentHash(blob.content);
  const { byteLength: size } = blob.content;
  return { op: 'put_file', path, file: { hash, filename, contentType: blob.contentType, size, blob } };
}

/** Stores a file whose content is kept elsewhere. @throws DustError `invalid_params` */
export function fileCommand({ path, ...file }: FileFacts): Command {
  checkPath(path);
  checkFileLabels(file, path);
  return { op: 'put_file', path, file };
}

/** @throws DustError `invalid_params` */
export function leaseCommand({ path, ttl, holder }: LeaseRequest): Command {
  checkPath(path);
  const named = holder ?? null;
  checkValue(named, { path });
  return { op: 'lease', path, ttl: ttlOf(path, ttl), holder: named };
}

/** @throws DustError `invalid_params` */
export function renewCommand({ path, token, ttl }: RenewRequest): Command {
  checkPath(path);
  return { op: 'renew', path, token, ttl: ttlOf(path, ttl) };
}

/** @throws DustError `invalid_params` */
export function releaseCommand({ path, token }: ReleaseRequest): Command {
  checkPath(path);
  return { op: 'release', path, token };
}

/**
 * A command that came from outside, checked as the request that it was made of.
 *
 * @throws DustError `invalid_params`, `invalid_value`
 */
export function checkedCommand(command: Command): Command {
  const { op, path, opIndex } = command;
  switch (op) {
    case 'check':
      return checkCommand(command, opIndex);
    case 'put_file':
      return fileCommand({ path, ...command.file });
    case 'lease':
      return leaseCommand(command);
    case 'renew':
      return renewCommand(command);
    case 'release':
      return releaseCommand(command);
    default:
      return writeCommand(command, opIndex);
  }
}

/**
 * The commands of a batch that came from outside, checked as the requests that they were made of.
 *
 * @throws DustError `invalid_params`, `invalid_value`
 */
export function checkedBatch(commands: readonly Command[]): Command[] {
  return boundedBatch(commands, checkedCommand);
}

function ttlOf(path: Path, ttl = DEFAULT_LEASE_TTL): number {
  checkTtl(ttl, { path });
  return ttl;
}
