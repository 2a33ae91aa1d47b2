import { DustError } from '../../errors.js';
import type { Path } from '../../protocol/paths/path.js';

/** Other writers were faster each time. */
export function claimsContended(path: Path, attempts: number, cause: unknown): DustError {
  return new DustError(
    'conflict',
    `${JSON.stringify(path)}: other writers changed what must be unique during each of ${attempts} attempts to write it. Nothing was written: try again when it is quieter.`,
    { detail: 'unique_contention', path, retryable: true, cause },
  );
}
