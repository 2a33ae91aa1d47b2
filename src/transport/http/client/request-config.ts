import type { AxiosRequestConfig } from 'axios';
import { toWireJson } from '../../../protocol/wire/wire-json.js';
import type { HttpRequest } from './http-client.js';

/** What holds for every request: nothing is judged, parsed or followed by axios. */
export const STATIC_CONFIG: AxiosRequestConfig = Object.freeze({
  adapter: 'http',
  maxRedirects: 0,
  responseType: 'stream',
  validateStatus: () => true,
  transformRequest: (data: unknown) => data,
  transformResponse: [],
});

/** What one request adds: method, headers and body. */
export function requestConfig(request: HttpRequest, token: string): AxiosRequestConfig {
  const { method, headers = {}, read = 'json' } = request;
  const data = encodeBody(request);
  return {
    method,
    data,
    headers: {
      ...headers,
      // PROTOCOL §3: error bodies are JSON only when exactly this is accepted.
      Accept: read === 'json' ? 'application/json' : '*/*',
      Authorization: `Bearer ${token}`,
      'User-Agent': 'dust-orm',
      'Content-Type': data === undefined ? false : (request.contentType ?? 'application/json'),
    },
  };
}

/** As bytes: scalars, null and empty strings are JSON bodies like any other. */
function encodeBody({ body, content, contentType }: HttpRequest): Buffer | undefined {
  if (content !== undefined) return Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  if (body === undefined) return undefined;
  return Buffer.from(contentType !== undefined && typeof body === 'string' ? body : toWireJson(body));
}
