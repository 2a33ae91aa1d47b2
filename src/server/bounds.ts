import { invalidOption } from './errors.js';
import type { Bounds } from './options.js';

const DEFAULTS: Required<Record<keyof Bounds, number>> = {
  body: 8 * 1024 * 1024,
  url: 16_384,
  requestTimeout: 30_000,
  channelBuffer: 16 * 1024 * 1024,
};

/** The bounds in force. @throws DustError `invalid_options` */
export function resolveBounds(bounds: Bounds = {}): Record<keyof Bounds, number> {
  return {
    body: checked('body', bounds.body ?? DEFAULTS.body),
    url: checked('url', bounds.url ?? DEFAULTS.url),
    requestTimeout: checked('requestTimeout', bounds.requestTimeout ?? DEFAULTS.requestTimeout),
    channelBuffer: checked('channelBuffer', bounds.channelBuffer ?? DEFAULTS.channelBuffer),
  };
}

function checked(name: keyof Bounds, value: number): number {
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw invalidOption(`bounds.${name} is a positive whole number, not ${String(value)}.`);
}
