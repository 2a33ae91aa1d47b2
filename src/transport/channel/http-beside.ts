import type { ServerWay } from '../dialing-agent.js';
import type { HttpClient, HttpTransportOptions } from '../http/index.js';
import { HttpTransport, createHttpClient } from '../http/index.js';
import type { ChannelTransportOptions } from './options.js';

/** The HTTP beside a channel, with what of its options concerns it. */
export function httpBeside(options: ChannelTransportOptions, way?: ServerWay<HttpClient>): HttpTransport {
  const http = httpOptionsOf(options);
  const client = createHttpClient(http, way?.dial);
  return new HttpTransport(http, way === undefined ? client : way.over(client));
}

function httpOptionsOf(options: ChannelTransportOptions): HttpTransportOptions {
  const { url, store, token, retry, timeout, requests, clock, logger, deviceId, random } = options;
  return { url, store, token, retry, timeout, requests, clock, logger, deviceId, random };
}
