import type { DustErrorKind } from '../../errors.js';
import { DustError, isDustError } from '../../errors.js';
import type { PreparedWrite } from '../prepare/prepared-write.js';
import type { EntityMetadata } from '../../metadata/index.js';
import { uniqueProperties } from '../../metadata/index.js';
import { detailsOf } from '../prepare/write-errors.js';

/** What is wrong with one write; anything else is wrong with the call or the connection. Such errors are made for one call. */
const ABOUT_A_WRITE: ReadonlySet<DustErrorKind> = new Set([
  'conflict',
  'exists',
  'not_found',
  'validation',
  'invalid_value',
  'invalid_params',
]);

/** Prepares the write at a position in what the caller gave, be it a batch or a list: its errors say which it is. */
export async function atPosition<W extends PreparedWrite | undefined>(
  position: number | undefined,
  prepare: () => W | Promise<W>,
): Promise<W> {
  try {
    const write = await prepare();
    return write === undefined || position === undefined ? write : { ...write, position };
  } catch (error) {
    throw placed(error, position);
  }
}

/** The position of one of `count` that a call was given; none where there is only one. */
export function positionAmong(count: number, index: number): number | undefined {
  return count > 1 ? index : undefined;
}

/** What stopped a write that was sent. The position in what was sent says nothing to those who did not make it. */
export async function explained(
  { explain, position, metadata }: PreparedWrite,
  error: unknown,
): Promise<unknown> {
  const said = await explain(error);
  nameProperties(metadata, said);
  if (said !== error || !isDustError(error) || error.opIndex === undefined) return placed(said, position);
  const { kind, message } = error;
  return new DustError(kind, message.replace(POSITION_SENT, ''), {
    ...detailsOf(error),
    opIndex: position,
    cause: error,
  });
}

/** How messages tell where in a batch something is. */
const POSITION_SENT = / (?:\(operation \d+ of the batch\)|in operation \d+ of the batch)/;

/** Adds what a unique index refused by the names that the entity has for it: transports know paths alone. */
function nameProperties(metadata: EntityMetadata, error: unknown): void {
  if (!isDustError(error) || error.duplicate === undefined) return;
  const properties = uniqueProperties(metadata, error.duplicate.paths);
  if (properties !== undefined) Object.assign(error, { duplicate: { ...error.duplicate, properties } });
}

/** The error itself, which then tells the position. */
function placed(error: unknown, position: number | undefined): unknown {
  if (position === undefined || !isDustError(error) || !ABOUT_A_WRITE.has(error.kind)) return error;
  return Object.assign(error, { opIndex: position });
}
