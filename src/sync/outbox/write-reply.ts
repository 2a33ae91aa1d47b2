import type { JsonObject } from '../../protocol/values/value.js';
import { isBusy, retryAfterOf } from '../connection/calls.js';
import type { PushReply } from '../connection/link.js';
import type { Acknowledgement } from './pending-write.js';
import { readResponse } from '../messages/read-messages.js';

/**
 * What a server's reply to a write comes to (PROTOCOL §4, §8). Only `committed` and `unreadable` were
 * applied for certain; of `unknown` nobody knows.
 */
export type WriteReply =
  | ({ readonly kind: 'committed' } & Acknowledgement)
  | { readonly kind: 'unreadable'; readonly cause: unknown }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'limited'; readonly retryAfter: number }
  | { readonly kind: 'channelGone' }
  | { readonly kind: 'fenced' | 'refused'; readonly response: JsonObject };

/** Reads a reply. A write that matched nothing is no operation; it counts as committed with the seq 0. */
export function readWriteReply(reply: PushReply): WriteReply {
  const retryAfter = retryAfterOf(reply);
  if (retryAfter !== undefined) return { kind: 'limited', retryAfter };
  if (reply.status === 'ok') return committed(reply.response);
  if (isBusy(reply)) return { kind: 'unknown' };
  const { response } = reply;
  if (response.reason === 'unmatched topic') return { kind: 'channelGone' };
  return { kind: response.reason === 'fenced' ? 'fenced' : 'refused', response };
}

function committed(input: JsonObject): WriteReply {
  try {
    const response = readResponse(input);
    const { store_seq: storeSeq } = response;
    const isSeq = typeof storeSeq === 'number' && Number.isSafeInteger(storeSeq);
    return { kind: 'committed', storeSeq: isSeq ? Math.max(0, storeSeq) : 0, response };
  } catch (cause) {
    return { kind: 'unreadable', cause };
  }
}
