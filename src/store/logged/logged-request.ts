import type { Fence } from '../../protocol/requests/operation.js';
import type { LogLimits } from '../history/log-limits.js';
import { rollbackCommands } from '../history/rollback.js';
import type { Command } from '../operations/commands.js';
import { checkedBatch, checkedCommand } from '../operations/commands.js';
import { identifyBatch } from '../operations/planning.js';
import { checkContext } from '../request-checks.js';
import type { RollbackRequest } from '../requests.js';
import type { StoreStorage } from '../storage.js';
import type { LoggedWork } from './logged-work.js';

/** Who asked for a write, and how it may be found again: what a commit must not draw by itself, so that all copies agree. */
export interface LoggedBy {
  readonly deviceId: string | null;
  readonly clientOpId: string;
  /** Whether somebody may ask again under the id. */
  readonly mayBeRepeated?: boolean | undefined;
  readonly fence?: Fence | undefined;
  readonly announce?: boolean | undefined;
}

/** A request as a log outside of the store carries it to every copy. */
export type LoggedRequest =
  /** `isBatch`: its operations are logged under numbered ids, a single one too. */
  | {
      readonly kind: 'commit';
      readonly by: LoggedBy;
      readonly commands: readonly Command[];
      readonly isBatch?: boolean | undefined;
    }
  | { readonly kind: 'rollback'; readonly request: RollbackRequest }
  | { readonly kind: 'compact'; readonly keep?: number | undefined }
  | { readonly kind: 'limits'; readonly limits: LogLimits };

/**
 * What a request comes to in a commit of this storage. It came from outside: what no store admits is refused there, like what this one does
 * not.
 */
export function workOf(request: LoggedRequest, storage: StoreStorage): LoggedWork {
  switch (request.kind) {
    case 'compact':
    case 'limits':
      return request;
    case 'rollback': {
      const { announce } = request.request;
      return {
        kind: 'write',
        context: { announce },
        mayBeRepeated: false,
        make: () => rollbackCommands(storage, request.request),
      };
    }
    case 'commit': {
      const { by, commands, isBatch = false } = request;
      return {
        kind: 'write',
        context: { fence: by.fence, announce: by.announce },
        mayBeRepeated: by.mayBeRepeated === true,
        make: () => {
          checkContext(by);
          return isBatch
            ? identifyBatch(checkedBatch(commands), by)
            : commands.map((command) => ({ command: checkedCommand(command), ...idsOf(by) }));
        },
      };
    }
  }
}

function idsOf({ deviceId, clientOpId }: LoggedBy): Pick<LoggedBy, 'deviceId' | 'clientOpId'> {
  return { deviceId, clientOpId };
}
