import { inspect } from 'node:util';
import type { DataSourceOptions } from './data-source-options.js';

/**
 * A frozen copy of the options for others to look at. The token answers when it is asked for by name and takes part in
 * nothing else: no listing of properties, no spread, no JSON, no inspection.
 */
export function visibleOptions(options: DataSourceOptions): DataSourceOptions {
  const { token, ...visible } = options;
  if (token === undefined) return Object.freeze(visible);
  const copy = Object.defineProperties(
    { ...visible },
    { token: { get: () => token }, [inspect.custom]: { value: () => visible } },
  );
  return Object.freeze(copy);
}
