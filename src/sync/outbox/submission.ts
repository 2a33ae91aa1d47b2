import { checkFenceForm, checkTtl } from '../../protocol/requests/request-checks.js';
import { checkFileLabels } from '../../protocol/requests/file-labels.js';
import { toJson } from '../../protocol/values/json.js';
import type { Fence } from '../../protocol/requests/operation.js';
import type { Path } from '../../protocol/paths/path.js';
import { assertPath, parsePath } from '../../protocol/paths/path.js';
import type { JsonObject, JsonValue } from '../../protocol/values/value.js';
import { isMap } from '../../protocol/values/value.js';
import type { SyncFile, SyncWrite } from '../engine-types.js';
import type { WriteSubject } from '../errors.js';
import { invalidValue, invalidWrite } from '../errors.js';

/** A write that is fit to be sent. */
export interface Submission extends WriteSubject {
  readonly event: 'write' | 'put_file';
  readonly path: Path;
  readonly clientOpId: string;
  /** What is pushed, but for the session's fence. */
  readonly payload: JsonObject;
  /** Whether applying it twice does what applying it once does. */
  readonly isRepeatable: boolean;
  /** Whether it says what it expects to find: sent twice, it can be refused for what it did itself. */
  readonly isConditional: boolean;
  readonly callerFence: Fence | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Not `renew` and `release`: sent twice, each is refused for what it did itself. */
const REPEATABLE: ReadonlySet<string> = new Set(['set', 'delete', 'merge']);

/**
 * The submission of a write. `makeId` gives it an id when it has none.
 *
 * @throws DustError `invalid_params`, `invalid_value` for what the server would refuse or crash on (PROTOCOL §4)
 */
export function submissionOf(write: SyncWrite, makeId: () => string): Submission {
  const { op, path, ifMatch, ifAbsent, fence, ttl, holder, token, signal } = write;
  const path_segments = parsePath(path);
  const value = checkValue(write);
  const clientOpId = checkId(write, write.clientOpId ?? makeId());
  if (fence !== undefined) checkFence(write, fence);
  if (ttl !== undefined) checkTtl(ttl, write);
  const isConditional = ifMatch !== undefined || ifAbsent === true;
  const payload: Record<string, JsonValue> = {
    op,
    path,
    path_segments,
    client_op_id: clientOpId,
  };
  if (value !== undefined) payload.value = value;
  if (ifMatch !== undefined) payload.if_match = ifMatch;
  if (ifAbsent === true) payload.if_absent = true;
  if (fence !== undefined) payload.fence = { key: fence.key, token: fence.token };
  if (ttl !== undefined) payload.ttl_ms = ttl;
  if (holder !== undefined) payload.holder = holder;
  if (token !== undefined) payload.token = token;
  return {
    event: 'write',
    op,
    path,
    clientOpId,
    payload,
    isRepeatable: REPEATABLE.has(op) && !isConditional && fence === undefined,
    isConditional,
    callerFence: fence,
    signal,
  };
}

/** The submission of a file: the same content at the same path is the same file, so it may be sent again. */
export function fileSubmissionOf(file: SyncFile, makeId: () => string): Submission {
  const { path, content, filename, contentType = 'application/octet-stream', signal } = file;
  const subject = { op: 'put_file', path };
  const path_segments = parsePath(path);
  checkFileLabels({ filename, contentType }, path);
  const clientOpId = checkId(subject, file.clientOpId ?? makeId());
  const payload = {
    path,
    path_segments,
    content: Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('base64'),
    filename,
    content_type: contentType,
    client_op_id: clientOpId,
  };
  return {
    ...subject,
    event: 'put_file',
    clientOpId,
    payload,
    isRepeatable: true,
    isConditional: false,
    callerFence: undefined,
    signal,
  };
}

function checkValue(write: SyncWrite): JsonValue | undefined {
  const { op, value } = write;
  if (op === 'delete') return null;
  if (op === 'lease' || op === 'renew' || op === 'release') return undefined;
  // A change of a counter or a set that says nothing is refused below, for what it lacks.
  const result = toJson(op === 'set' || op === 'merge' ? value : (value ?? null));
  if ('fault' in result) throw invalidValue(write, result.fault.reason, result.fault.at);
  if (op === 'merge' && !isMap(result.value)) {
    throw invalidWrite(write, 'merge_requires_map_value', 'a merge takes an object.');
  }
  if (op === 'increment' && typeof result.value !== 'number') {
    throw invalidWrite(write, 'increment_requires_number_value', 'an increment takes a number.');
  }
  if ((op === 'add' || op === 'remove') && result.value === null) {
    throw invalidWrite(write, `${op}_requires_value`, `${op} takes a member that is not null.`);
  }
  return result.value;
}

/** A server drops a fence whose token is no integer, and applies the write unfenced (PROTOCOL §6). */
function checkFence(subject: WriteSubject, fence: Fence): void {
  checkFenceForm(fence);
  const { key, token } = fence;
  assertPath(key);
  if (!Number.isSafeInteger(token)) {
    throw invalidWrite(subject, 'invalid_fence', 'a fence takes an integer token.');
  }
}

/** A write without an id kills the channel (PROTOCOL §4). */
function checkId(subject: WriteSubject, clientOpId: string): string {
  if (typeof clientOpId === 'string' && clientOpId !== '') return clientOpId;
  throw invalidWrite(subject, 'invalid_client_op_id', 'a client id is a text that is not empty.');
}
