import type { HttpTransportOptions } from '../http/index.js';
import type { ChannelTransportOptions } from './options.js';

/** What of a channel's options concerns the HTTP beside it. */
export function httpOptionsOf(options: ChannelTransportOptions): HttpTransportOptions {
  const { url, store, token, retry, timeout, requests, clock, logger, deviceId, random } = options;
  return { url, store, token, retry, timeout, requests, clock, logger, deviceId, random };
}
