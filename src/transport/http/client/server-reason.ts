import type { DuplicateValues } from '../../../errors.js';
import { duplicateIn } from '../../../protocol/requests/duplicate.js';

/** What the body of an error answer says (PROTOCOL §3). Absent where it says nothing of the kind. */
export interface ServerReason {
  /** The machine-readable reason, such as `conflict`. Without it the server did not understand the request at all. */
  readonly error?: string | undefined;
  /** In the server's own words. */
  readonly detail?: string | undefined;
  /** Beside a detail that is one word. */
  readonly message?: string | undefined;
  readonly opIndex?: number | undefined;
  readonly path?: string | undefined;
  readonly currentRevision?: number | null | undefined;
  /** With `path`, the record that was to have the values. */
  readonly duplicate?: DuplicateValues | undefined;
}

/** Reads the body of an error answer, whatever it is: JSON, HTML, plain text, cut off or nothing. */
export function readServerReason(text: string): ServerReason {
  const body = parseObject(text);
  if (body === undefined) return {};
  const errors = asObject(body.get('errors'));
  const revision = body.get('current_revision');
  return {
    error: stringOf(body.get('error')),
    detail: stringOf(body.get('detail')) ?? stringOf(body.get('message')) ?? stringOf(errors?.get('detail')),
    message: stringOf(body.get('message')),
    opIndex: numberOf(body.get('op_index')),
    path: stringOf(body.get('path')),
    currentRevision: revision === null ? null : numberOf(revision),
    duplicate: duplicateIn(body.get('path'), body.get('duplicate'))?.duplicate,
  };
}

function parseObject(text: string): ReadonlyMap<string, unknown> | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function asObject(value: unknown): ReadonlyMap<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? new Map<string, unknown>(Object.entries(value))
    : undefined;
}

function stringOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
