import type { OptionKind, OptionNames } from '../options/index.js';
import { DELAY, FOLDER, OBJECT, checkOptionNames, oneOf } from '../options/index.js';
import { checkChannelLimits, checkSocketUrl } from '../transport/channel/index.js';
import { checkKind } from './check-kind.js';
import type { DataSourceOptions } from './data-source-options.js';
import { invalidOption } from './errors.js';

const REALTIME: OptionKind = {
  expected: "true, false or 'shared'",
  fits: (value) => typeof value === 'boolean' || value === 'shared',
};

const CACHE: OptionNames<NonNullable<DataSourceOptions['cache']>> = { path: true };

/**
 * Checks the options of a server's channel. They may stand without a `url`: then they have nothing to say.
 *
 * @throws DustError `invalid_options` saying what to write
 */
export function checkChannelOptions(options: DataSourceOptions): void {
  const { realtime, socketUrl, mirror, cache, staleAfter, delivery, channel } = options;
  checkKind('realtime', realtime, REALTIME);
  if (socketUrl !== undefined) checkSocketUrl(socketUrl);
  checkKind('mirror', mirror, oneOf('entities', 'all'));
  checkKind('delivery', delivery, oneOf('exactly-once', 'at-least-once'));
  if (cache !== undefined) checkCache(cache);
  if (channel !== undefined) checkChannelLimits('channel', channel);
  checkKind('staleAfter', staleAfter, DELAY);
}

function checkCache(cache: unknown): void {
  if (!OBJECT.fits(cache)) {
    throw invalidOption('cache', "an object with the path of a folder, { path: './mirror' }", cache);
  }
  checkOptionNames('cache', cache, CACHE);
  const path: unknown = Reflect.get(cache, 'path');
  if (!FOLDER.fits(path)) throw invalidOption('cache.path', FOLDER.expected, path);
}
