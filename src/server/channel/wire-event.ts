import type { Feature } from '../../protocol/wire/features.js';
import type { WireEvent } from '../../protocol/wire/frames.js';
import { toWireEvent } from '../../protocol/wire/frames.js';
import type { CommittedOperation } from '../../protocol/requests/operation.js';

/** An operation as a client hears of it: its commit is told where that was announced. */
export function wireEvent(operation: CommittedOperation, features: readonly Feature[]): WireEvent {
  const tellsCommit = operation.commit === undefined || features.includes('commits');
  return toWireEvent(tellsCommit ? operation : { ...operation, commit: undefined });
}
