import { isDustError } from '../../errors.js';

/** Faults of a connection that leave it open whether a request was carried out; before others nothing was sent. */
const CUT: ReadonlySet<string | undefined> = new Set(['connection_lost', 'protocol']);

/** Whether a write that failed so may have been applied all the same, or may be later. */
export function isOutcomeUnknown(error: unknown): boolean {
  if (!isDustError(error)) return false;
  const { kind, detail, status = 0 } = error;
  switch (kind) {
    case 'indeterminate':
      return true;
    case 'timeout':
      return detail !== 'connect';
    case 'network':
      return CUT.has(detail);
    case 'http':
      return status >= 500 || (status >= 200 && status < 300);
    default:
      return false;
  }
}
