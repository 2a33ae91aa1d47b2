import { DustError } from '../../errors.js';
import { notSupported } from '../errors.js';

/** A file under a fence. */
export function fenceOnFile(): DustError {
  return notSupported(
    'channel',
    'fence a file',
    'Store the file without a fence, then write what refers to it under the fence.',
  );
}

/** A socket's url that is none; never shown, because it may hold credentials. */
export function invalidSocketUrl(): DustError {
  return new DustError(
    'invalid_options',
    'The option socketUrl must begin with wss:// or ws:// and hold no credentials, query or fragment, such as "wss://dustlayer.io/ws/sync/websocket".',
  );
}

/** A batch that the rate limit kept back for longer than its window and the time that a write has. */
export function batchRateLimited(ms: number): DustError {
  return new DustError(
    'rate_limited',
    `The batch was not sent, because the rate limit of the token let none pass in its window and ${ms} ms beyond. Nothing was written. Give others who write with this token less to do, or raise its limit.`,
  );
}
