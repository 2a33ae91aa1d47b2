import type { OptionNames } from '../options/index.js';
import { DELAY, checkOptionNames } from '../options/index.js';
import { checkChannelLimits, checkSocketUrl } from '../transport/channel/index.js';
import type { DataSourceOptions } from './data-source-options.js';
import { invalidOption } from './errors.js';

const CACHE: OptionNames<NonNullable<DataSourceOptions['cache']>> = { path: true };

/**
 * Checks the options of a server's channel. They may stand without a `url`: then they have nothing to say.
 *
 * @throws DustError `invalid_options` saying what to write
 */
export function checkChannelOptions(options: DataSourceOptions): void {
  const { realtime, socketUrl, mirror, cache, staleAfter, delivery, channel } = options;
  if (realtime !== undefined && realtime !== 'shared' && typeof realtime !== 'boolean') {
    throw invalidOption('realtime', "true, false or 'shared'", realtime);
  }
  if (socketUrl !== undefined) checkSocketUrl(socketUrl);
  checkOneOf('mirror', mirror, ['entities', 'all']);
  checkOneOf('delivery', delivery, ['exactly-once', 'at-least-once']);
  if (cache !== undefined) checkCache(cache);
  if (channel !== undefined) checkChannelLimits('channel', channel);
  if (staleAfter !== undefined && !DELAY.fits(staleAfter)) {
    throw invalidOption('staleAfter', DELAY.expected, staleAfter);
  }
}

function checkOneOf(option: string, value: unknown, allowed: readonly string[]): void {
  if (value === undefined || (typeof value === 'string' && allowed.includes(value))) return;
  throw invalidOption(option, allowed.map((each) => `'${each}'`).join(' or '), value);
}

function checkCache(cache: unknown): void {
  const fits =
    typeof cache === 'object' &&
    cache !== null &&
    'path' in cache &&
    typeof cache.path === 'string' &&
    cache.path !== '';
  if (!fits) throw invalidOption('cache', "an object with the path of a folder, { path: './mirror' }", cache);
  checkOptionNames('cache', cache, CACHE);
}
