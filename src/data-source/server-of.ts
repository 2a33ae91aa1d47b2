import { DEFAULT_URL } from '../transport/http/index.js';
import type { DataSourceOptions } from './data-source-options.js';

/** Where the server is that options lead to: a token without a url is one of the hosted Dust. Undefined for a store in this process. */
export function urlOf({ url, token }: Pick<DataSourceOptions, 'url' | 'token'>): string | undefined {
  // Null is no url left out: what it was copied from was not set, and the token is not to go elsewhere.
  if (url !== undefined) return url;
  return token === undefined ? undefined : DEFAULT_URL;
}
