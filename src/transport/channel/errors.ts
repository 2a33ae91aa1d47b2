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
