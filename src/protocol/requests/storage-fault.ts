import type { DustErrorDetails } from '../../errors.js';
import { DustError } from '../../errors.js';

/**
 * An error of a store's medium as another process tells of it, the same as it was there: the owner of a shared folder, to those who share
 * it. Undefined where it was not told whole: a server keeps the message, which names a folder, to its log.
 */
export function storageFault(
  kind: unknown,
  detail: unknown,
  message: unknown,
  details: Pick<DustErrorDetails, 'status'> = {},
): DustError | undefined {
  if (kind !== 'storage' || typeof detail !== 'string' || typeof message !== 'string') return undefined;
  return new DustError('storage', message, { ...details, detail });
}
