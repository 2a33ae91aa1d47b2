import type { CommittedOperation } from '../../protocol/requests/operation.js';
import { clientOpIdReused } from '../errors.js';
import type { IdentifiedCommand } from './planning.js';
import type { OperationLog } from '../storage.js';

/**
 * The operations that these very commands were committed as before, undefined when they were not, or so long ago that
 * the log no longer keeps them.
 *
 * @throws DustError `invalid_params` with detail `client_op_id_reused` when an id belongs to another operation
 */
export function findCommitted(
  commands: readonly IdentifiedCommand[],
  log: OperationLog,
): readonly CommittedOperation[] | undefined {
  const logged = commands.filter(({ command }) => command.op !== 'check');
  const firstSeq = logged[0] && log.findClientOp(logged[0].clientOpId);
  if (firstSeq === undefined) return undefined;
  const operations: CommittedOperation[] = [];
  for (const operation of log.since(firstSeq - 1)) {
    if (operations.length === logged.length) break;
    operations.push(operation);
  }
  logged.forEach((identified, i) => {
    const operation = operations[i];
    if (operation === undefined || !isSame(identified, operation)) {
      throw clientOpIdReused(identified.command, identified.clientOpId);
    }
  });
  return operations;
}

function isSame({ command, clientOpId }: IdentifiedCommand, operation: CommittedOperation): boolean {
  return (
    operation.clientOpId === clientOpId && operation.op === command.op && operation.path === command.path
  );
}
