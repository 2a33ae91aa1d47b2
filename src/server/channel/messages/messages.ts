import { inspect } from 'node:util';
import { isDustError } from '../../../errors.js';
import type { TypedJson } from '../../http/typed-json.js';
import { refusalReply } from './error-replies.js';
import { putFile } from './file-uploads.js';
import type { Membership } from './membership.js';
import { fieldsOf } from './payload.js';
import type { Outcome } from './replies.js';
import { CRASH, done, refused } from './replies.js';
import { rollback } from './rollbacks.js';
import { uniqueIndexes } from './indexes.js';
import { status } from './status.js';
import { write } from './writes.js';

type Handler = (
  membership: Membership,
  payload: unknown,
  written: TypedJson | undefined,
) => Outcome | Promise<Outcome>;

const HANDLERS: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ['write', write],
  ['put_file', putFile],
  ['rollback', rollback],
  ['status', status],
  ['unique_indexes', uniqueIndexes],
  ['ack_seq', () => done()],
]);

/**
 * What comes of a message to a joined channel. Never rejects: what was not foreseen is logged.
 *
 * @param written the payload with what its text says of its numbers, where that counts
 */
export async function handleMessage(
  membership: Membership,
  event: string,
  payload: unknown,
  written?: TypedJson,
): Promise<Outcome> {
  const { imitation, features, logger, tellsStorageFaults } = membership.parts;
  const isKnown = event !== 'unique_indexes' || features.includes('unique-indexes');
  const handler = isKnown ? HANDLERS.get(event) : undefined;
  if (handler === undefined) return imitation.has('unknown-event-crash') ? CRASH : refused('unknown event');
  try {
    return await handler(membership, payload, written);
  } catch (error) {
    const refusal = refusalReply(error, fieldsOf(payload).op);
    if (refusal !== undefined) return refusal;
    if (isNoAnswer(error)) return CRASH;
    logger.error(`the channel message ${JSON.stringify(event)} failed: ${inspect(error)}`);
    if (!isDustError(error, 'storage')) return refused('internal');
    const { kind, detail, message } = error;
    return refused('internal', { kind, detail, ...(tellsStorageFaults && { message }) });
  }
}

/**
 * What says nothing of the message: this process, or this node of a cluster, does not know what came of it, or cannot go on. Whoever asked
 * is not to take it for a refusal, and finds out where he comes next.
 */
function isNoAnswer(error: unknown): boolean {
  if (!isDustError(error)) return false;
  const { kind, detail } = error;
  return (
    kind === 'closed' ||
    kind === 'indeterminate' ||
    kind === 'timeout' ||
    (kind === 'storage' && (detail === 'halted' || detail === 'restoring'))
  );
}
