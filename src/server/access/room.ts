import { Share } from '../../protocol/requests/budget.js';
import type { RequestContext, ServerParts } from '../environment.js';
import { serverBusy } from '../errors.js';

/** Shorter bodies count for nothing: their number is bounded by that of the connections. */
const COUNTED_FROM = 64 * 1024;

/** @throws DustError `http` with status 503 while clients have not read what the server has room for */
export function assertRoomForAnswer({ memory }: Pick<ServerParts, 'memory'>): void {
  if (!memory.unread.hasRoomFor(0)) throw serverBusy();
}

/**
 * Takes the room for a request's body until it has been answered; of unknown length, for the longest.
 *
 * @throws DustError `http` with status 503 when there is none
 */
export function takeRoomForBody(
  c: RequestContext,
  { memory, bounds }: Pick<ServerParts, 'memory' | 'bounds'>,
): void {
  const { incoming, outgoing } = c.env;
  const announced =
    incoming.headers['transfer-encoding'] === undefined
      ? Number(incoming.headers['content-length'] ?? 0)
      : bounds.body;
  // What is longer is refused before it is read.
  if (announced < COUNTED_FROM || announced > bounds.body) return;
  const share = new Share(memory.received);
  if (!share.take(announced)) throw serverBusy();
  outgoing.once('close', () => {
    share.release();
  });
}
