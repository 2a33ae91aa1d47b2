import type { ServerResponse } from 'node:http';
import type { Budget } from '../../protocol/requests/budget.js';

/** Shorter answers count for nothing: their number is bounded by that of the connections. */
const COUNTED_FROM = 64 * 1024;

/** Counts an answer that was made among what waits to be read, until it has been or its connection is gone. */
export function countUnread(response: ServerResponse, unread: Budget): void {
  const bytes = response.writableLength;
  if (bytes < COUNTED_FROM || response.destroyed) return;
  unread.takeAnyway(bytes);
  response.once('close', () => {
    unread.give(bytes);
  });
}
