import { DEFAULT_URL } from '../transport/http/index.js';
import type { DataSourceOptions } from './data-source-options.js';

/** Where the server is that options lead to: a token without a url is one of the hosted Dust. Undefined for a store in this process. */
export function urlOf({ url, token }: Pick<DataSourceOptions, 'url' | 'token'>): string | undefined {
  return url ?? (token === undefined ? undefined : DEFAULT_URL);
}
